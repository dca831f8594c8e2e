//! `ask`: from a person's words, question by question, to the decision.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value as Json, json};

use super::contract::{assert_described, document};
use super::{post, site};

const ASK: &str = "/api/v1/ask";

async fn step(body: &Json) -> Json {
    let answer = post(&site(), ASK, body.to_string()).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.text);
    assert_described(&document(), "POST", ASK, &answer);
    answer.json()
}

/// Answers a question: the first value that is offered, or every other member.
fn answer(known: &Json, question: &Json) -> Json {
    let mut given = known.as_object().unwrap().clone();
    let id = |of: &Json| of["id"].as_str().unwrap().to_owned();
    match question["kind"].as_str().unwrap() {
        "choice" => {
            given.insert(id(question), question["values"][0]["id"].clone());
        }
        _ => {
            for (index, member) in question["members"].as_array().unwrap().iter().enumerate() {
                given.insert(id(member), Json::Bool(index % 2 == 0));
            }
        }
    }
    Json::Object(given)
}

/// Asks to the end, sending back what is known each time.
async fn walk(policy: &str, mut asked: Json) -> (Json, usize) {
    for steps in 0..20 {
        let Some(question) = asked.get("question").filter(|q| !q.is_null()) else {
            return (asked, steps);
        };
        assert!(asked["possible"].as_array().unwrap().len() > 1);
        assert_eq!(asked["decision"], Json::Null);
        let given = answer(&asked["known"], question);
        asked = step(&json!({ "policy": policy, "given": given })).await;
    }
    panic!("no end of questions: {asked}");
}

#[tokio::test]
async fn words_are_understood_and_questions_lead_to_what_decide_says() {
    let text = "can I accept a friend request from a former pupil, she is 17";
    for policy in ["yes", "stivichall", "cmat", "tlt", "link", "model"] {
        let first = step(&json!({ "policy": policy, "text": text })).await;
        assert_eq!(first["known"]["act"], "connect");
        assert_eq!(first["known"]["other"], "ex-pupil");
        assert_eq!(first["known"]["other_age"], "under-18");
        let words = first["understood"].as_array().unwrap().iter();
        assert!(words.clone().all(|fact| fact["words"].is_string()) && words.len() > 2);
        let (last, steps) = walk(policy, first).await;
        assert!(steps <= 8, "{policy}: {steps} questions");
        let body = json!({ "policy": policy, "given": last["known"] });
        let decided = post(&site(), "/api/v1/decide", body.to_string())
            .await
            .json();
        assert_eq!(
            decided["headline"], last["decision"]["headline"],
            "{policy}"
        );
        assert_eq!(json!([decided["headline"]]), last["possible"], "{policy}");
        assert_eq!(decided["law"], last["decision"]["law"], "{policy}");
    }
}

#[tokio::test]
async fn nothing_known_is_asked_from_the_start() {
    let first = step(&json!({ "policy": "link" })).await;
    assert_eq!(
        (&first["known"], &first["understood"]),
        (&json!({}), &json!([]))
    );
    assert_eq!(first["question"]["id"], "act");
    walk("link", first).await;
}

#[tokio::test]
async fn what_is_given_outranks_what_was_read() {
    let body = json!({
        "policy": "link", "text": "message a pupil", "given": { "other": "parent" }, "id": "a",
    });
    let asked = step(&body).await;
    assert_eq!(asked["known"]["other"], "parent");
    assert_eq!(
        (&asked["known"]["act"], &asked["id"]),
        (&json!("message"), &json!("a"))
    );
}

#[tokio::test]
async fn known_facts_come_back_as_they_can_be_given() {
    let mut given = Map::new();
    given.insert("act".into(), json!("connect"));
    given.insert("other".into(), json!(["pupil", "ex-pupil"]));
    given.insert("tie_own_child".into(), json!(true));
    let asked = step(&json!({ "policy": "yes", "given": given })).await;
    assert_eq!(asked["known"]["other"], json!(["pupil", "ex-pupil"]));
    assert_eq!(asked["known"]["tie_own_child"], true);
    assert_eq!(
        asked["known"]["tie_relative"], true,
        "it comes with one's own child"
    );
}

#[tokio::test]
async fn a_text_may_have_2000_characters() {
    let site = site();
    let sized = |characters: usize| json!({ "policy": "yes", "text": "é".repeat(characters) });
    step(&sized(2000)).await;
    let answer = post(&site, ASK, sized(2001).to_string()).await;
    assert_eq!(answer.status, 422);
    assert_described(&document(), "POST", ASK, &answer);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains("2001 characters; use 2000 or fewer"),
        "{detail}"
    );
    assert!(!detail.contains('é'));
    let answer = post(&site, ASK, r#"{"policy":"yes","text":["words"]}"#).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.text.contains("words"));
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_persons_words_and_facts_are_in_no_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    crate::web::testing::hear_everywhere();
    let _guard = tracing::subscriber::set_default(subscriber);
    let site = site();
    for body in [
        r#"{"policy":"link","text":"may I message a former pupil on Snapchat"}"#,
        r#"{"policy":"link","given":{"act":"message","platform":"snapchat"}}"#,
        r#"{"policy":"link","text":"may I message a former pupil on Snapchat""#,
        r#"{"policy":"nowhere","text":"may I message a former pupil on Snapchat"}"#,
    ] {
        post(&site, ASK, body).await;
        post(&site, "/api/v1/decide", body).await;
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.matches(ASK).count() >= 4, "{log}");
    for word in [
        "Snapchat", "snapchat", "message", "pupil", "link", "nowhere",
    ] {
        assert!(!log.contains(word), "{word}: {log}");
    }
}
