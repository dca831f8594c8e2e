//! One line a request, and its measure. Query strings, bodies and addresses never reach the log: what a person asks
//! is theirs. Nor does the path as it was asked for, which may name a person or hold a secret: the log has the route.
//!
//! Every request has an id, which stands in each line of the log that the request causes and in the answer's
//! `X-Request-Id`. A trusted proxy may give it; a client may not, since it would reach the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::App;
use super::client::ThroughProxy;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn requests(State(app): State<App>, request: Request, next: Next) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let given = given(&request);
    let id = given.unwrap_or_else(|| {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("{}-{count}", app.operation().start)
    });
    let span = tracing::info_span!("request", id);
    async move {
        let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        app.operation()
            .measures
            .request(&method, route, status, took);
        if response.status().is_server_error() {
            tracing::error!(%method, route, status, ms, "request");
        } else {
            tracing::info!(%method, route, status, ms, "request");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// The id that a trusted proxy gave, if it is a plain one.
fn given(request: &Request) -> Option<String> {
    request.extensions().get::<ThroughProxy>()?;
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (id.len() <= 64 && id.chars().all(plain)).then(|| id.to_owned())
}
