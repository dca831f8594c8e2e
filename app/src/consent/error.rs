//! What can go wrong with a consent to pictures.

use crate::authority::Denied;
use crate::cases::CaseError;
use crate::jobs::{JobError, QueueError};
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::pupils::PupilsError;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// Why something could not be done with a consent to pictures.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// There is no such pupil, question or letter, or none that they may see.
    #[error("there is no such pupil or letter here")]
    NotFound,
    /// The right does not reach there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The case of the consent.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// A pupil, or a parent or carer.
    #[error(transparent)]
    Pupils(#[from] PupilsError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What is sealed does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A letter or what follows could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        let text = error.to_string();
        match error {
            ConsentError::NotFound => Self::new(Kind::NotFound).detail(text),
            ConsentError::Denied(error) => error.into(),
            ConsentError::Case(error) => error.into(),
            ConsentError::Pupils(error) => error.into(),
            ConsentError::Store(error) => error.into(),
            ConsentError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl From<ConsentError> for JobError {
    fn from(error: ConsentError) -> Self {
        Self::retry(error)
    }
}
