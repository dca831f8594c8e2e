//! Asking on the web, form by form, as a browser without JavaScript does.

use axum::Router;
use form_urlencoded::Serializer;
use scraper::{Html, Selector};

use crate::site::{get, site};

/// No walk takes more pages, whatever the policy.
const PAGES_AT_MOST: usize = 12;

/// Sends the form of a page: the first of radios, of checkboxes 'none of these' or the first one.
fn sent(page: &str, tick: bool) -> String {
    let page = Html::parse_document(page);
    let inputs = Selector::parse("form[action$='/question'] input").unwrap();
    let mut query = Serializer::new(String::new());
    let mut chosen = false;
    for input in page.select(&inputs).map(|input| input.value()) {
        let (name, value) = (input.attr("name").unwrap(), input.attr("value").unwrap());
        let takes = match input.attr("type") {
            Some("hidden") => true,
            Some("radio") => !chosen,
            _ => !chosen && (tick || name == "none"),
        };
        if takes {
            chosen |= input.attr("type") != Some("hidden");
            query.append_pair(name, value);
        }
    }
    query.finish()
}

/// The pages on the way to an answer.
async fn walk(site: &Router, policy: &str, act: &str, tick: bool) -> Vec<String> {
    let mut at = format!("/ask/{policy}/question?act={act}");
    let mut pages = Vec::new();
    while !at.contains("/answer") {
        let answer = get(site, &at).await;
        if answer.status.is_redirection() {
            at = answer.header("location").to_owned();
            continue;
        }
        assert_eq!(answer.status, 200, "{at}");
        pages.push(at);
        assert!(pages.len() <= PAGES_AT_MOST, "{pages:#?}");
        at = format!("/ask/{policy}/question?{}", sent(answer.text(), tick));
    }
    assert_eq!(get(site, &at).await.status, 200, "{at}");
    pages
}

#[tokio::test]
async fn every_walk_ends_at_an_answer() {
    let site = site(100_000);
    for policy in ["yes", "stivichall", "cmat", "tlt", "link", "model"] {
        for act in [
            "post",
            "message",
            "connect",
            "use",
            "profile",
            "open-account",
        ] {
            for tick in [false, true] {
                walk(&site, policy, act, tick).await;
            }
        }
    }
}
