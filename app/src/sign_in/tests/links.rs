use std::time::Duration;

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::site::{Browser, events, person, site};
use crate::authority::Actor;
use crate::sign_in::{LinkKind, make_link};
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};

async fn link(test: &TestStore, person: &PersonId) -> String {
    let operator = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let path = make_link(
        &mut tx,
        &operator,
        person,
        LinkKind::OneTime,
        SignedDuration::from_mins(10),
    )
    .await;
    tx.commit().await.unwrap();
    path.unwrap()
}

on_both! {
    async fn a_link_signs_in_once_and_only_by_its_button(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let path = link(&test, &kate).await;
        let mut browser = Browser::new(&site(&test));
        for _ in 0..3 {
            let shown = browser.get(&path).await;
            assert_eq!(shown.status, StatusCode::OK, "a mail scanner may look");
            assert!(shown.text.contains("Sign in as Kate Adeyemi"));
        }
        assert!(!browser.signed_in().await);
        let answer = browser.post(&path, &[]).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/home"));
        assert!(browser.signed_in().await);
        assert_eq!(Browser::new(&site(&test)).post(&path, &[]).await.status, StatusCode::GONE);
        assert_eq!(browser.get(&path).await.status, StatusCode::GONE);
        assert_eq!(events(&test, &kate).await, ["sign-in.link-made", "sign-in.by-link"]);
    }

    async fn a_link_ends_the_session_that_the_browser_had(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let mut browser = Browser::new(&site(&test));
        let first = link(&test, &kate).await;
        browser.post(&first, &[]).await;
        let old = browser.session().to_owned();
        let second = link(&test, &kate).await;
        browser.post(&second, &[]).await;
        assert_ne!(browser.session(), old);
        browser.cookies.insert("probity".into(), old);
        assert!(!browser.signed_in().await);
    }

    async fn a_newer_link_and_time_end_a_link(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let first = link(&test, &kate).await;
        let second = link(&test, &kate).await;
        let mut browser = Browser::new(&site(&test));
        assert_eq!(browser.post(&first, &[]).await.status, StatusCode::GONE);
        test.hand.advance(Duration::from_secs(10 * 60));
        assert_eq!(browser.post(&second, &[]).await.status, StatusCode::GONE);
        assert!(!browser.signed_in().await);
    }
}
