//! The one type for everything that goes wrong on the web: RFC 9457 `problem+json` below `/api`,
//! a plain-English page for everybody else. A handler returns a [`Problem`]; [`present`] gives it
//! its form, because only there is it known who asks.

use std::any::Any;
use std::error::Error;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use policy::situation::GivenError;
use serde::Serialize;

use super::App;
use super::page::{Page, Section};
use crate::authority::Identity;
use crate::ledger::LedgerError;
use crate::store::StoreError;

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

    fn from_status(status: StatusCode) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.facts().status == status.as_u16())
    }

    fn status(self) -> StatusCode {
        StatusCode::from_u16(self.facts().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// One problem, for one request.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    retry_after: Option<Duration>,
}

impl From<GivenError> for Problem {
    /// What the engine refused is a request that can be read but not be answered.
    fn from(error: GivenError) -> Self {
        let told = error.to_string();
        let mut letters = told.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let told: String = first.chain(letters).collect();
        Self::new(Kind::Unprocessable).detail(match told.ends_with(['.', '?']) {
            true => told,
            false => format!("{told}."),
        })
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(_) | StoreError::Dangling | StoreError::Changed => {
                Self::new(Kind::Conflict)
            }
            StoreError::Unreachable(_) | StoreError::Full | StoreError::ReadOnly => {
                tracing::error!(%error, "the database cannot be used");
                Self::new(Kind::Unavailable)
            }
            other => Self::internal(&other),
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl Problem {
    /// A problem of this kind of which no more is known.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            retry_after: None,
        }
    }

    /// Says what exactly happened. The person who asked reads it; it is never logged, so it may
    /// name what they sent.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// A fault of the program: the log gets the error, the person does not.
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(error, "a request could not be answered");
        Self::new(Kind::Internal)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a panic in a handler becomes. The panic's own message has gone to standard error.
pub(super) fn from_panic(_: Box<dyn Any + Send>) -> Response {
    Problem::new(Kind::Internal).into_response()
}

/// Gives every problem its form: JSON below `/api`, otherwise a page. Bare error answers of the
/// layers and extractors become problems too.
pub(super) async fn present(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let wanted = (request.method() == Method::GET).then(|| request.uri().to_string());
    let mut answer = next.run(request).await;
    let problem = answer
        .extensions_mut()
        .remove::<Problem>()
        .or_else(|| unexplained(&answer));
    let Some(problem) = problem else {
        return answer;
    };
    let mut response = if path == "/api" || path.starts_with("/api/") {
        problem.json(&path)
    } else if problem.kind == Kind::SignInFirst {
        let identity = answer.extensions_mut().remove::<Identity>();
        let set_up = identity.is_some_and(|identity| identity.trust.is_some());
        return match app.setup_code() {
            Some(_) if !set_up => Redirect::to("/setup").into_response(),
            _ => sign_in_and_back("/sign-in", wanted.as_deref()),
        };
    } else if problem.kind == Kind::SignInAgain {
        return sign_in_and_back("/sign-in/again", wanted.as_deref());
    } else {
        let identity = answer.extensions_mut().remove::<Identity>();
        let page = async { problem.page(&app) };
        identity.unwrap_or_default().during(page).await
    };
    *response.status_mut() = problem.kind.status();
    if let Some(allow) = answer.headers_mut().remove(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(wait) = problem.retry_after {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// To the page where people sign in, and from there back to the page they wanted.
fn sign_in_and_back(page: &str, wanted: Option<&str>) -> Response {
    let mut address = page.to_owned();
    if let Some(wanted) = wanted {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", wanted)
            .finish();
        address.push('?');
        address.push_str(&query);
    }
    Redirect::to(&address).into_response()
}

/// The problem behind an error answer that nobody gave a form yet.
fn unexplained(answer: &Response) -> Option<Problem> {
    let bare = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    Kind::from_status(answer.status())
        .filter(|_| bare)
        .map(Problem::new)
}

/// RFC 9457, with one member of our own: what to do.
#[derive(Serialize)]
struct ProblemJson<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    what_to_do: &'a str,
    instance: &'a str,
}

/// `problem.html`.
#[derive(Serialize)]
pub(super) struct ProblemPage {
    status: u16,
    title: String,
    detail: String,
    what_to_do: String,
}

impl Page for ProblemPage {
    const TEMPLATE: &'static str = "problem.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        Kind::ALL
            .into_iter()
            .map(|kind| Problem::new(kind).context())
            .collect()
    }
}

impl Problem {
    fn told(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.kind.facts().detail)
    }

    fn json(&self, path: &str) -> Response {
        let facts = self.kind.facts();
        let body = ProblemJson {
            r#type: format!("/problems#{}", facts.slug),
            title: facts.title,
            status: facts.status,
            detail: self.told(),
            what_to_do: facts.what_to_do,
            instance: path,
        };
        (
            [(header::CONTENT_TYPE, "application/problem+json")],
            Json(body),
        )
            .into_response()
    }

    fn context(&self) -> ProblemPage {
        let facts = self.kind.facts();
        ProblemPage {
            status: facts.status,
            title: facts.title.to_owned(),
            detail: self.told().to_owned(),
            what_to_do: facts.what_to_do.to_owned(),
        }
    }

    fn page(&self, app: &App) -> Response {
        // Where even the error page cannot be rendered, its words alone have to do.
        app.render(&self.context()).map_or_else(
            |_| format!("{}\n\n{}", self.kind.facts().title, self.told()).into_response(),
            IntoResponse::into_response,
        )
    }
}
