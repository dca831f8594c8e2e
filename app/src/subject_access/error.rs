//! What can go wrong with a collection.

use crate::attachments::AttachmentError;
use crate::cases::CaseError;
use crate::consent::ConsentError;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::people::PeopleError;
use crate::protection::ProtectionError;
use crate::pupils::PupilsError;
use crate::schools::SchoolsError;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// Why something could not be done with a collection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessError {
    /// There is no such collection, or none that is theirs: the two look alike.
    #[error("there is no such collection here")]
    NotFound,
    /// Not everything is decided, or the case is not at that point.
    #[error("{0}")]
    NotYet(String),
    /// What goes into one package is too large.
    #[error(
        "the files together are larger than {0} MB, the most that one package may hold. Withhold some of them and give them another way"
    )]
    TooLarge(usize),
    /// The package could not be written.
    #[error("the package could not be written: {0}")]
    Write(String),
    /// The case's engine refused.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// A person's record.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A pupil's record.
    #[error(transparent)]
    Pupils(#[from] PupilsError),
    /// What was said about pictures.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// A school's record.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
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
    /// A file cannot be given out.
    #[error(transparent)]
    Attachment(#[from] AttachmentError),
    /// A message or a job could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        let text = error.to_string();
        match error {
            AccessError::NotFound => Self::new(Kind::NotFound).detail(text),
            AccessError::NotYet(_) | AccessError::TooLarge(_) => {
                Self::new(Kind::Conflict).detail(text)
            }
            AccessError::Case(error) => error.into(),
            AccessError::People(error) => error.into(),
            AccessError::Pupils(error) => error.into(),
            AccessError::Store(error) => error.into(),
            AccessError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
