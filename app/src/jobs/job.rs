//! What a job is.

use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::queue::{self, JobId, QueueError};
use crate::authority::Actor;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::store::{KeyError, Store, StoreError, TrustId, Tx};

/// A kind of work. The value is its payload, kept as JSON while it waits.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind's name in the store, as in `messages.digest`: letters, digits, dots and hyphens.
    const KIND: &'static str;
    /// What it does, for the list of jobs: "Send a message by e-mail". No personal data.
    const TITLE: &'static str;
    /// How often it is tried before it is given up. With 12, the last try is about 14 hours after
    /// the first.
    const ATTEMPTS: u32 = 12;
    /// What it works with beside the store, given once where the kind is registered.
    type With: Clone + Send + Sync + 'static;

    /// How the payload is kept. Sealed, unless a kind says that there is nothing to protect.
    fn protection(&self) -> Protection {
        Protection::OwnKey
    }

    /// Does the work. It may have been begun before and been cut off at any point.
    fn run(
        self,
        with: &Self::With,
        context: &JobContext,
    ) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// How a payload is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Protection {
    /// As it is: it holds identifiers at most.
    Open,
    /// Sealed with a key of its own, which goes when the job goes.
    OwnKey,
    /// Sealed with the key of a record, as `person/01j...`: erasing the record erases the payload,
    /// and the job then ends without being run.
    Record(String),
}

/// When a job may first be run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Due {
    /// As soon as somebody is free.
    Now,
    /// Not before this moment.
    At(Timestamp),
    /// Not before so much time has gone by.
    After(SignedDuration),
}

impl Due {
    pub(super) fn moment(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::At(moment) => moment,
            Self::After(wait) => now.checked_add(wait).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Why a job did not do its work. Those who look after the queue read the text: it says what
/// failed, without personal data.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JobError {
    /// It may go well later.
    #[error("{0}")]
    Retry(String),
    /// It will never go well as it is.
    #[error("{0}")]
    Fail(String),
}

impl JobError {
    /// It may go well later.
    pub fn retry(why: impl ToString) -> Self {
        Self::Retry(why.to_string())
    }

    /// It will never go well as it is.
    pub fn fail(why: impl ToString) -> Self {
        Self::Fail(why.to_string())
    }
}

/// What the store, the keys and the ledger refuse may be mended by an administrator meanwhile.
macro_rules! retried {
    ($($error:ty)*) => { $(
        impl From<$error> for JobError {
            fn from(error: $error) -> Self {
                Self::retry(error)
            }
        }
    )* };
}

retried! { StoreError KeyError LedgerError ProtectionError QueueError }

/// What a job knows of itself while it runs.
#[derive(Clone, Debug)]
pub struct JobContext {
    pub(super) store: Store,
    pub(super) trust: TrustId,
    pub(super) id: JobId,
    pub(super) lease: String,
    pub(super) attempt: u32,
    pub(super) attempts: u32,
    pub(super) created_at: Timestamp,
}

impl JobContext {
    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The trust whose work it is.
    #[must_use]
    pub fn trust(&self) -> &TrustId {
        &self.trust
    }

    /// The job: the same in every attempt.
    #[must_use]
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// When it was queued: the same in every attempt.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// Whether it is given up if this attempt fails.
    #[must_use]
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.attempts
    }

    /// The program itself, for the ledger.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::operator(self.trust.clone())
    }

    /// Begins a change in the job's trust.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.store.begin(&self.trust).await
    }

    /// Ends the job within the transaction of its last change: both happen or neither does.
    ///
    /// # Errors
    /// [`StoreError::Changed`] where another node has taken the job over; the transaction must
    /// then be dropped.
    pub async fn complete(&self, tx: &mut Tx) -> Result<(), StoreError> {
        match queue::remove(tx, &self.id, Some(&self.lease)).await? {
            true => Ok(()),
            false => Err(StoreError::Changed),
        }
    }
}
