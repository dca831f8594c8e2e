//! What is wrong with a request is said, in the form that the document describes; and after
//! everything that is sent here, the router still answers.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value as Json;

use super::contract::{assert_described, document};
use super::{Answer, limited, post, send, site};

const DECIDE: &str = "/api/v1/decide";
/// The endpoints that take a body.
const POSTS: [&str; 2] = [DECIDE, "/api/v1/ask"];

/// A problem as described, its status and what it tells.
fn told(document: &Json, path: &str, answer: &Answer) -> (u16, String) {
    assert_eq!(answer.media_type, "application/problem+json", "{path}");
    assert_described(document, "POST", path, answer);
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    assert_eq!(problem["instance"], path);
    (
        answer.status,
        problem["detail"].as_str().unwrap().to_owned(),
    )
}

async fn still_serving(site: &Router) {
    let answer = post(site, DECIDE, r#"{"policy":"yes"}"#).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn what_is_no_json_is_a_400_with_its_place() {
    let (site, document) = (site(), document());
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_given = format!(
        "{{\"policy\":\"yes\",\"given\":{}",
        "{\"act\":".repeat(10_000)
    );
    let broken: [&[u8]; 10] = [
        b"",
        b"{\"policy\": ",
        b"{\"policy\": \"yes\", \"given\": {\"act\": \"conn",
        b"{\"policy\": \"yes\"} {}",
        b"{'policy': 'yes'}",
        b"{\"policy\": \"\xff\xfe\"}",
        b"{\"policy\": \"yes\", \"given\": {\"act\": 1e999}}",
        b"{\"policy\": \"\\ud800\"}",
        deep.as_bytes(),
        deep_given.as_bytes(),
    ];
    for path in POSTS {
        for body in broken {
            let answer = post(&site, path, body.to_vec()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let (status, detail) = told(&document, path, &answer);
            assert_eq!(status, 400, "{shown}");
            assert!(detail.contains("line 1 column "), "{shown}: {detail}");
            still_serving(&site).await;
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_is_a_422_that_names_it() {
    let (site, document) = (site(), document());
    for (body, named) in [
        (r#"[]"#, "one JSON object"),
        (r#""some words""#, "one JSON object"),
        (r#"{}"#, "'policy' is missing"),
        (r#"{"policy":null}"#, "'policy' is missing"),
        (r#"{"policy":7}"#, "'policy' must be a text"),
        (r#"{"policy":"yes","polcy":1}"#, "'polcy' is not a field"),
        (
            r#"{"policy":"yes","policy":"link"}"#,
            "'policy' stands twice in one object at line 1 column 2",
        ),
        (
            r#"{"policy":"yes","given":{"act":"post","act":"use"}}"#,
            "'act' stands twice",
        ),
        (
            r#"{"policy":"yes","given":[]}"#,
            "A situation is a JSON object",
        ),
        (
            r#"{"policy":"yes","given":"words"}"#,
            "A situation is a JSON object",
        ),
        (
            r#"{"policy":"yes","given":{"atc":"post"}}"#,
            "There is no attribute 'atc'; did you mean 'act'?",
        ),
        (
            r#"{"policy":"yes","given":{"act":"conect"}}"#,
            "'act' cannot be 'conect'; did you mean 'connect'?",
        ),
        (
            r#"{"policy":"yes","given":{"act":12345678901234567890123}}"#,
            "'act' must be a value",
        ),
        (
            r#"{"policy":"yes","given":{"act":{"act":1}}}"#,
            "'act' must be a value",
        ),
        (
            r#"{"policy":"yes","given":{"act":[]}}"#,
            "'act' must be a value",
        ),
        (
            r#"{"policy":"yes","given":{"act":null}}"#,
            "'act' must be a value",
        ),
    ] {
        for path in POSTS {
            let answer = post(&site, path, body).await;
            let (status, detail) = told(&document, path, &answer);
            assert_eq!(status, 422, "{body}");
            assert!(detail.contains(named), "{body}: {detail}");
        }
    }
    let body = r#"{"policy":"yes","id":{"a":1}}"#;
    let (status, detail) = told(&document, DECIDE, &post(&site, DECIDE, body).await);
    assert_eq!(
        (status, detail.as_str()),
        (422, "'id' must be a text or a number.")
    );
    still_serving(&site).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let (site, document) = (site(), document());
    let library = crate::web::App::sample().library();
    let vocabulary = library.vocabulary();
    let mut refused = 0;
    for impossible in vocabulary.impossible() {
        let given: serde_json::Map<String, Json> = impossible
            .when
            .sets()
            .iter()
            .map(|(index, values)| {
                let attribute = vocabulary.at(*index).unwrap();
                let value = values.iter().next().unwrap();
                (attribute.id.clone(), Json::from(attribute.value_id(value)))
            })
            .collect();
        let body = serde_json::json!({ "policy": "yes", "given": given });
        let answer = post(&site, DECIDE, body.to_string()).await;
        let (status, detail) = told(&document, DECIDE, &answer);
        assert_eq!(status, 422, "{}", impossible.name);
        assert!(detail.starts_with("This cannot be: "), "{detail}");
        refused += 1;
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn a_policy_that_is_not_there_is_a_404_with_the_nearest_one() {
    let (site, document) = (site(), document());
    for path in POSTS {
        let answer = post(&site, path, r#"{"policy":"stivichal"}"#).await;
        let (status, detail) = told(&document, path, &answer);
        assert_eq!(status, 404);
        assert!(detail.contains("Did you mean 'stivichall'?"), "{detail}");
    }
    let answer = post(&site, DECIDE, r#"{"policy":"../../etc/passwd"}"#).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn the_wrong_type_size_method_and_site_are_refused() {
    let (site, document) = (site(), document());
    for path in POSTS {
        for kind in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ] {
            let mut request = Request::post(path);
            if let Some(kind) = kind {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let request = request.body(Body::from(r#"{"policy":"yes"}"#)).unwrap();
            let answer = send(&site, request).await;
            assert_eq!(told(&document, path, &answer).0, 415);
        }
        let answer = post(&site, path, vec![b'['; 10_000_000]).await;
        assert_eq!(told(&document, path, &answer).0, 413);
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(told(&document, path, &send(&site, request).await).0, 405);
        let request = Request::post(path)
            .header("sec-fetch-site", "cross-site")
            .body(Body::empty());
        let answer = send(&site, request.unwrap()).await;
        assert_eq!(told(&document, path, &answer).0, 403);
    }
    still_serving(&site).await;
}

#[tokio::test]
async fn too_many_requests_are_a_429() {
    let (site, document) = (limited(1), document());
    still_serving(&site).await;
    let answer = post(&site, DECIDE, r#"{"policy":"yes"}"#).await;
    assert_eq!(told(&document, DECIDE, &answer).0, 429);
}

/// What a person says in their own words is in no error, wherever in the body it stands.
#[tokio::test]
async fn no_error_repeats_a_persons_words() {
    let (site, document) = (site(), document());
    let words = "she told me in confidence";
    for body in [
        format!(r#""{words}""#),
        format!(r#"["{words}"]"#),
        format!(r#"{{"policy":"yes","given":"{words}"}}"#),
        format!(r#"{{"policy":["{words}"]}}"#),
        format!(r#"{{"policy":"yes","words":"{words}"}}"#),
        format!(r#"{{"policy":"yes","given":{{"act":{{"{words}":1}}}}}}"#),
        format!(r#"{{"policy":"yes","id":["{words}"]}}"#),
        format!(r#"{{"policy":"yes","given":"{words}"#),
        format!(r#"{{"policy":"no","text":"{words}"}}"#),
        format!(r#"{{"policy":"yes","text":"{words}","given":{{"act":"x"}}}}"#),
        format!(r#"{{"policy":"yes","text":"{words}","text":"{words}"}}"#),
        format!(r#"{{"policy":"yes","text":{{"{words}":"{words}"}}}}"#),
        format!(r#"{{"policy":"yes","text":"{}{words}"}}"#, "x".repeat(2000)),
        words.to_owned(),
    ] {
        for path in POSTS {
            let answer = post(&site, path, body.clone()).await;
            told(&document, path, &answer);
            assert!(!answer.text.contains("confidence"), "{body}");
        }
    }
}
