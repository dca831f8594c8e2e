//! `decide`: the same decision as on the command line, for every situation at hand.

use serde_json::{Value as Json, json};

use super::contract::{assert_described, document, validator};
use super::{post, site};
use crate::web::App;

/// The situations of the acceptance table.
const SITUATIONS: &str = include_str!("../../../../policies/situations.jsonl");

#[tokio::test]
async fn every_situation_of_the_table_is_decided_as_described_under_every_policy() {
    let (site, app, document) = (site(), App::sample(), document());
    let schema = json!({ "$ref": "#/components/schemas/Decision" });
    let validator = validator(&document, &schema);
    let library = app.library();
    let mut decided = 0;
    for line in SITUATIONS.lines().filter(|line| !line.is_empty()) {
        let row: Json = serde_json::from_str(line).unwrap();
        for table in library.tables() {
            let policy = &table.policy().id;
            let body = json!({ "policy": policy, "given": row["given"], "id": row["id"] });
            let answer = post(&site, "/api/v1/decide", body.to_string()).await;
            assert_eq!(answer.status, 200, "{}: {}", row["id"], answer.text);
            let answer = answer.json();
            let fault = validator.iter_errors(&answer).next();
            assert!(fault.is_none(), "{}: {}", row["id"], fault.unwrap());
            assert_eq!(answer["id"], row["id"]);
            assert_eq!(answer["hash"], table.policy().hash);
            decided += 1;
        }
    }
    assert!(decided >= 89 * 5, "{decided}");
}

#[tokio::test]
async fn the_answer_says_which_paper_it_is_from_and_what_the_law_asks() {
    let site = site();
    let body = json!({ "policy": "stivichall", "given": { "act": "notice-child-at-risk" } });
    let answer = post(&site, "/api/v1/decide", body.to_string()).await.json();
    assert_eq!(answer["review_overdue"], true);
    assert!(!answer["law"].as_array().unwrap().is_empty());
    let ids: Vec<&str> = answer["law"]
        .as_array()
        .unwrap()
        .iter()
        .map(|law| law["id"].as_str().unwrap())
        .collect();
    assert!(ids.iter().any(|id| id.contains("child")), "{ids:?}");
}

#[tokio::test]
async fn an_id_comes_back_as_it_was_sent_and_may_be_left_out() {
    let site = site();
    for id in [json!("E01"), json!(17), json!(null)] {
        let body = json!({ "policy": "yes", "given": {}, "id": id });
        let answer = post(&site, "/api/v1/decide", body.to_string()).await;
        assert_eq!(answer.json()["id"], id);
    }
    let answer = post(&site, "/api/v1/decide", r#"{"policy":"yes"}"#).await;
    assert_eq!(answer.json()["id"], Json::Null);
}

#[tokio::test]
async fn a_list_asks_for_all_its_values_at_once() {
    let (site, document) = (site(), document());
    let list = json!({ "act": "connect", "other": ["pupil", "staff"] });
    let body = json!({ "policy": "yes", "given": list });
    let answer = post(&site, "/api/v1/decide", body.to_string()).await;
    assert_described(&document, "POST", "/api/v1/decide", &answer);
    let answer = answer.json();
    assert_eq!(
        (&answer["standing"], &answer["headline"]),
        (&Json::Null, &json!([]))
    );
    assert!(answer["possible"].as_array().unwrap().len() > 1);

    let list = json!({ "act": "connect", "other": "pupil", "direction": ["they-approached", "i-approach"] });
    let body = json!({ "policy": "yes", "given": list });
    let answer = post(&site, "/api/v1/decide", body.to_string()).await;
    assert_described(&document, "POST", "/api/v1/decide", &answer);
    let answer = answer.json();
    assert_eq!(answer["standing"], "prohibited");
    assert_eq!(answer["possible"], json!([answer["headline"]]));
}
