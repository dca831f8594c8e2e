//! What can go wrong with an account.

use crate::cases::CaseError;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::store::StoreError;
use crate::web::problem::Problem;

/// Why something could not be done with an official account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The case of the account.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A message could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Case(error) => error.into(),
            AccountError::Store(error) => error.into(),
            AccountError::Ledger(error) => error.into(),
            AccountError::Queue(error) => Self::internal(&error),
        }
    }
}
