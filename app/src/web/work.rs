//! Every kind of job that this program can do, put together from the features.

use crate::audit;
use crate::jobs::Registry;
use crate::ledger::ErasureList;
use crate::mail::{self, Mailer};
use crate::messages;
use crate::roster;
use crate::settings::Settings;

/// The kinds of all features, with what they work with.
#[must_use]
pub fn registry(mailer: &Mailer, settings: &Settings) -> Registry {
    Registry::new()
        .merge(mail::kinds(mailer))
        .merge(messages::kinds(mailer))
        .merge(audit::jobs(
            settings.checkpoints(),
            ErasureList::at(settings.erasures()),
        ))
        .merge(roster::kinds())
}
