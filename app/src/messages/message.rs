//! A message, and how it is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{mailed, preference};
use crate::authority::Actor;
use crate::jobs::{self, QueueError};
use crate::ledger::LedgerError;
use crate::mail::{self, Link};
use crate::protection::{Sealed, place};
use crate::store::{
    self, KeyError, PersonId, Query, Row, Store, StoreError, TrustId, Tx, record_key,
};
use crate::values;

store::ids! {
    /// A message to a person.
    MessageId
}

/// What somebody is told.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    /// The subject line: what it is about, in a few words.
    pub subject: String,
    /// The text; an empty line begins a new paragraph.
    pub body: String,
    /// Where there is something to do about it.
    pub link: Option<Link>,
    /// It goes out by e-mail at once, whatever the person prefers.
    pub urgent: bool,
    /// The e-mail says only that a message waits: subject and text are read after signing in.
    pub confidential: bool,
}

/// A message as it stands in the store.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: MessageId,
    pub(crate) message: Message,
    pub(crate) created_at: Timestamp,
    pub(crate) read: bool,
}

pub(super) fn person_record(person: &PersonId) -> String {
    format!("person/{person}")
}

fn content_place(trust: &TrustId, id: &MessageId) -> String {
    place("message", "content", trust.as_str(), id.as_str())
}

/// Tells a person something: it stands on their home page once `tx` is committed, and goes out by
/// e-mail as they prefer, where they have an address and a mail server is set up.
pub async fn send(tx: &mut Tx, to: &PersonId, message: &Message) -> Result<MessageId, QueueError> {
    let trust = tx.trust().cloned().ok_or(QueueError::NoTrust)?;
    let id: MessageId = tx.fresh()?;
    let now = tx.now();
    let plain = serde_json::to_vec(message)?;
    // The record goes, and what was said about it with it: found by the page that it leads to.
    let about = message.link.as_ref().map(|link| link.path.as_str());
    let key = tx.record_key(&person_record(to)).await?;
    let sealed = key.seal(&content_place(&trust, &id), &plain, tx.store().randomness())?;
    tx.execute(
        "INSERT INTO message (trust, id, person, urgent, content, created_at, about) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![&id, to, message.urgent, sealed.0, now, about],
    )
    .await?;
    mailed::queue(tx, to, &id, message.urgent).await?;
    Ok(id)
}

/// Forgets everything that a person was told and what they chose: before the person themself is
/// removed.
pub async fn forget(tx: &mut Tx, actor: &Actor, person: &PersonId) -> Result<(), LedgerError> {
    tx.execute(
        "DELETE FROM message WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    jobs::forget(tx, &person_record(person)).await?;
    mail::forget_fault(tx, person).await?;
    preference::forget(tx, actor, person).await
}

/// Opens the content of rows that have `id`, `content`, `created_at` and `read_at`. What was
/// sealed with a key that is gone was erased, and is left out.
pub(super) async fn opened(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    person: &PersonId,
    rows: &[Row],
) -> Result<Vec<Kept>, KeyError> {
    let Some(key) = record_key(query, store, trust, &person_record(person)).await? else {
        return Ok(Vec::new());
    };
    let mut opened = Vec::new();
    for row in rows {
        let id: MessageId = row.get("id")?;
        let sealed = Sealed(row.get("content")?);
        let plain = key.open(&content_place(trust, &id), &sealed)?;
        let message = serde_json::from_slice(&plain).map_err(|_| {
            KeyError::Store(StoreError::Unreadable {
                column: "content".to_owned(),
            })
        })?;
        opened.push(Kept {
            id,
            message,
            created_at: row.get("created_at")?,
            read: row.get::<Option<Timestamp>>("read_at")?.is_some(),
        });
    }
    Ok(opened)
}

/// The paragraphs of a text.
pub(crate) fn paragraphs(body: &str) -> Vec<String> {
    let body = body.replace("\r\n", "\n");
    let parts = body.split("\n\n").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
