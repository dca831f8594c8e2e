//! The policy as a document: what it says of itself, the papers and editions it leans on with the state of each, its
//! reviews, the approved document that a school attached to it, and the clock that opens its review.

mod attach;
mod carried;
mod document;
mod page;
mod standing;
#[cfg(test)]
mod tests;
mod watch;

pub(crate) use document::{Document, document_of, states};
#[cfg(test)]
pub(crate) use {attach::AttachPage, page::ControlPage};

use jiff::civil::{Time, time};

use crate::authority::{Access, Action, Routes};
use crate::cases::Engine;
use crate::jobs::{Every, Registry};

/// When reviews and editions are looked at.
const AT: Time = time(5, 45, 0, 0);

pub(crate) fn routes() -> Routes {
    let adopt = Access::May(Action::AdoptPolicy);
    Routes::new()
        .get("/policies/{policy}/control", Access::Reading, page::show)
        .get(
            "/policies/{policy}/document",
            Access::Reading,
            attach::download,
        )
        .get("/policies/{policy}/document/attach", adopt, attach::form)
        .post("/policies/{policy}/document/attach", adopt, attach::save)
}

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<watch::Watch>(Every::Day(AT), engine.clone())
}
