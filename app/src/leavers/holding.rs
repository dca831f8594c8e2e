//! What somebody who leaves may hold: the door through which a feature adds its own.

use futures_util::future::BoxFuture;
use jiff::civil::Date;

use crate::authority::Actor;
use crate::cases::CaseError;
use crate::jobs::QueueError;
use crate::people::Person;
use crate::store::{StoreError, Tx};
use crate::web::problem::Problem;

/// What somebody holds, being looked up.
pub(crate) type Listing<'a> = BoxFuture<'a, Result<Vec<Holding>, LeaverError>>;

/// One kind of thing that somebody may hold.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// What they are, as a heading.
    pub(crate) title: &'static str,
    /// What of it somebody holds, as far as whoever asks may know of it, with what they can do about it. The program
    /// knows of all.
    pub(crate) held: for<'a> fn(&'a mut Tx, &'a Actor, &'a Person) -> Listing<'a>,
}

/// One thing that somebody holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Holding {
    /// What it is.
    pub(crate) says: String,
    /// Who can do something about it, or what is to be known of it.
    pub(crate) note: String,
    /// The day on which it ends by itself, where that is no later than their last one.
    pub(crate) ends_on: Option<Date>,
    /// Whether a case may be closed although it is there.
    pub(crate) may_stay: bool,
    /// What whoever asks can do about it: the words of the button, and the page that does it.
    pub(crate) act: Option<(String, String)>,
}

impl Holding {
    /// Whether somebody has to do something about it.
    pub(crate) fn is_left(&self) -> bool {
        self.ends_on.is_none() && !self.may_stay
    }
}

/// Why what somebody holds could not be told, or dealt with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LeaverError {
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl From<LeaverError> for Problem {
    fn from(error: LeaverError) -> Self {
        match error {
            LeaverError::Case(error) => error.into(),
            LeaverError::Store(error) => error.into(),
            LeaverError::Queue(error) => Self::internal(&error),
        }
    }
}
