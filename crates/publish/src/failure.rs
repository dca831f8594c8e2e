//! Why a platform did not do what was asked of it, and what is certain all the same.

use jiff::SignedDuration;

use crate::post::Published;

/// What went wrong. All but [`Failure::Unknown`] say for certain that what was asked was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The platform will not have it, now or later: a person must change something.
    #[error("the platform refused: {0}")]
    Refused(String),
    /// Too much was asked in a short time.
    #[error("the platform asks to wait {} seconds: {why}", .wait.as_secs())]
    RateLimited {
        /// How long from now until it may be asked again.
        wait: SignedDuration,
        /// What it said.
        why: String,
    },
    /// The token or app password is not, or no longer, good for this.
    #[error("the platform does not accept the token: {0}")]
    TokenRevoked(String),
    /// Nothing was sent, or the platform said that it could not do it: it may be tried again.
    #[error("the platform was not reached: {0}")]
    NotReached(String),
    /// It was asked, and nobody knows whether it was done. Look with [`crate::Account::find`]; never just send again.
    #[error("it is not known what the platform did: {0}")]
    Unknown(String),
}

impl Failure {
    /// The same failure of a request that only prepares or reads: whatever became of that, nothing is published by it.
    pub(crate) fn before_publishing(self) -> Self {
        match self {
            Self::Unknown(why) => Self::NotReached(why),
            certain => certain,
        }
    }
}

/// What looking for a post found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It stands there.
    There(Published),
    /// It does not stand there.
    Absent {
        /// Whether the platform itself keeps a second one from appearing if it is sent again under the same key, even
        /// where the first request should still arrive.
        may_be_sent_again: bool,
    },
}
