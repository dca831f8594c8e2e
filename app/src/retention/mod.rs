//! Retention: what is kept no longer than it may be, and nothing erased but by a person.
//!
//! Once a day the [`run`] works out, by each register's rule, which closed cases are past their time, and proposes them.
//! A person confirms one or many; a [`hold`], or a case linked to it that is still open, postpones it. What is erased
//! goes through the ledger's erasure, whose event stays as the proof.

mod disposal;
mod hold;
mod holding;
mod list;
mod outlook;
mod page;
mod period;
mod run;
#[cfg(test)]
mod tests;

use crate::authority::{Access, Action, Routes};
use crate::jobs::{Every, Registry};

pub(crate) use hold::{forget, states};
pub(crate) use outlook::{Outlook, erase_now, held_because, outlook};
#[cfg(test)]
pub(crate) use page::{ConfirmPage, RetentionPage};

/// When the daily run is.
const AT: jiff::civil::Time = jiff::civil::time(3, 30, 0, 0);

pub(crate) fn routes() -> Routes {
    let manage = Access::May(Action::ManageRetention);
    Routes::new()
        .get("/retention", manage, page::show)
        .get("/retention/confirm", manage, page::confirm)
        .post("/retention/confirm", manage, page::dispose)
        .get("/retention/hold", manage, holding::form)
        .post("/retention/hold", manage, holding::save)
        .get("/retention/holds/{hold}/lift", manage, holding::confirm)
        .post("/retention/holds/{hold}/lift", manage, holding::lift)
}

/// The work that comes back.
#[must_use]
pub(crate) fn kinds() -> Registry {
    Registry::new().recurring::<run::Propose>(Every::Day(AT), ())
}
