//! What everybody finds: the pages, the errors, the assets.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use probity::clock::Clock;
use probity::policies::Policies;
use probity::web::problem::Kind;
use probity::web::{self, App, Limits};
use tower::ServiceExt as _;

/// The site with its usual limits, but a small allowance of requests.
pub(crate) fn site(burst_requests: u32) -> Router {
    let policies = Arc::new(Policies::load(None).unwrap());
    let clock = Clock::fixed(jiff::civil::date(2026, 11, 20));
    web::router(
        App::new(policies, clock).unwrap(),
        &Limits {
            body_bytes: 1024,
            request_timeout: Duration::from_secs(10),
            requests_per_second: NonZeroU32::MIN,
            burst_requests: NonZeroU32::new(burst_requests).unwrap(),
        },
    )
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn send(site: &Router, client: &str, mut request: Request<Body>) -> Answer {
    let client: SocketAddr = client.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(client));
    let response = site.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

pub(crate) async fn get(site: &Router, path: &str) -> Answer {
    send(
        site,
        "192.0.2.1:5000",
        Request::get(path).body(Body::empty()).unwrap(),
    )
    .await
}

#[tokio::test]
async fn every_page_answers_with_one_main_heading() {
    let site = site(100);
    for path in ["/", "/accessibility", "/licences", "/problems"] {
        let answer = get(&site, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.text().matches("<h1").count(), 1, "{path}");
    }
    assert_eq!(get(&site, "/healthz").await.text(), "ok");
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_json_for_programs() {
    let site = site(100);
    let page = get(&site, "/nothing?q=private").await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("Page not found") && page.text().contains("href=\"/\""));
    assert!(!page.text().contains("private"));

    let json = get(&site, "/api/v1/nothing?q=private").await;
    assert_eq!(json.status, 404);
    assert_eq!(json.header("content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(problem["type"], "/problems#not-found");
    assert_eq!(problem["instance"], "/api/v1/nothing");
}

#[tokio::test]
async fn the_type_of_every_problem_has_its_place_on_the_problems_page() {
    let page = get(&site(100), "/problems").await;
    for kind in Kind::ALL {
        assert!(
            page.text()
                .contains(&format!("id=\"{}\"", kind.facts().slug))
        );
    }
}

#[tokio::test]
async fn every_asset_a_page_names_is_served_to_be_kept_for_good() {
    let site = site(100);
    let licences = get(&site, "/licences").await;
    let page = licences.text().replace("&#x2f;", "/");
    let assets: Vec<&str> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert_eq!(assets.len(), 5, "{assets:?}");
    for asset in assets {
        let plain = get(&site, asset).await;
        assert_eq!(plain.status, 200, "{asset}");
        assert_eq!(
            plain.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(plain.header("content-encoding"), "");
        let request = Request::get(asset)
            .header(header::ACCEPT_ENCODING, "br, gzip;q=0.8")
            .body(Body::empty())
            .unwrap();
        let packed = send(&site, "192.0.2.1:5000", request).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert_eq!(packed.header("content-type"), plain.header("content-type"));
    }
    assert_eq!(get(&site, "/assets/probity.css").await.status, 404);
}

#[tokio::test]
async fn the_stylesheet_holds_nothing_that_is_licensed_for_gov_uk_alone() {
    let site = site(100);
    let page = get(&site, "/").await.text().replace("&#x2f;", "/");
    let css = page
        .split('"')
        .find(|part| part.ends_with(".css"))
        .unwrap()
        .to_owned();
    let css = get(&site, &css).await;
    for trace in ["@font-face", "GDS Transport", "crest", "url("] {
        assert!(!css.text().contains(trace), "{trace}");
    }
    assert!(css.text().contains(".govuk-button") && css.text().contains(".app-verdict"));
}
