//! What the doors of this feature refuse.

use crate::authority::Denied;
use crate::ledger::LedgerError;
use crate::store::StoreError;
use crate::web::problem::{Kind, Problem};

/// A change to a school that was not made.
#[derive(Debug, thiserror::Error)]
pub enum SchoolsError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The person has no right to it there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such record.
    #[error("there is no such record")]
    Missing,
    /// Something that was asked for cannot be; in words for whoever asked.
    #[error("{says}")]
    Refused {
        /// The field of the form that it is about.
        field: &'static str,
        /// What is wrong and how to mend it.
        says: String,
    },
}

impl SchoolsError {
    pub(crate) fn refused(field: &'static str, says: impl Into<String>) -> Self {
        let says = says.into();
        Self::Refused { field, says }
    }
}

impl From<SchoolsError> for Problem {
    fn from(error: SchoolsError) -> Self {
        match error {
            SchoolsError::Store(error) => error.into(),
            SchoolsError::Ledger(error) => error.into(),
            SchoolsError::Denied(error) => error.into(),
            SchoolsError::Missing => Self::new(Kind::NotFound),
            SchoolsError::Refused { says, .. } => Self::new(Kind::Unprocessable).detail(says),
        }
    }
}
