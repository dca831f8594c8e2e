//! Reading requests. The same extractors as axum's, but what they refuse is a [`Problem`] that
//! says what is wrong and where.

use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;

use super::problem::{Kind, Problem};

/// A JSON body.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub struct Json<T>(pub T);

/// The fields of a form: the body of a POST, the query of a GET.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Form), rejection(Problem))]
pub struct Form<T>(pub T);

/// The query string.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);

/// The named parts of the path. A part that cannot be one is an address that does not exist.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        refused(rejection.status(), &rejection)
    }
}

impl From<FormRejection> for Problem {
    fn from(rejection: FormRejection) -> Self {
        refused(rejection.status(), &rejection)
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        refused(rejection.status(), &rejection)
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(Kind::NotFound)
    }
}

/// Only the innermost cause says what is wrong in the content; axum's outer ones speak of Rust.
fn refused(status: StatusCode, rejection: &dyn std::error::Error) -> Problem {
    let kind = match status {
        StatusCode::PAYLOAD_TOO_LARGE => return Problem::new(Kind::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => return Problem::new(Kind::UnsupportedType),
        StatusCode::UNPROCESSABLE_ENTITY => Kind::Unprocessable,
        _ => Kind::BadRequest,
    };
    let mut cause = rejection.source();
    let mut told = None;
    while let Some(error) = cause {
        told = Some(error.to_string());
        cause = error.source();
    }
    match told {
        Some(told) => Problem::new(kind).detail(format!("{told}.")),
        None => Problem::new(kind),
    }
}
