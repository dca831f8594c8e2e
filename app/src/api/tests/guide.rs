//! The guide's examples: each `curl` can be sent, and the answer holds what the guide shows.

use serde_json::Value as Json;

use super::contract::{assert_described, document};
use super::{Answer, get, post, site};

const GUIDE: &str = include_str!("../../../../docs/reference/http.md");
const SERVER: &str = "http://127.0.0.1:8080";

/// The fenced blocks of the guide: language and text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = GUIDE.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

async fn run(curl: &str) -> (String, String, Answer) {
    let site = site();
    let after = curl.split_once(SERVER).expect(curl).1;
    let (path, rest) = after.split_once([' ', '\n']).unwrap_or((after, ""));
    let path = path.trim_matches('\'');
    let plain = path.split('?').next().unwrap().to_owned();
    match rest.trim().strip_prefix("--json '") {
        Some(body) => {
            let body = body.trim_end().strip_suffix('\'').expect(curl);
            let answer = post(&site, path, body.to_owned()).await;
            ("POST".to_owned(), plain, answer)
        }
        None => ("GET".to_owned(), plain, get(&site, path).await),
    }
}

/// Whether the answer holds all that is shown.
fn holds(answer: &Json, shown: &Json) -> bool {
    match (answer, shown) {
        (Json::Object(answer), Json::Object(shown)) => shown
            .iter()
            .all(|(name, value)| answer.get(name).is_some_and(|own| holds(own, value))),
        (Json::Array(answer), Json::Array(shown)) => {
            answer.len() == shown.len() && answer.iter().zip(shown).all(|(a, s)| holds(a, s))
        }
        _ => answer == shown,
    }
}

#[tokio::test]
async fn every_example_of_the_guide_runs_and_gives_what_is_shown() {
    let document = document();
    let blocks = blocks();
    let mut run_so_far = 0;
    for (index, (language, curl)) in blocks.iter().enumerate() {
        if *language != "sh" {
            continue;
        }
        let (method, path, answer) = run(curl).await;
        let paths = document["paths"].as_object().unwrap();
        let described = paths.keys().find(|p| {
            **p == path
                || p.strip_suffix("{id}")
                    .is_some_and(|stem| path.starts_with(stem))
        });
        assert_described(&document, &method, described.expect(&path), &answer);
        match blocks
            .get(index + 1)
            .filter(|(language, _)| *language == "json")
        {
            Some((_, shown)) => {
                let shown: Json = serde_json::from_str(shown).unwrap();
                assert!(holds(&answer.json(), &shown), "{curl}\n{}", answer.text);
            }
            None => assert_eq!(answer.status, 200, "{curl}\n{}", answer.text),
        }
        run_so_far += 1;
    }
    assert!(run_so_far >= 5, "{run_so_far}");
}
