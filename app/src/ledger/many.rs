//! Entering tens of thousands of events in one transaction that must be short: what is slow (a key for
//! each record) is done beforehand, in transactions of its own.

use std::collections::HashMap;

use ledger::{Salt, leaf};
use serde_json::Value as Json;

use super::log::head;
use super::record::{Content, LedgerError, name};
use crate::authority::{Action, Actor};
use crate::protection::{RecordKey, WrappedKey, place};
use crate::store::{Query as _, Store, StoreError, TrustId, Tx, Value};
use crate::values;

/// Records whose keys are made in one transaction: short, so that nobody waits.
const KEYS_AT_ONCE: usize = 2_000;

/// An event that is to come.
#[derive(Clone, Debug)]
pub struct Coming {
    /// What happened, as in `person.added`.
    pub kind: &'static str,
    /// The kind of record it happens to.
    pub record_kind: &'static str,
    /// The record.
    pub record: String,
    /// Its state before; none where it is new.
    pub before: Option<Json>,
    /// Its state after; none where it is gone.
    pub after: Option<Json>,
}

/// Events that are ready to be entered.
pub struct Prepared {
    events: Vec<(Coming, RecordKey)>,
}

impl Prepared {
    /// The events, each with the key of its record.
    pub fn events(&self) -> impl Iterator<Item = (&Coming, &RecordKey)> {
        self.events.iter().map(|(event, key)| (event, key))
    }
}

/// Makes the keys that the events' records lack, a few thousand at a time. A key whose record never
/// comes does no harm: it opens nothing.
pub async fn prepare(
    store: &Store,
    trust: &TrustId,
    events: Vec<Coming>,
) -> Result<Prepared, LedgerError> {
    let mut keys = known_keys(store, trust).await?;
    let mut prepared = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let mut rows = Vec::new();
        for event in events.by_ref().take(KEYS_AT_ONCE) {
            let record = format!("{}/{}", event.record_kind, event.record);
            let at = place("record_key", "wrapped", trust.as_str(), &record);
            let key = match keys.remove(&record) {
                Some(wrapped) => {
                    let wrapped = WrappedKey::from_bytes(wrapped, &at)?;
                    store.keyring().unwrap(&wrapped, &at)?
                }
                None => {
                    let (key, wrapped) = store.keyring().new_record_key(&at, store.randomness())?;
                    let master = wrapped.master_key().to_string();
                    rows.push(values![record, wrapped.as_bytes().to_vec(), master]);
                    key
                }
            };
            prepared.push((event, key));
        }
        let mut tx = store.begin(trust).await?;
        tx.insert_all(
            "INSERT INTO record_key (trust, record, wrapped, master)",
            "",
            rows,
        )
        .await?;
        tx.commit_unrecorded().await?;
    }
    Ok(Prepared { events: prepared })
}

async fn known_keys(
    store: &Store,
    trust: &TrustId,
) -> Result<HashMap<String, Vec<u8>>, LedgerError> {
    let rows = store
        .read(trust)
        .all(
            "SELECT record, wrapped FROM record_key WHERE trust = $1",
            values![],
        )
        .await?;
    let key = |row: &crate::store::Row| Ok((row.get("record")?, row.get("wrapped")?));
    rows.iter()
        .map(key)
        .collect::<Result<_, StoreError>>()
        .map_err(LedgerError::from)
}

/// Enters prepared events, one after the other in the order in which they were given. Gives the number of the first.
pub async fn record_prepared(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    prepared: Prepared,
) -> Result<i64, LedgerError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let (store, at) = (tx.store().clone(), tx.now());
    let mut frontier = head(tx).await?;
    let first = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    let role = actor.role_for(action);
    let (person, name) = (actor.person.clone(), name(actor));
    let sealing = move || -> Result<_, LedgerError> {
        let mut rows = Vec::with_capacity(prepared.events.len());
        for (event, key) in prepared.events {
            let seq = frontier.size();
            let content = Content {
                at: at.as_millisecond(),
                person: person.clone(),
                name: name.clone(),
                role,
                kind: event.kind.to_owned(),
                record_kind: event.record_kind.to_owned(),
                record: event.record,
                before: event.before,
                after: event.after,
            };
            let plain = serde_json::to_vec(&content)?;
            let salt = Salt::new(store.randomness().bytes().map_err(StoreError::from)?);
            let leaf = leaf(seq, &salt, &plain);
            frontier.append(leaf);
            let context = place("ledger_event", "content", trust.as_str(), &seq.to_string());
            let sealed = key.seal(&context, &plain, store.randomness())?;
            rows.push(row(seq, content, &salt, sealed.0, leaf.0.to_vec()));
        }
        Ok((rows, frontier))
    };
    // Sealing so many takes the processor for a good part of a second: not on a thread that serves.
    let (rows, frontier) = tokio::task::spawn_blocking(sealing)
        .await
        .map_err(|_| LedgerError::Stopped)??;
    let size = i64::try_from(frontier.size()).unwrap_or(i64::MAX);
    tx.insert_all(
        "INSERT INTO ledger_event \
           (trust, seq, at, kind, record_kind, record, person, salt, content, leaf)",
        "",
        rows,
    )
    .await?;
    tx.execute(
        "UPDATE ledger_head SET size = $2, frontier = $3 WHERE trust = $1",
        values![size, frontier.to_bytes()],
    )
    .await?;
    tx.mark_recorded();
    Ok(first)
}

fn row(seq: u64, content: Content, salt: &Salt, sealed: Vec<u8>, leaf: Vec<u8>) -> Vec<Value> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    values![
        seq,
        content.at,
        content.kind,
        content.record_kind,
        content.record,
        content.person.as_ref(),
        salt.bytes().to_vec(),
        sealed,
        leaf
    ]
}
