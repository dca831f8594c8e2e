use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::civil::date;
use tower::ServiceExt as _;

use super::*;
use crate::clock::Clock;
use crate::policies::Policies;
use crate::settings::ForwardedBy;
use crate::store::testing::on_both;
use crate::web::{Limits, router};

fn site(app: &App, burst: u32) -> Router {
    let limits = Limits {
        body_bytes: 1000,
        request_timeout: Duration::from_secs(15),
        requests_per_second: NonZeroU32::MIN,
        burst_requests: NonZeroU32::new(burst).unwrap(),
    };
    router(app.clone(), &limits)
}

fn app(operation: Operation) -> App {
    let policies = Arc::new(Policies::load(None).unwrap());
    let app = App::new(policies, Clock::fixed(date(2026, 11, 20))).unwrap();
    app.with_operation(Arc::new(operation))
}

fn behind_proxies() -> Operation {
    let networks = vec!["10.0.0.0/8".parse().unwrap()];
    Operation {
        proxies: Proxies::new(networks, ForwardedBy::XForwardedFor),
        ..Operation::default()
    }
}

/// Sends a request from a peer; gives the status, the headers and the text.
async fn get(
    site: &Router,
    peer: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = site.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = to_bytes(answer.into_body(), 1_000_000).await.unwrap();
    (status, headers, String::from_utf8(text.to_vec()).unwrap())
}

#[tokio::test]
async fn the_rate_limit_counts_the_client_behind_a_trusted_proxy_and_no_one_s_word_otherwise() {
    let site = site(&app(behind_proxies()), 2);
    let from = async |peer: &str, client: &str| {
        let headers = [("x-forwarded-for", client)];
        get(&site, peer, "/about-nothing", &headers)
            .await
            .0
            .as_u16()
    };
    for client in ["192.0.2.1", "192.0.2.2"] {
        let answers = [
            from("10.0.0.1", client).await,
            from("10.0.0.2", client).await,
            from("10.0.0.1", client).await,
        ];
        assert_eq!(answers, [404, 404, 429], "{client}");
    }
    // Not a proxy of ours: it cannot get itself more by naming others.
    let answers = [
        from("198.51.100.1", "192.0.2.3").await,
        from("198.51.100.1", "192.0.2.4").await,
        from("198.51.100.1", "192.0.2.5").await,
    ];
    assert_eq!(answers, [404, 404, 429]);
}

#[tokio::test]
async fn whoever_comes_without_https_is_sent_to_the_address_of_the_site() {
    let site_address = "https://probity.example.org".to_owned();
    let operation = Operation {
        public_url: crate::settings::public_url(&site_address),
        ..behind_proxies()
    };
    let site = site(&app(operation), 100);
    let (status, headers, _) = get(
        &site,
        "10.0.0.1",
        "/policies?a=b",
        &[("x-forwarded-proto", "http")],
    )
    .await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(
        headers["location"],
        "https://probity.example.org/policies?a=b"
    );
    for (peer, said) in [("10.0.0.1", "https"), ("192.0.2.1", "http")] {
        let (status, ..) = get(&site, peer, "/policies", &[("x-forwarded-proto", said)]).await;
        assert_eq!(status, StatusCode::OK, "{peer} {said}");
    }
}

#[tokio::test]
async fn an_id_of_a_request_comes_from_a_trusted_proxy_or_from_here() {
    let site = site(&app(behind_proxies()), 100);
    let id = async |peer: &str, given: &str| {
        let (_, headers, _) = get(&site, peer, "/healthz", &[("x-request-id", given)]).await;
        headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id("10.0.0.1", "abc-1").await, "abc-1");
    assert_ne!(id("10.0.0.1", "not plain").await, "not plain");
    let (one, other) = (
        id("192.0.2.1", "abc-1").await,
        id("192.0.2.1", "abc-1").await,
    );
    assert!(one != "abc-1" && one != other, "{one} {other}");
}

#[tokio::test]
async fn measures_are_read_from_named_networks_or_with_the_token() {
    let operation = Operation {
        readers: vec!["127.0.0.0/8".parse().unwrap()],
        token: crate::settings::secret("opensesame"),
        ..Operation::default()
    };
    let site = site(&app(operation), 100);
    let read = async |peer: &str, headers: &[(&str, &str)]| {
        get(&site, peer, "/metrics", headers).await.0.as_u16()
    };
    assert_eq!(read("127.0.0.1", &[]).await, 200);
    assert_eq!(read("192.0.2.1", &[]).await, 403);
    // A proxy on this machine that the settings do not name.
    assert_eq!(
        read("127.0.0.1", &[("x-forwarded-for", "192.0.2.1")]).await,
        403
    );
    assert_eq!(
        read("192.0.2.1", &[("authorization", "Bearer opensesame")]).await,
        200
    );
    assert_eq!(
        read("192.0.2.1", &[("authorization", "Bearer opensesam")]).await,
        403
    );
}

#[tokio::test]
async fn measures_name_the_route_and_never_the_path() {
    let operation = Operation {
        readers: vec!["127.0.0.0/8".parse().unwrap()],
        ..Operation::default()
    };
    let site = site(&app(operation), 100);
    get(&site, "127.0.0.1", "/policies/somebodys-name", &[]).await;
    get(&site, "127.0.0.1", "/nobody-knows", &[]).await;
    let (_, headers, text) = get(&site, "127.0.0.1", "/metrics", &[]).await;
    assert!(
        headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    assert!(
        !text.contains("somebodys") && !text.contains("nobody-knows"),
        "{text}"
    );
    assert!(
        text.contains("probity_requests_total{method=\"GET\",route=\"(none)\",status=\"404\"} 1"),
        "{text}"
    );
    assert!(
        text.contains("probity_request_duration_seconds_count{method=\"GET\",route=\"(none)\"} 1"),
        "{text}"
    );
    assert!(text.contains("probity_build_info{version="), "{text}");
}

on_both! {
    async fn a_node_is_well_and_ready_until_it_stops_or_its_database_does(test: TestStore) {
        let app = app(Operation::default()).with_store(test.store.clone(), false);
        let site = site(&app, 100);
        let state = async |path: &str| get(&site, "192.0.2.1", path, &[]).await.0.as_u16();
        assert_eq!((state("/healthz").await, state("/readyz").await), (200, 200));
        app.operation().stop();
        assert_eq!((state("/healthz").await, state("/readyz").await), (200, 503));
    }

    async fn a_database_that_a_newer_program_upgraded_makes_a_node_well_but_not_ready(test: TestStore) {
        let mut tx = test.store.begin_installation().await.unwrap();
        tx.execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES ($1, 'newer', $2 = $2, $3, 0)",
            crate::values![9999_i64, 1_i64, b"x".to_vec()],
        )
        .await
        .unwrap();
        tx.commit_unrecorded().await.unwrap();
        let site = site(&app(Operation::default()).with_store(test.store.clone(), false), 100);
        assert_eq!(get(&site, "192.0.2.1", "/healthz", &[]).await.0, 200);
        let (status, _, text) = get(&site, "192.0.2.1", "/readyz", &[]).await;
        assert_eq!(status, 503);
        assert!(text.contains("9999"), "{text}");
    }

    async fn a_closed_database_is_told_at_once(test: TestStore) {
        let site = site(&app(Operation::default()).with_store(test.store.clone(), false), 100);
        test.store.close().await;
        let (status, _, text) = get(&site, "192.0.2.1", "/healthz", &[]).await;
        assert_eq!((status.as_u16(), text.as_str()), (503, "the database does not answer"));
    }

    async fn nodes_that_live_are_counted_and_those_that_left_or_went_silent_are_not(test: TestStore) {
        let node = |name: &str| Node::new(&test.store, name.to_owned()).unwrap();
        let (one, other, third) = (node("a"), node("b"), node("c"));
        assert_eq!(one.beat(&test.store).await.unwrap(), 1);
        assert_eq!(other.beat(&test.store).await.unwrap(), 2);
        assert_eq!(third.beat(&test.store).await.unwrap(), 3);
        other.leave(&test.store).await;
        assert_eq!(one.beat(&test.store).await.unwrap(), 2);
        test.hand.advance(Duration::from_secs(16));
        assert_eq!(one.beat(&test.store).await.unwrap(), 1);
    }
}
