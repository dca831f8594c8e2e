//! The interface through the running router: what it answers, what it refuses, and that both are
//! as described.

mod ask;
mod contract;
mod decide;
mod guide;
mod refusals;
mod reports;
mod screen;

use std::num::NonZeroU32;
use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::Value as Json;
use tower::ServiceExt as _;

use crate::web::{App, Limits, router};

static APP: LazyLock<App> = LazyLock::new(App::sample);

/// The site on a fixed day, with an allowance of requests that no test here uses up.
fn site() -> Router {
    limited(1_000_000)
}

fn limited(burst_requests: u32) -> Router {
    let limits = Limits {
        body_bytes: 1024 * 1024,
        request_timeout: Duration::from_secs(60),
        requests_per_second: NonZeroU32::MIN,
        burst_requests: NonZeroU32::new(burst_requests).unwrap(),
    };
    router(APP.clone(), &limits)
}

/// An answer, read whole.
struct Answer {
    status: u16,
    media_type: String,
    text: String,
}

impl Answer {
    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

async fn send(site: &Router, request: Request<Body>) -> Answer {
    let response = site.clone().oneshot(request).await.unwrap();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let media_type = media_type
        .map_or("", |kind| kind.to_str().unwrap())
        .to_owned();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer {
        status,
        media_type,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn get(site: &Router, path: &str) -> Answer {
    send(site, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(site: &Router, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into());
    send(site, request.unwrap()).await
}
