//! What can go wrong with a case.

use register::life::Refusal;
use register::value::AnswerFault;

use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::schools::SchoolsError;
use crate::store::{KeyError, StoreError};
use crate::web::problem::{Kind, Problem};

/// Why something could not be done with a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// There is no such case, or none that they may see: the two look alike.
    #[error("there is no such case here")]
    NotFound,
    /// There is no such register, or it is not theirs to open.
    #[error("there is no such register here, or it is not for you to open")]
    NoSuchRegister,
    /// Answers that cannot be taken.
    #[error("{}", faults(.0))]
    Answers(Vec<AnswerFault>),
    /// A step that is not open to them, or lacks something.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A step that is taken on a page of its own, and nowhere else.
    #[error("this step is taken on a page of its own: {0}")]
    OnItsPage(String),
    /// Somebody changed the case meanwhile.
    #[error(
        "somebody changed this case while you had it open. Look at what is new, then decide again"
    )]
    Changed,
    /// The case is over.
    #[error("this case is over. Nothing can be added to it")]
    Over,
    /// Cases open cases without end.
    #[error(
        "this register opens cases that open cases without end; nothing was changed. Mend the registers' 'open' effects"
    )]
    Endless,
    /// What is kept cannot be read: the definition is damaged.
    #[error("the rules of this case cannot be read: {0}")]
    Rules(String),
    /// The school's or the trust's settings cannot be read.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The case's key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What is sealed does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file of evidence cannot be taken in or handed over.
    #[error(transparent)]
    Evidence(#[from] crate::attachments::AttachmentError),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] crate::randomness::NoRandomness),
    /// A message or a deadline could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

fn faults(faults: &[AnswerFault]) -> String {
    let lines = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.field, fault.what));
    lines.collect::<Vec<_>>().join("; ")
}

impl From<CaseError> for Problem {
    fn from(error: CaseError) -> Self {
        let text = error.to_string();
        match error {
            CaseError::NotFound | CaseError::NoSuchRegister => {
                Self::new(Kind::NotFound).detail(text)
            }
            CaseError::Answers(faults) => {
                Self::new(Kind::Unprocessable).detail(text).faults(faults)
            }
            CaseError::Refused(_) | CaseError::OnItsPage(_) => {
                Self::new(Kind::Forbidden).detail(text)
            }
            CaseError::Over | CaseError::Changed => Self::new(Kind::Conflict).detail(text),
            CaseError::Store(error) => error.into(),
            CaseError::Ledger(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
