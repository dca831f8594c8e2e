//! Every kind of job that this program can do, put together from the features.

use crate::jobs::Registry;
use crate::mail::{self, Mailer};
use crate::messages;

/// The kinds of all features, with what they work with.
#[must_use]
pub fn registry(mailer: &Mailer) -> Registry {
    Registry::new()
        .merge(mail::kinds(mailer))
        .merge(messages::kinds(mailer))
}
