//! How much a request may send. The body is read whole before the handler runs: every handler
//! wants it whole, and so a body that is too long can be answered properly.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;

use super::problem::{Kind, Problem};
use crate::authority::{Action, Identity, Place};
use crate::roster::UPLOAD_PATH;

/// A client that is still sending does not read the answer, and loses it when the connection is
/// closed under it; so up to this much beyond the limit is read and thrown away.
const DISCARDED_BYTES: usize = 32 * 1024 * 1024;

/// A roster of a large trust, packed or not.
const ROSTER_BYTES: usize = 64 * 1024 * 1024;

/// What a form takes beside its files.
const FORM_BYTES: usize = 64 * 1024;

/// Where evidence, pictures of posts and old records are sent to.
const CASE_PATHS: [&str; 4] = ["/cases/", "/drafts/", "/posts/", "/registers/"];

/// How much a request may send.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Any request.
    pub(super) any_bytes: usize,
    /// The files of evidence in one form.
    pub(super) files_bytes: usize,
}

/// How much this request may send: a roster more than anything else, from those who may import one; files of evidence
/// more than a form, from those who work on cases.
fn allowed(request: &Request, most: Most) -> usize {
    let identity = request.extensions().get::<Identity>();
    let actor = identity.and_then(|identity| identity.actor.as_ref());
    let may = |action, place| actor.is_some_and(|actor| actor.may(action, place));
    let kind = request.headers().get(header::CONTENT_TYPE);
    let path = request.uri().path();
    let files = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
        && CASE_PATHS.iter().any(|start| path.starts_with(start));
    if path == UPLOAD_PATH && may(Action::ImportRoster, Place::Trust) {
        most.any_bytes.max(ROSTER_BYTES)
    } else if files && may(Action::WorkCases, Place::Anywhere) {
        most.any_bytes
            .max(most.files_bytes.saturating_add(FORM_BYTES))
    } else {
        most.any_bytes
    }
}

/// Refuses a body of more than it may be.
pub(super) async fn limit(State(most): State<Most>, request: Request, next: Next) -> Response {
    let limit_bytes = allowed(&request, most);
    let (parts, body) = request.into_parts();
    match read(body, limit_bytes).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn read(mut body: Body, limit_bytes: usize) -> Result<Bytes, Problem> {
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::new(Kind::BadRequest).detail("The request broke off before its end.")
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= limit_bytes {
            kept.extend_from_slice(&data);
        } else if seen <= limit_bytes.saturating_add(DISCARDED_BYTES) {
            kept = Vec::new();
        } else {
            break;
        }
    }
    if seen > limit_bytes {
        return Err(Problem::new(Kind::TooLarge).detail(format!(
            "What was sent is larger than the {limit_bytes} bytes accepted here."
        )));
    }
    Ok(kept.into())
}
