//! The personnel file: everything that the registers put on file for one person.
//!
//! What stands on it is decided by the registers' effects `file` and `unfile`, and who sees which of it by the cases'
//! own rules: a file shows nobody a case that they may not see elsewhere, its owner included. Looking is an event, and
//! the owner sees who looked. Concerns are never on it: no step of theirs puts them there.

mod file;
mod page;
#[cfg(test)]
mod tests;

use crate::authority::{Access, Action, Routes};

#[cfg(test)]
pub(crate) use page::FilePage;

pub(crate) fn routes() -> Routes {
    let view = Access::May(Action::ViewPersonnel);
    Routes::new()
        .get("/people/{person}/file", view, page::of_another)
        .get("/people/{person}/file.csv", view, page::of_another_as_csv)
        .get("/me/file", Access::SignedIn, page::own)
        .get("/me/file.csv", Access::SignedIn, page::own_as_csv)
}
