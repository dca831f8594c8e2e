//! The kinds of problems: what is the same for all of one kind.

use axum::http::StatusCode;
use serde::Serialize;

/// Every kind of problem there is. `/problems` lists them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// 400: the request cannot be understood.
    BadRequest,
    /// 401: nobody has signed in.
    SignInFirst,
    /// 401: whoever signed in must show once more who they are.
    SignInAgain,
    /// 403: a page of another site made the request.
    CrossSite,
    /// 403: whoever signed in has no right to this.
    Forbidden,
    /// 404: nothing is at this address.
    NotFound,
    /// 405: the address is right and the method is not.
    MethodNotAllowed,
    /// 409: somebody else was first.
    Conflict,
    /// 410: it worked once, or its time is over.
    Gone,
    /// 413: the body is over the limit.
    TooLarge,
    /// 415: the body is of a type that is not read here.
    UnsupportedType,
    /// 422: well formed, but a value in it is not one that is known here.
    Unprocessable,
    /// 429: too many requests from one address.
    TooManyRequests,
    /// 500: a fault of the program.
    Internal,
    /// 503: the answer took too long.
    TimedOut,
    /// 503: the database does not answer, or cannot be written to.
    Unavailable,
}

/// What is the same for every problem of a kind.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Facts {
    /// The last part of the type's address, as in `/problems#not-found`.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The heading.
    pub title: &'static str,
    /// What happened, where nothing more exact is known.
    pub detail: &'static str,
    /// How to mend it.
    pub what_to_do: &'static str,
}

impl Kind {
    /// All kinds, by status.
    pub const ALL: [Self; 16] = [
        Self::BadRequest,
        Self::SignInFirst,
        Self::SignInAgain,
        Self::CrossSite,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::Gone,
        Self::TooLarge,
        Self::UnsupportedType,
        Self::Unprocessable,
        Self::TooManyRequests,
        Self::Internal,
        Self::TimedOut,
        Self::Unavailable,
    ];

    /// What is the same for every problem of this kind.
    pub const fn facts(self) -> Facts {
        let (slug, status, title, detail, what_to_do) = match self {
            Self::BadRequest => (
                "bad-request",
                400,
                "We could not read that request",
                "Part of the request is missing or is not in the form that is needed here.",
                "Go back, check what you entered, and send it again.",
            ),
            Self::SignInFirst => (
                "sign-in-first",
                401,
                "Sign in first",
                "This is only shown to people who have signed in.",
                "Sign in and try again. Programs: send an API token in the header Authorization: \
                 Bearer.",
            ),
            Self::SignInAgain => (
                "sign-in-again",
                401,
                "Show once more that it is you",
                "This is only done for people who have just shown who they are.",
                "Sign in once more and try again.",
            ),
            Self::CrossSite => (
                "cross-site",
                403,
                "That form was sent from another website",
                "To keep you safe, Probity only takes forms from its own pages.",
                "Open the page on this site and fill in the form there.",
            ),
            Self::Forbidden => (
                "forbidden",
                403,
                "You cannot do this",
                "Your role does not give you the right to see or do this.",
                "If you need it for your work, ask the person who looks after Probity in your \
                 trust.",
            ),
            Self::NotFound => (
                "not-found",
                404,
                "Page not found",
                "There is nothing at this address.",
                "If you typed the address, check that it is right. If you followed a link, go to \
                 the start page and find your way from there.",
            ),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                405,
                "That cannot be done at this address",
                "The address exists, but not for this kind of request.",
                "If you came here by refreshing a page, go to the start page and begin again.",
            ),
            Self::Conflict => (
                "conflict",
                409,
                "Somebody else changed this",
                "What you sent does not fit with what is there now. Nothing of it was kept.",
                "Go back, reload the page, look at what is there now, and try again.",
            ),
            Self::Gone => (
                "gone",
                410,
                "This link no longer works",
                "It was used already, or its time is over.",
                "Ask for a new one.",
            ),
            Self::TooLarge => (
                "too-large",
                413,
                "That is too much text at once",
                "What was sent is larger than this service accepts.",
                "Send less. To ask a question, a few sentences are enough.",
            ),
            Self::UnsupportedType => (
                "unsupported-type",
                415,
                "That kind of content is not read here",
                "The request holds a type of content that this address does not take.",
                "Programs: send JSON with the header Content-Type: application/json.",
            ),
            Self::Unprocessable => (
                "unprocessable",
                422,
                "Part of what was sent is not known here",
                "The request could be read, but a value in it does not fit.",
                "Change the value that is named and send it again.",
            ),
            Self::TooManyRequests => (
                "too-many-requests",
                429,
                "Too many requests at once",
                "More requests came from your network than this service can take at a time.",
                "Wait a moment, then try again. Nothing is lost.",
            ),
            Self::Internal => (
                "internal",
                500,
                "Sorry, there is a fault in the service",
                "Something went wrong on our side. It is not anything you did.",
                "Try again in a few minutes. If it is urgent, ask the person your policy names, \
                 and do not wait for this service where a child may be at risk.",
            ),
            Self::TimedOut => (
                "timed-out",
                503,
                "Sorry, that took too long",
                "The service was too busy to finish your request.",
                "Try again in a few minutes.",
            ),
            Self::Unavailable => (
                "unavailable",
                503,
                "Sorry, nothing can be kept at the moment",
                "The place where records are kept does not answer. Nothing that was kept is lost.",
                "Try again in a few minutes. If a child may be at risk, do not wait: speak to your \
                 safeguarding lead.",
            ),
        };
        Facts {
            slug,
            status,
            title,
            detail,
            what_to_do,
        }
    }

    pub(super) fn from_status(status: StatusCode) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.facts().status == status.as_u16())
    }

    pub(super) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.facts().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
