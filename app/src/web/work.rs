//! Every kind of job that this program can do, put together from the features.

use crate::accounts;
use crate::attachments::{self, Attachments};
use crate::attestation;
use crate::audit;
use crate::cases::{self, Engine};
use crate::consent;
use crate::credentials;
use crate::document_control;
use crate::jobs::Registry;
use crate::keys;
use crate::leavers;
use crate::ledger::ErasureList;
use crate::mail::{self, Mailer};
use crate::messages;
use crate::outbound::Outbound;
use crate::posts;
use crate::retention;
use crate::roster;
use crate::settings::Settings;
use crate::subject_access;
use crate::training;

/// The kinds of all features, with what they work with.
#[must_use]
pub fn registry(mailer: &Mailer, settings: &Settings, engine: &Engine) -> Registry {
    let attached = Attachments::new(settings.attachments(), settings.max_attachment);
    let outbound = Outbound::to_platforms(&settings.publish_private_networks);
    Registry::new()
        .merge(subject_access::kinds(engine, &attached))
        .merge(attachments::jobs(attached.clone()))
        .merge(keys::jobs())
        .merge(mail::kinds(mailer))
        .merge(messages::kinds(mailer))
        .merge(audit::jobs(
            settings.checkpoints(),
            ErasureList::at(settings.erasures()),
            mailer,
            settings.checkpoint_addresses(),
        ))
        .merge(roster::kinds())
        .merge(cases::kinds(engine))
        .merge(attestation::kinds(engine))
        .merge(leavers::kinds(engine))
        .merge(accounts::kinds(engine))
        .merge(credentials::kinds(engine))
        .merge(consent::kinds(engine, mailer))
        .merge(posts::kinds(engine, &attached, &outbound))
        .merge(training::kinds(engine))
        .merge(document_control::kinds(engine))
        .merge(retention::kinds())
}
