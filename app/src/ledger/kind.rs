//! What the features tell of their records, so that the store can be held to the log.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value as Json;

use super::LedgerError;
use crate::store::{Snapshot, Tx};

/// A record as the store holds it now.
#[derive(Clone, Debug)]
pub struct State {
    /// Its identifier.
    pub record: String,
    /// What [`super::Record`] gives of it.
    pub state: Json,
}

/// What comes of asking a feature.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 'a>>;

/// A kind of record whose whole life is in the ledger, as its feature gives it.
#[derive(Clone, Copy, Debug)]
pub struct RecordKind {
    /// The kind, as in [`super::Record::KIND`].
    pub kind: &'static str,
    /// The next records after an identifier, in the order of identifiers, at most [`PAGE`] of them:
    /// none where there are no more.
    pub states: for<'a> fn(&'a mut Snapshot, &'a str) -> Asked<'a, Vec<State>>,
    /// Removes a record and all that hangs on it, where an erasure is done again after a restore; none
    /// where the kind's records are never erased.
    pub remove: Option<for<'a> fn(&'a mut Tx, &'a str) -> Asked<'a, ()>>,
}

/// How many records are asked for at once.
pub const PAGE: usize = 1_000;
