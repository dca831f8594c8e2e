//! What the features tell of their records, so that the store can be held to the log.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value as Json;

use super::LedgerError;
use crate::store::{Snapshot, Store, TrustId, Tx};

/// A record as the store holds it now: its identifier, and what [`super::Record`] gives of it.
pub type State = (String, Json);

/// What comes of asking a feature.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 'a>>;

/// Which records are asked for: the next after an identifier.
#[derive(Clone, Debug)]
pub struct After {
    /// The store, for its keys.
    pub store: Store,
    /// The log, which is the trust's.
    pub log: TrustId,
    /// The last identifier that was given; empty at first.
    pub id: String,
}

/// A kind of record whose whole life is in the ledger, as its feature gives it.
#[derive(Clone, Copy, Debug)]
pub struct RecordKind {
    /// The kind, as in [`super::Record::KIND`].
    pub kind: &'static str,
    /// The next records, in the order of identifiers, at most [`PAGE`] of them: none where there are
    /// no more.
    pub states: for<'a> fn(&'a mut Snapshot, &'a After) -> Asked<'a, Vec<State>>,
    /// Removes a record and all that hangs on it, where an erasure is done again after a restore; none
    /// where the kind's records are never erased.
    pub remove: Option<for<'a> fn(&'a mut Tx, &'a str) -> Asked<'a, ()>>,
}

/// How many records are asked for at once.
pub const PAGE: u32 = 1_000;
