//! Entering an event.

use ledger::{CheckpointError, FrontierError, OriginError, Salt, leaf};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::log::{head_and_key, installation_log};
use super::verify::event_place;
use crate::authority::{Action, Actor, Role};
use crate::protection::ProtectionError;
use crate::store::{KeyError, PersonId, StoreError, Tx};
use crate::values;

/// A record whose whole life is in the ledger. What [`Serialize`] gives is its state: verifying
/// compares the state after the latest event with what the store holds.
pub trait Record: Serialize {
    /// The kind of record, the name of its table.
    const KIND: &'static str;

    /// Its identifier.
    fn id(&self) -> &str;
}

/// An event about a record.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What happened, as in `person.added`.
    pub kind: &'static str,
    /// The kind of record it happened to.
    pub record_kind: &'static str,
    /// The record.
    pub record: &'a str,
    /// Its state before; none where it is new or where the event changes nothing.
    pub before: Option<Json>,
    /// Its state after; none where it is gone or where the event changes nothing.
    pub after: Option<Json>,
}

/// The content of an event: what its leaf commits to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Content {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who, where it was a person.
    pub person: Option<PersonId>,
    /// What acted where it was no person: the operator, somebody who had not signed in. A person stands here by
    /// identifier alone: erasing them leaves no name in the events that they caused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// In what role.
    pub role: Option<Role>,
    /// What happened.
    pub kind: String,
    /// The kind of record.
    pub record_kind: String,
    /// The record.
    pub record: String,
    /// Its state before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// Its state after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
}

/// An event that cannot be entered or read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record's key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Sealing or opening failed.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The stored head of the log is damaged.
    #[error("the head of the ledger is damaged: {0}. Run `probity verify`")]
    Head(#[from] FrontierError),
    /// A record cannot be written as JSON.
    #[error("a record cannot be written into the ledger: {0}")]
    Json(#[from] serde_json::Error),
    /// The program is shutting down.
    #[error("the program was stopped before the work was done")]
    Stopped,
    /// The change belongs to no log: a fault of the program.
    #[error("a change of the whole installation has no ledger of a trust")]
    NoTrust,
    /// A checkpoint cannot be signed, or one that was kept is not to be trusted.
    #[error("a checkpoint of the ledger cannot be used: {0}. Run `probity verify`")]
    Checkpoint(#[from] CheckpointError),
    /// A verifier key in the store is damaged.
    #[error("a key of the ledger is damaged: {0}. Run `probity verify`")]
    Verifier(#[from] ledger::KeyError),
    /// The signing key in the store does not fit its verifier key.
    #[error(
        "the ledger's signing key is not the one that its verifier key belongs to. Run `probity verify`"
    )]
    SigningKey,
    /// A log cannot be called so.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// A file that is kept outside the database cannot be read or written.
    #[error(
        "cannot use {path}: {source}. Check that its folder exists, has room, and that Probity may write there"
    )]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line in the list of erasures is not one.
    #[error(
        "line {line} of {path} is no entry of a list of erasures. Put back the list as it was; nothing was erased after it"
    )]
    ErasureLine {
        /// The file.
        path: std::path::PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

/// Enters that a record was added (no `before`), changed, or removed (no `after`).
pub async fn record<R: Record>(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    kind: &'static str,
    before: Option<&R>,
    after: Option<&R>,
) -> Result<(), LedgerError> {
    let Some(record) = after.or(before) else {
        return Ok(());
    };
    let change = Change {
        kind,
        record_kind: R::KIND,
        record: record.id(),
        before: before.map(serde_json::to_value).transpose()?,
        after: after.map(serde_json::to_value).transpose()?,
    };
    record_event(tx, actor, action, change).await
}

/// Enters any event: a reading of something sensitive, a sign-in, a change made by
/// [`record`]. In a change of the installation's own tables it goes into the installation's log.
pub async fn record_event(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    change: Change<'_>,
) -> Result<(), LedgerError> {
    if tx.trust().is_some() {
        return enter(tx, actor, action, change).await;
    }
    tx.lend(Some(installation_log()));
    let entered = enter(tx, actor, action, change).await;
    tx.lend(None);
    entered
}

/// The name that an event keeps of whoever acted.
pub(super) fn name(actor: &Actor) -> String {
    match actor.person {
        Some(_) => String::new(),
        None => actor.name.clone(),
    }
}

async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    change: Change<'_>,
) -> Result<(), LedgerError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let at = tx.now();
    let content = Content {
        at: at.as_millisecond(),
        person: actor.person.clone(),
        name: name(actor),
        role: actor.role_for(action),
        kind: change.kind.to_owned(),
        record_kind: change.record_kind.to_owned(),
        record: change.record.to_owned(),
        before: change.before,
        after: change.after,
    };
    let plain = serde_json::to_vec(&content)?;
    let record = format!("{}/{}", change.record_kind, change.record);
    let (mut frontier, key) = head_and_key(tx, &trust, &record).await?;
    let seq = frontier.size();
    let salt = Salt::new(tx.store().randomness().bytes().map_err(StoreError::from)?);
    let leaf = leaf(seq, &salt, &plain);
    let context = event_place(&trust, i64::try_from(seq).unwrap_or(i64::MAX));
    let sealed = key.seal(&context, &plain, tx.store().randomness())?;
    frontier.append(leaf);
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO ledger_event \
           (trust, seq, at, kind, record_kind, record, person, salt, content, leaf) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            seq,
            at,
            change.kind,
            change.record_kind,
            change.record,
            actor.person.as_ref(),
            salt.bytes().to_vec(),
            sealed.0,
            leaf.0.to_vec()
        ],
    )
    .await?;
    tx.execute(
        "UPDATE ledger_head SET size = $2, frontier = $3 WHERE trust = $1",
        values![seq.saturating_add(1), frontier.to_bytes()],
    )
    .await?;
    tx.mark_recorded();
    Ok(())
}
