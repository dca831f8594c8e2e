//! What protects the people who use the site: response headers, and refusing forms that another
//! site posts.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::App;
use super::client::ThroughProxy;
use super::problem::{Kind, Problem};

/// Set on every answer. `same-origin` and not `no-referrer`: with the latter, browsers send
/// `Origin: null` with a form, and the origin could not be checked.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A browser that came once comes by HTTPS for a year.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Puts the protecting headers on every answer, and forbids keeping any that does not say itself
/// that it may be kept.
pub(super) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Sends whoever came to the proxy without HTTPS to the site's own address, where that is one of HTTPS.
pub(super) async fn https_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let proxy = request.extensions().get::<ThroughProxy>();
    match &app.operation().public_url {
        Some(site) if site.https() && proxy.and_then(|proxy| proxy.https) == Some(false) => {
            let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
            Redirect::permanent(&site.of(path)).into_response()
        }
        _ => next.run(request).await,
    }
}

type Refusal = fn(ProtectionError) -> Response;

/// Refuses a state-changing request that another site's page makes (`Sec-Fetch-Site`, or `Origin`
/// against `Host` where a browser does not send it). Programs, which send neither, pass.
pub(super) fn same_origin() -> CsrfLayer<Refusal> {
    CsrfLayer::new().with_rejection_response(|_| Problem::new(Kind::CrossSite).into_response())
}
