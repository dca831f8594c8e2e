//! An event as it stands in the store, and opening it.

use std::borrow::Cow;
use std::collections::HashMap;

use ledger::{Hash, Salt};
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::super::erasure::{ERASED, ERASURE, Erased};
use crate::protection::{ProtectionError, RecordKey, Sealed, WrappedKey, place};
use crate::store::{Row, Store, StoreError, TrustId};

/// How far from its number an event's own number is tried at once: further off, all numbers are.
const NEAR: i64 = 8;

/// A row of the log.
pub(super) struct Line {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) record_kind: String,
    pub(super) record: String,
    pub(super) person: Option<String>,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) content: Option<Vec<u8>>,
    pub(super) leaf: Vec<u8>,
    pub(super) wrapped: Option<Vec<u8>>,
}

impl Line {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            at: row.get("at")?,
            kind: row.get("kind")?,
            record_kind: row.get("record_kind")?,
            record: row.get("record")?,
            person: row.get("person")?,
            salt: row.get("salt")?,
            content: row.get("content")?,
            leaf: row.get("leaf")?,
            wrapped: row.get("wrapped")?,
        })
    }

    pub(super) fn hash(&self) -> Hash {
        // A leaf of another length was altered, and so is this one.
        Hash(self.leaf.as_slice().try_into().unwrap_or([0; 32]))
    }

    pub(super) fn salt(&self) -> Salt {
        let bytes = self.salt.as_deref().unwrap_or_default();
        Salt::new(bytes.try_into().unwrap_or([0; 32]))
    }
}

/// What became of an event's content.
pub(super) enum Opened {
    /// It was erased.
    Erased,
    /// It does not open.
    Shut,
    /// It opens, and says this.
    Open(Zeroizing<Vec<u8>>, Told),
}

/// What the content says that concerns more than the leaf.
#[derive(Default)]
pub(super) struct Told {
    /// A column beside the content that says something else.
    pub(super) column: Option<&'static str>,
    /// What the record is after it, for a kind that is compared: nothing where it is gone.
    pub(super) state: Option<Option<StateHash>>,
    /// What it says was erased: kind and record.
    pub(super) erased: Option<(String, String)>,
}

/// Opens the events of a page; keys are unwrapped once for each record.
pub(super) struct Opener<'a> {
    store: &'a Store,
    log: &'a TrustId,
    kinds: &'a [&'static str],
    keys: HashMap<String, Option<RecordKey>>,
    /// How much higher an event's own number was than the one it bore, the last time.
    shift: i64,
}

impl<'a> Opener<'a> {
    pub(super) fn new(store: &'a Store, log: &'a TrustId, kinds: &'a [&'static str]) -> Self {
        Self {
            store,
            log,
            kinds,
            keys: HashMap::new(),
            shift: 0,
        }
    }

    /// Opens one. Fails only where the master key is not at hand: then nothing can be said.
    pub(super) fn open(&mut self, line: &Line) -> Result<Opened, ProtectionError> {
        let Some(content) = &line.content else {
            return Ok(Opened::Erased);
        };
        let sealed = Sealed(content.clone());
        let shift = self.shift;
        let near = (1..=NEAR).flat_map(|far| [far, -far]);
        let tried = [0, shift].into_iter().chain(near);
        let log = self.log;
        let Some(key) = self.key(line)? else {
            return Ok(Opened::Shut);
        };
        let mut found = None;
        for shift in tried {
            let own = line.seq.saturating_add(shift);
            if let Ok(plain) = key.open(&event_place(log, own), &sealed) {
                found = Some((shift, plain));
                break;
            }
        }
        let Some((shift, plain)) = found else {
            return Ok(Opened::Shut);
        };
        self.shift = shift;
        let told = self.told(line, &plain);
        Ok(Opened::Open(plain, told))
    }

    /// Opens an event that was moved far from its own number, which is looked for among all.
    pub(super) fn open_anywhere(
        &mut self,
        line: &Line,
        size: i64,
    ) -> Result<Opened, ProtectionError> {
        let Some(content) = &line.content else {
            return Ok(Opened::Erased);
        };
        let sealed = Sealed(content.clone());
        let log = self.log;
        let Some(key) = self.key(line)? else {
            return Ok(Opened::Shut);
        };
        let mut tried = 0..size;
        let found = tried.find_map(|own| key.open(&event_place(log, own), &sealed).ok());
        Ok(match found {
            Some(plain) => {
                let told = self.told(line, &plain);
                Opened::Open(plain, told)
            }
            None => Opened::Shut,
        })
    }

    fn key(&mut self, line: &Line) -> Result<Option<&RecordKey>, ProtectionError> {
        let record = format!("{}/{}", line.record_kind, line.record);
        if !self.keys.contains_key(&record) {
            let at = place("record_key", "wrapped", self.log.as_str(), &record);
            let key = match &line.wrapped {
                Some(bytes) => WrappedKey::from_bytes(bytes.clone(), &at)
                    .and_then(|wrapped| self.store.keyring().unwrap(&wrapped, &at)),
                None => Err(ProtectionError::Altered { place: at }),
            };
            let key = match key {
                Ok(key) => Some(key),
                Err(error @ ProtectionError::UnknownMasterKey { .. }) => return Err(error),
                Err(_) => None,
            };
            self.keys.insert(record.clone(), key);
        }
        Ok(self.keys.get(&record).and_then(Option::as_ref))
    }

    fn told(&self, line: &Line, plain: &[u8]) -> Told {
        let Ok(says) = serde_json::from_slice::<Says<'_>>(plain) else {
            return Told {
                column: Some("content"),
                ..Told::default()
            };
        };
        let mut told = Told {
            column: says.differs_from(line),
            ..Told::default()
        };
        if self.kinds.contains(&says.record_kind.as_ref()) {
            told.state = changed_state(plain);
        }
        if says.record_kind == ERASURE && says.kind == ERASED {
            told.erased = erased(plain);
        }
        told
    }
}

/// Where an event's content is sealed for.
pub(in super::super) fn event_place(log: &TrustId, seq: i64) -> String {
    place("ledger_event", "content", log.as_str(), &seq.to_string())
}

/// The part of the content that stands beside it in columns.
#[derive(Deserialize)]
struct Says<'a> {
    at: i64,
    #[serde(borrow)]
    person: Option<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    record_kind: Cow<'a, str>,
    #[serde(borrow)]
    record: Cow<'a, str>,
}

impl Says<'_> {
    fn differs_from(&self, line: &Line) -> Option<&'static str> {
        let beside = [
            ("at", self.at == line.at),
            ("kind", self.kind == line.kind),
            ("record_kind", self.record_kind == line.record_kind),
            ("record", self.record == line.record),
            ("person", self.person.as_deref() == line.person.as_deref()),
        ];
        let differing = beside.iter().find(|(_, same)| !same);
        differing.map(|(column, _)| *column)
    }
}

#[derive(Deserialize)]
struct Change {
    before: Option<Json>,
    after: Option<Json>,
}

/// The record's state after an event that changed it; nothing in it where it is gone.
fn changed_state(plain: &[u8]) -> Option<Option<StateHash>> {
    let change: Change = serde_json::from_slice(plain).ok()?;
    match change {
        Change {
            after: Some(after), ..
        } => Some(Some(state_hash(&after))),
        Change {
            before: Some(_), ..
        } => Some(None),
        _ => None,
    }
}

fn erased(plain: &[u8]) -> Option<(String, String)> {
    #[derive(Deserialize)]
    struct Event {
        after: Erased,
    }
    let event: Event = serde_json::from_slice(plain).ok()?;
    Some((event.after.record_kind, event.after.record))
}

/// What tells two states apart.
pub(super) type StateHash = [u8; 16];

/// Fields without a value count as not there, and their order does not count: a version that knows
/// one field more has not changed what was recorded before.
pub(super) fn state_hash(state: &Json) -> StateHash {
    let mut hasher = Sha256::new();
    add(&mut hasher, state);
    let digest: [u8; 32] = hasher.finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn add(hasher: &mut Sha256, value: &Json) {
    match value {
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, v)| !v.is_null()).collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            hasher.update(b"{");
            for (name, value) in fields {
                text(hasher, name);
                add(hasher, value);
            }
            hasher.update(b"}");
        }
        Json::Array(items) => {
            hasher.update(b"[");
            for item in items {
                add(hasher, item);
            }
            hasher.update(b"]");
        }
        Json::String(value) => text(hasher, value),
        other => text(hasher, &other.to_string()),
    }
}

fn text(hasher: &mut Sha256, text: &str) {
    hasher.update(text.len().to_be_bytes());
    hasher.update(text.as_bytes());
}
