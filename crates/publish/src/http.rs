//! The way out: whoever uses this crate brings it.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use ::http::{Request, Response};

/// Carries one request to a platform and its answer back. Redirects are not followed: a token goes to the server that
/// somebody set up and to no other.
pub trait Http: Send + Sync {
    /// Sends a request, whose address is whole, and waits for the answer, however long the carrier finds right.
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> impl Future<Output = Result<Response<Vec<u8>>, NoAnswer>> + Send;

    /// Waits, while a server works on something.
    fn pause(&self, time: Duration) -> impl Future<Output = ()> + Send;
}

/// No answer came; and whether the request can have been carried out all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// No byte of the request left this machine.
    NotSent(String),
    /// The request, or part of it, was sent.
    Lost(String),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(why) => write!(f, "not sent: {why}"),
            Self::Lost(why) => write!(f, "no answer: {why}"),
        }
    }
}
