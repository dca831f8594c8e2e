//! What can go wrong with a post.

use crate::accounts::AccountError;
use crate::attachments::AttachmentError;
use crate::cases::CaseError;
use crate::consent::ConsentError;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// Why something could not be done with a post.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// There is no such post, sending or hold, or none that they may see.
    #[error("there is no such post here")]
    NotFound,
    /// It is not for them to do.
    #[error("this is not for you to do")]
    NotTheirs,
    /// It stands where this cannot be done; in words that say why.
    #[error("{0}")]
    NotNow(String),
    /// The case of the post, or of its account.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// What a family agreed to.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] AttachmentError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A message or a job could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The key of the case cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What is sealed does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
}

impl From<PostError> for Problem {
    fn from(error: PostError) -> Self {
        match error {
            PostError::NotFound => Self::new(Kind::NotFound),
            PostError::NotTheirs => Self::new(Kind::Forbidden),
            PostError::NotNow(why) => Self::new(Kind::Conflict).detail(why),
            PostError::Case(error) => error.into(),
            PostError::Account(error) => error.into(),
            PostError::Store(error) => error.into(),
            PostError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
