//! The pages: what is under way, one collection, one thing of it, the second look, and erasing.

mod check;
pub(in crate::subject_access) mod collecting;
mod collection;
mod erasure;
mod item;
mod list;
mod passages;

#[cfg(test)]
pub(crate) use {
    check::AccessCheckPage, collection::CollectionPage, erasure::ErasurePage, item::ItemPage,
    list::AccessListPage,
};

use super::ACTION;
use crate::authority::{Access, Action, Routes};

/// The addresses. What was routed to somebody is theirs because they may see its case, so that anybody who may read
/// cases may ask; what there is for them is asked for each.
pub(crate) fn routes() -> Routes {
    let read = Access::May(Action::ReadCases);
    let answer = Access::May(ACTION);
    let erase = Access::May(Action::Erase);
    Routes::new()
        .get("/subject-access", answer, list::show)
        .get("/subject-access/routed", read, list::routed)
        .get("/subject-access/{case}", read, collection::show)
        .post("/subject-access/{case}/gather", answer, collecting::begin)
        .post("/subject-access/{case}/decide", read, collecting::decide)
        .get("/subject-access/{case}/items/{number}", read, item::show)
        .post("/subject-access/{case}/items/{number}", read, item::save)
        .post(
            "/subject-access/{case}/items/{number}/undo",
            read,
            item::undo,
        )
        .get("/subject-access/{case}/check", read, check::show)
        .post("/subject-access/{case}/check", read, check::make)
        .get(
            "/subject-access/{case}/packages/{package}",
            read,
            check::fetch,
        )
        .get("/subject-access/{case}/erasure", erase, erasure::show)
        .post("/subject-access/{case}/erasure", erase, erasure::save)
}
