//! The pages with which a case is opened: find the register, read what it is for, answer one question a page, check,
//! send. Everything on them comes from the register's definition.

pub(super) mod asked;
mod check;
mod discard;
mod done;
mod files;
pub(super) mod known;
mod open;
mod prefill;
mod public;
mod question;
mod receipt;
mod registers;
mod start;
#[cfg(test)]
mod tests;

use crate::authority::{Access, Action, Routes};

#[cfg(test)]
pub(crate) use self::{
    check::CheckPage,
    discard::DiscardPage,
    done::DonePage,
    public::{PublicFormPage, PublicPage, SentPage},
    question::QuestionPage,
    receipt::ReceiptPage,
    registers::RegistersPage,
    start::{SchoolPage, StartPage},
};

/// The pages and their addresses. Whether a register is theirs to open is asked by each.
pub(super) fn routes() -> Routes {
    let work = Access::May(Action::WorkCases);
    Routes::new()
        .get("/registers", work, registers::list)
        .get("/registers/{register}", work, start::show)
        .post("/registers/{register}", work, start::begin)
        .get("/drafts/{draft}", work, check::show)
        .post("/drafts/{draft}", work, check::send)
        .get("/drafts/{draft}/{field}", work, question::show)
        .post("/drafts/{draft}/{field}", work, question::save)
        .get("/discard-draft/{draft}", work, discard::confirm)
        .post("/discard-draft/{draft}", work, discard::discard)
        .get("/opened/{case}", work, done::show)
        .get("/public", Access::Open, public::list)
        .get("/public/{register}", Access::Open, public::form)
        .post("/public/{register}", Access::Open, public::send)
        .get("/receipts", Access::Open, receipt::form)
        .post("/receipts", Access::Open, receipt::look)
}
