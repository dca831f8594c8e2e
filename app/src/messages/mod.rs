//! Messages to a person: kept on their home page until they have read them, and sent by e-mail as
//! well, as the person prefers.
//!
//! A feature tells somebody something with [`send`], in the transaction of its change. Whether
//! and when that goes out by e-mail is decided here.

mod inbox;
mod mailed;
mod message;
mod preference;
mod preference_page;
mod retention;
#[cfg(test)]
pub(crate) mod tests;
mod told;

pub(crate) use inbox::{inbox, person, routes};
pub(crate) use message::{Kept, paragraphs};
pub use message::{Message, MessageId, forget, send};
pub use preference::{ByMail, Preference, preference, states};
#[cfg(test)]
pub(crate) use preference_page::PreferencePage;
pub(crate) use told::told;

use crate::jobs::{Every, Registry};
use crate::mail::Mailer;

/// The jobs of this feature.
#[must_use]
pub fn kinds(mailer: &Mailer) -> Registry {
    Registry::new()
        .job::<mailed::MailMessage>(mailer.clone())
        .job::<mailed::Digest>(mailer.clone())
        .recurring::<retention::Sweep>(Every::Day(retention::AT), ())
}
