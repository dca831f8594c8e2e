//! What protects people: headers, cross-site forms, the allowance of requests.

use axum::body::Body;
use axum::http::Request;

use crate::site::{get, send, site};

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let site = site(100);
    for path in [
        "/",
        "/nothing",
        "/api/nothing",
        "/healthz",
        "/assets/nothing.css",
    ] {
        let answer = get(&site, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
}

#[tokio::test]
async fn a_form_posted_from_another_site_is_refused() {
    let site = site(100);
    // (Sec-Fetch-Site, Origin, status): 405 and 404 mean that the request came through.
    for (fetch_site, origin, status) in [
        (Some("same-origin"), None, 405),
        (Some("none"), None, 405),
        (None, Some("http://probity.example"), 405),
        (None, None, 405),
        (Some("cross-site"), None, 403),
        (Some("same-site"), None, 403),
        (Some("cross-site"), Some("http://probity.example"), 403),
        (None, Some("http://elsewhere.example"), 403),
        (None, Some("null"), 403),
    ] {
        let mut request = Request::post("/").header("host", "probity.example");
        if let Some(fetch_site) = fetch_site {
            request = request.header("sec-fetch-site", fetch_site);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = send(&site, "192.0.2.1:1", request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{fetch_site:?} {origin:?}");
        if status == 403 {
            assert!(answer.text().contains("sent from another website"));
        }
    }
    let mut following = Request::get("/").header("sec-fetch-site", "cross-site");
    following = following.header("origin", "http://elsewhere.example");
    let answer = send(&site, "192.0.2.1:1", following.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200, "a link from elsewhere may be followed");
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back_and_others_are_served() {
    let site = site(3);
    let from = async |client: &str, path: &str| {
        send(
            &site,
            client,
            Request::get(path).body(Body::empty()).unwrap(),
        )
        .await
    };
    for _ in 0..3 {
        assert_eq!(from("192.0.2.1:1000", "/").await.status, 200);
    }
    let refused = from("192.0.2.1:2000", "/api/v1/policies").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(
        from("192.0.2.1:2000", "/")
            .await
            .text()
            .contains("Too many requests at once")
    );
    assert_eq!(from("192.0.2.1:2000", "/nothing").await.status, 429);
    assert_eq!(from("192.0.2.1:2000", "/healthz").await.status, 200);
    assert_eq!(
        from("192.0.2.1:2000", "/assets/nothing.css").await.status,
        404
    );
    assert_eq!(from("198.51.100.9:1000", "/").await.status, 200);
}
