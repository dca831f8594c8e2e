//! The guards around features, tried on a feature made for it.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use axum::routing::{get, post};
use serde::Deserialize;
use tower::ServiceExt as _;

use super::extract::{Form, Json, Path, Query};
use super::{App, Limits, guarded};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    policy: String,
    age: Option<u8>,
}

fn limits() -> Limits {
    Limits {
        body_bytes: 1000,
        request_timeout: Duration::from_secs(15),
        requests_per_second: NonZeroU32::MIN,
        burst_requests: NonZeroU32::new(100).unwrap(),
    }
}

fn feature() -> Router<App> {
    Router::new()
        .route(
            "/panics",
            get(|| async { panic!("the words of a person") as &'static str }),
        )
        .route("/hangs", get(std::future::pending::<&'static str>))
        .route(
            "/form",
            post(async |Form(question): Form<Question>| question.policy),
        )
        .route(
            "/query",
            get(async |Query(asked): Query<Question>| format!("{:?}", asked.age)),
        )
        .route("/number/{n}", get(async |Path(n): Path<u8>| n.to_string()))
        .route(
            "/api/v1/ask",
            post(async |Json(question): Json<Question>| question.policy),
        )
}

async fn send(request: Request<Body>) -> Response<Body> {
    guarded(feature(), App::sample(), &limits())
        .oneshot(request)
        .await
        .unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

fn get_request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn json_request(body: impl Into<Body>) -> Request<Body> {
    Request::post("/api/v1/ask")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}

async fn refused_json(body: &str) -> (u16, String) {
    let response = send(json_request(body.to_owned())).await;
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let status = response.status().as_u16();
    let problem: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["instance"], "/api/v1/ask");
    assert!(problem["what_to_do"].is_string() && problem["title"].is_string());
    (status, problem["detail"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_panic_is_a_500_page_that_does_not_repeat_it() {
    let response = send(get_request("/panics")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let page = text(response).await;
    assert!(page.contains("there is a fault in the service"));
    assert!(!page.contains("the words of a person"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up() {
    let response = send(get_request("/hangs")).await;
    assert_eq!(response.status(), 503);
    assert!(text(response).await.contains("that took too long"));
}

#[tokio::test]
async fn json_that_does_not_fit_is_a_problem_that_says_why() {
    let (status, detail) = refused_json("{\"policy\": ").await;
    assert_eq!(status, 400);
    assert!(detail.contains("line 1 column 11"), "{detail}");
    let (status, detail) = refused_json("{\"policy\": \"yes\", \"colour\": 1}").await;
    assert_eq!(status, 422);
    assert!(detail.contains("unknown field `colour`"), "{detail}");
    let (status, detail) = refused_json("{\"policy\": \"yes\", \"age\": 300}").await;
    assert_eq!(status, 422);
    assert!(
        detail.contains("300") && !detail.contains("target type"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_body_of_the_wrong_type_is_a_415() {
    let request = Request::post("/api/v1/ask")
        .body(Body::from("policy=yes"))
        .unwrap();
    let response = send(request).await;
    assert_eq!(response.status(), 415);
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_read_and_one_over_it_is_a_413() {
    let sized = |bytes: usize| {
        let padding = " ".repeat(bytes - "{\"policy\":\"yes\"}".len());
        format!("{{\"policy\":\"yes\"}}{padding}")
    };
    let response = send(json_request(sized(1000))).await;
    assert_eq!(
        (response.status().as_u16(), text(response).await.as_str()),
        (200, "yes")
    );
    let (status, detail) = refused_json(&sized(1001)).await;
    assert_eq!(status, 413);
    assert!(detail.contains("1000 bytes"), "{detail}");
}

#[tokio::test]
async fn forms_queries_and_paths_that_do_not_fit_are_pages() {
    let form = Request::post("/form")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("age=12"))
        .unwrap();
    let response = send(form).await;
    assert_eq!(response.status(), 422);
    assert!(text(response).await.contains("missing field"));
    assert_eq!(
        send(get_request("/query?policy=yes&age=old"))
            .await
            .status(),
        400
    );
    assert_eq!(
        text(send(get_request("/query?policy=yes&age=9")).await).await,
        "Some(9)"
    );
    assert_eq!(send(get_request("/number/many")).await.status(), 404);
    assert_eq!(text(send(get_request("/number/7")).await).await, "7");
}

#[tokio::test]
async fn the_wrong_method_is_a_page_that_names_the_right_one() {
    let response = send(get_request("/form")).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()[header::ALLOW], "POST");
    assert!(
        text(response)
            .await
            .contains("not for this kind of request")
    );
}
