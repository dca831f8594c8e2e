//! The one type for everything that goes wrong on the web: RFC 9457 `problem+json` below `/api`,
//! a plain-English page for everybody else. A handler returns a [`Problem`]; [`present`] gives it
//! its form, because only there is it known who asks.

use policy::words::capitalised;
use std::any::Any;
use std::error::Error;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use policy::situation::GivenError;
use register::value::AnswerFault;
use serde::Serialize;

use super::App;
pub use super::kind::{Facts, Kind};
use super::page::{Page, Section};
use crate::authority::Identity;
use crate::ledger::LedgerError;
use crate::store::StoreError;

/// One problem, for one request.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    retry_after: Option<Duration>,
    faults: Vec<AnswerFault>,
}

impl From<GivenError> for Problem {
    /// What the engine refused is a request that can be read but not be answered.
    fn from(error: GivenError) -> Self {
        let told = capitalised(&error.to_string());
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
            faults: Vec::new(),
        }
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Says what exactly happened. The person who asked reads it; it is never logged, so it may
    /// name what they sent.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says which fields are wrong, each with how to mend it.
    #[must_use]
    pub fn faults(mut self, faults: Vec<AnswerFault>) -> Self {
        self.faults = faults;
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

/// Gives every problem its form: JSON below `/api` and for whoever sends an API token, as no
/// browser does; otherwise a page. Bare error answers of the
/// layers and extractors become problems too.
pub(super) async fn present(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let wanted = (request.method() == Method::GET).then(|| request.uri().to_string());
    let program = path == "/api"
        || path.starts_with("/api/")
        || request.headers().contains_key(header::AUTHORIZATION);
    let mut answer = next.run(request).await;
    let problem = answer
        .extensions_mut()
        .remove::<Problem>()
        .or_else(|| unexplained(&answer));
    let Some(problem) = problem else {
        return answer;
    };
    let mut response = if program {
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

/// RFC 9457, with members of our own: what to do, and the fields that are wrong.
#[derive(Serialize)]
struct ProblemJson<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    what_to_do: &'a str,
    instance: &'a str,
    #[serde(skip_serializing_if = "<[AnswerFault]>::is_empty")]
    faults: &'a [AnswerFault],
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
            faults: &self.faults,
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
