//! Entering tens of thousands of events in one transaction that must be short: what is slow (a key for
//! each record) is done beforehand, in transactions of its own.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Hash, Salt, leaf};
use serde_json::Value as Json;

use super::log::head;
use super::record::{Content, LedgerError, name};
use crate::authority::{Action, Actor, Role};
use crate::protection::{RecordKey, WrappedKey, place};
use crate::store::{PersonId, Query as _, Store, StoreError, TrustId, Tx, Value};
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
    events: Arc<Vec<(Coming, RecordKey)>>,
    ahead: Option<Ahead>,
}

/// Events sealed for the numbers that they get if nobody enters another one before them.
struct Ahead {
    first: u64,
    sealed: Vec<Sealed>,
}

impl Prepared {
    /// The events, each with the key of its record.
    pub fn events(&self) -> impl Iterator<Item = (&Coming, &RecordKey)> {
        self.events.iter().map(|(event, key)| (event, key))
    }

    /// Seals the events for where the log ends now, so that it need not be done while others wait. Where somebody
    /// enters an event before them, they are sealed again.
    pub async fn sealed_ahead(
        mut self,
        store: &Store,
        trust: &TrustId,
        actor: &Actor,
        action: Option<Action>,
    ) -> Result<Self, LedgerError> {
        let mut tx = store.begin(trust).await?;
        let (first, at) = (head(&mut tx).await?.size(), tx.now());
        drop(tx);
        let sealing = Sealing::by((store, trust), at, actor, action);
        self.ahead = Some(Ahead {
            first,
            sealed: sealing.all(first, &self.events).await?,
        });
        Ok(self)
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
    Ok(Prepared {
        events: Arc::new(prepared),
        ahead: None,
    })
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
    let mut frontier = head(tx).await?;
    let first = frontier.size();
    let sealed = match prepared.ahead {
        Some(ahead) if ahead.first == first => ahead.sealed,
        _ => {
            let trust = tx.trust().ok_or(LedgerError::NoTrust)?;
            let sealing = Sealing::by((tx.store(), trust), tx.now(), actor, action);
            sealing.all(first, &prepared.events).await?
        }
    };
    let mut rows = Vec::with_capacity(sealed.len());
    for (leaf, row) in sealed {
        frontier.append(leaf);
        rows.push(row);
    }
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
    Ok(i64::try_from(first).unwrap_or(i64::MAX))
}

/// What all events of one transaction have in common.
struct Sealing {
    store: Store,
    trust: TrustId,
    at: Timestamp,
    person: Option<PersonId>,
    name: String,
    role: Option<Role>,
}

type Sealed = (Hash, Vec<Value>);

impl Sealing {
    fn by(
        (store, trust): (&Store, &TrustId),
        at: Timestamp,
        actor: &Actor,
        action: Option<Action>,
    ) -> Self {
        Self {
            store: store.clone(),
            trust: trust.clone(),
            at,
            person: actor.person.clone(),
            name: name(actor),
            role: actor.role_for(action),
        }
    }

    /// Seals events, the first of them with the number `first`. So many take the processors for a good part of a
    /// second: not on a thread that serves.
    async fn all(
        self,
        first: u64,
        events: &Arc<Vec<(Coming, RecordKey)>>,
    ) -> Result<Vec<Sealed>, LedgerError> {
        let events = Arc::clone(events);
        tokio::task::spawn_blocking(move || self.on_all_processors(first, &events))
            .await
            .map_err(|_| LedgerError::Stopped)?
    }

    fn on_all_processors(
        &self,
        first: u64,
        events: &[(Coming, RecordKey)],
    ) -> Result<Vec<Sealed>, LedgerError> {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = events.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let mut working = Vec::with_capacity(threads);
            let mut begins = first;
            for part in events.chunks(share) {
                let from = begins;
                begins += part.len() as u64;
                working.push(scope.spawn(move || {
                    let sealed = (from..).zip(part).map(|(seq, event)| self.one(seq, event));
                    sealed.collect::<Result<Vec<_>, LedgerError>>()
                }));
            }
            let mut sealed = Vec::with_capacity(events.len());
            for part in working {
                sealed.extend(part.join().map_err(|_| LedgerError::Stopped)??);
            }
            Ok(sealed)
        })
    }

    fn one(&self, seq: u64, (event, key): &(Coming, RecordKey)) -> Result<Sealed, LedgerError> {
        let content = Content {
            at: self.at.as_millisecond(),
            person: self.person.clone(),
            name: self.name.clone(),
            role: self.role,
            kind: event.kind.to_owned(),
            record_kind: event.record_kind.to_owned(),
            record: event.record.clone(),
            before: event.before.clone(),
            after: event.after.clone(),
        };
        let plain = serde_json::to_vec(&content)?;
        let random = self.store.randomness();
        let salt = Salt::new(random.bytes().map_err(StoreError::from)?);
        let leaf = leaf(seq, &salt, &plain);
        let context = place(
            "ledger_event",
            "content",
            self.trust.as_str(),
            &seq.to_string(),
        );
        let sealed = key.seal(&context, &plain, random)?;
        Ok((leaf, row(seq, content, &salt, sealed.0, leaf.0.to_vec())))
    }
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
