//! What cannot be done with pupils, and why.

use crate::authority::Denied;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// A rule that a change would break. Each says how to mend it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// A year group or class that is too long.
    #[error("A year group or class has at most 30 characters, for example 7, R or 7B.")]
    Group,
    /// A day on which no pupil was born.
    #[error("Enter a date of birth that is not in the future.")]
    Born,
    /// A last day that cannot be meant.
    #[error("Enter a last day between 1940 and 2099.")]
    LeftOn,
    /// No telephone number.
    #[error("Enter a telephone number with at least 5 digits, for example 01632 960 001.")]
    Phone,
    /// A school that is not of this trust, or closed.
    #[error("Choose a school of this trust.")]
    NoSuchSchool,
    /// An erasure that nobody could account for.
    #[error("Say why this is erased, in 5 to 500 characters and without names.")]
    NoReason,
}

/// Why something with pupils was not done.
#[derive(Debug, thiserror::Error)]
pub enum PupilsError {
    /// The store failed; [`StoreError::Changed`] where somebody else was first.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The key of the record cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What is sealed does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The right does not reach that far.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A rule would be broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What is asked for is there already: nothing was changed and nothing recorded.
    #[error("nothing was changed")]
    Same,
    /// There is no such record, or none that may be seen.
    #[error("there is no such pupil")]
    NotFound,
}

impl From<PupilsError> for Problem {
    fn from(error: PupilsError) -> Self {
        match error {
            PupilsError::Store(error) => error.into(),
            PupilsError::Ledger(error) => error.into(),
            PupilsError::Key(KeyError::Store(error)) => error.into(),
            PupilsError::Denied(error) => error.into(),
            PupilsError::Refused(refusal) => {
                Self::new(Kind::Unprocessable).detail(refusal.to_string())
            }
            PupilsError::Same => Self::new(Kind::Conflict).detail("That is so already."),
            PupilsError::NotFound => Self::new(Kind::NotFound),
            other @ (PupilsError::Key(_) | PupilsError::Protection(_)) => Self::internal(&other),
        }
    }
}
