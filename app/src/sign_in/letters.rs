//! The letters that bring a link.

use super::links::{INVITATION, LinkKind, RESET};
use crate::jobs::QueueError;
use crate::mail::{self, Letter, Link};
use crate::store::{PersonId, Tx};
use crate::web::problem::Problem;

/// Queues the letter with a link to choose a password.
pub(super) async fn send(
    tx: &mut Tx,
    to: &PersonId,
    kind: LinkKind,
    path: String,
) -> Result<(), Problem> {
    let (subject, first, works, lifetime) = match kind {
        LinkKind::Invitation => (
            "Your sign-in to Probity",
            "Your school uses Probity, where you can ask before you act online. Choose a password \
             to sign in.",
            "The link works once, for 7 days.",
            INVITATION,
        ),
        LinkKind::Reset | LinkKind::OneTime => (
            "Choose a new password for Probity",
            "Somebody, most likely you, asked for a new password.",
            "The link works once, for one hour. If it was not you, you need do nothing: your \
             password stays as it is.",
            RESET,
        ),
    };
    let letter = Letter {
        subject: subject.to_owned(),
        paragraphs: vec![first.to_owned(), works.to_owned()],
        link: Some(Link {
            text: "Choose a password".to_owned(),
            path,
        }),
        reason: "You get this because it belongs to your sign-in.".to_owned(),
    };
    let until = tx.now() + lifetime;
    let queued = mail::send(tx, to, letter, Some(until)).await;
    queued.map(|_| ()).map_err(|error| match error {
        QueueError::Store(error) => error.into(),
        other => Problem::internal(&other),
    })
}
