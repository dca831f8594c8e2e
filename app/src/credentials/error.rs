//! What can go wrong with a log-in. Nothing of the log-in is ever in an error.

use crate::accounts::AccountError;
use crate::cases::CaseError;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::randomness::NoRandomness;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// Why something could not be done with a log-in.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Whoever asks was not named for it.
    #[error("you were not named for this log-in. Whoever leads the school says who may open it")]
    NotNamed,
    /// There is none.
    #[error("no log-in is lodged for this account")]
    Nothing,
    /// Somebody changed it meanwhile.
    #[error("somebody changed this log-in while you had the page open. Open it again")]
    Changed,
    /// What is kept opens, and is no log-in.
    #[error("what is kept of this log-in cannot be read. Lodge it anew")]
    Unreadable,
    /// A case could not be opened or changed.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record's key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Sealing or opening failed.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A message could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl From<AccountError> for CredentialError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Case(error) => error.into(),
            AccountError::Store(error) => error.into(),
            AccountError::Ledger(error) => error.into(),
            AccountError::Queue(error) => error.into(),
        }
    }
}

impl From<CredentialError> for Problem {
    fn from(error: CredentialError) -> Self {
        let text = error.to_string();
        match error {
            CredentialError::NotNamed => Self::new(Kind::Forbidden).detail(text),
            CredentialError::Nothing => Self::new(Kind::NotFound).detail(text),
            CredentialError::Changed => Self::new(Kind::Conflict).detail(text),
            CredentialError::Case(error) => error.into(),
            CredentialError::Store(error) => error.into(),
            CredentialError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
