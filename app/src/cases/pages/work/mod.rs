//! Working on cases: the list, one case, its steps, its evidence, and finding one by words.

mod assign;
mod case;
mod evidence;
mod facts;
mod file;
mod find;
mod followed;
mod list;
mod row;
mod step;
#[cfg(test)]
mod tests;
mod timeline;
mod typed;
mod views;

use crate::authority::{Access, Action, Routes};

#[cfg(test)]
pub(crate) use {case::CasePage, find::SearchPage, list::ListPage, step::StepPage};

pub(super) fn routes() -> Routes {
    let read = Access::May(Action::ReadCases);
    let work = Access::May(Action::WorkCases);
    Routes::new()
        .get("/cases", read, list::list)
        .get("/search", read, find::find)
        .post("/cases/views", Access::SignedIn, views::save)
        .get(
            "/cases/views/{view}/delete",
            Access::SignedIn,
            views::confirm,
        )
        .post(
            "/cases/views/{view}/delete",
            Access::SignedIn,
            views::delete,
        )
        .get("/cases/{case}", read, case::show)
        .post("/cases/{case}/assign", work, assign::save)
        .post("/cases/{case}/evidence", work, evidence::add)
        .get("/cases/{case}/evidence/{file}", read, evidence::download)
        .get("/cases/{case}/steps/{step}", work, step::form)
        .post("/cases/{case}/steps/{step}", work, step::take)
}

/// A moment that is kept in milliseconds since 1970.
fn at(milliseconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
