//! How much a request may send. The body is read whole before the handler runs: every handler
//! wants it whole, and so a body that is too long can be answered properly.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
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

/// How much this request may send: a roster more than anything else, from those who may import one.
fn allowed(request: &Request, limit_bytes: usize) -> usize {
    let identity = request.extensions().get::<Identity>();
    let actor = identity.and_then(|identity| identity.actor.as_ref());
    let may = actor.is_some_and(|actor| actor.may(Action::ImportRoster, Place::Trust));
    match may && request.uri().path() == UPLOAD_PATH {
        true => limit_bytes.max(ROSTER_BYTES),
        false => limit_bytes,
    }
}

/// Refuses a body of more than `limit_bytes`.
pub(super) async fn limit(
    State(limit_bytes): State<usize>,
    request: Request,
    next: Next,
) -> Response {
    let limit_bytes = allowed(&request, limit_bytes);
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
