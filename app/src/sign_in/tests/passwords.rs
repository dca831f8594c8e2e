use std::time::Duration;

use axum::http::StatusCode;

use super::site::{Answer, Browser, PASSWORD, events, person, signed_in, site, with_password};
use crate::store::testing::on_both;

async fn sign_in(browser: &mut Browser, name: &str, password: &str) -> Answer {
    let fields = [
        ("name", name),
        ("password", password),
        ("next", "/people?a=b"),
    ];
    browser.post("/sign-in", &fields).await
}

on_both! {
    async fn a_password_signs_in_and_leads_to_the_page_that_was_wanted(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let mut browser = Browser::new(&site(&test));
        let wanted = browser.get("/administration").await;
        assert_eq!(wanted.location, "/sign-in?next=%2Fadministration");
        let answer = sign_in(&mut browser, " P1@Elm.example ", PASSWORD).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/people?a=b"));
        assert!(browser.signed_in().await);
        assert_eq!(events(&test, &kate).await, ["sign-in.password-set", "sign-in.by-password"]);
        let away = [("name", "p1@elm.example"), ("password", PASSWORD), ("next", "//elsewhere.example")];
        assert_eq!(browser.post("/sign-in", &away).await.location, "/home");
    }

    async fn an_unknown_name_and_a_wrong_password_are_told_alike(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let mut browser = Browser::new(&site(&test));
        let wrong = sign_in(&mut browser, "p1@elm.example", "marmalade tractor obox").await;
        let unknown = sign_in(&mut browser, "p2@elm.example", PASSWORD).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.text.replace("p1@", "p2@"), unknown.text);
        assert_eq!((wrong.status, wrong.set_cookie), (unknown.status, unknown.set_cookie));
        assert!(!browser.signed_in().await);
        assert_eq!(events(&test, &kate).await.last().unwrap(), "sign-in.failed");
        let of_trust = events(&test, &test.trust.as_str().parse().unwrap()).await;
        assert_eq!(of_trust, ["sign-in.failed"]);
    }

    async fn somebody_who_has_left_is_unknown(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "UPDATE person SET ends_on = '2026-11-19' WHERE trust = $1 AND id = $2",
            crate::values![&kate],
        )
        .await
        .unwrap();
        tx.commit_unrecorded().await.unwrap();
        let mut browser = Browser::new(&site(&test));
        let answer = sign_in(&mut browser, "p1@elm.example", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn tries_are_slowed_down_but_never_for_the_browser_that_is_known(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let mut known = Browser::new(&site(&test));
        sign_in(&mut known, "p1@elm.example", PASSWORD).await;
        known.post("/sign-out", &[]).await;
        // Another node over the same store counts on.
        let mut nodes = [Browser::new(&site(&test)), Browser::new(&site(&test))];
        for number in 0..6 {
            let answer = sign_in(&mut nodes[number % 2], "p1@elm.example", "wrong").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        }
        let blocked = sign_in(&mut nodes[0], "p1@elm.example", PASSWORD).await;
        assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(blocked.text.contains("in a minute"));
        assert_eq!(sign_in(&mut known, "p1@elm.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
        test.hand.advance(Duration::from_secs(10));
        let [mut node, _] = nodes;
        for _ in 0..40 {
            sign_in(&mut node, "p1@elm.example", "wrong").await;
            test.hand.advance(Duration::from_secs(15 * 60));
        }
        let answer = sign_in(&mut node, "p1@elm.example", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "a quarter of an hour is the longest wait");
    }

    async fn a_new_password_ends_the_other_sessions_and_links(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let mut elsewhere = signed_in(&test, &kate).await;
        let mut own = signed_in(&test, &kate).await;
        let refused = own.post("/me/password", &[("password", "short"), ("again", "short")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("12 characters"));
        let new = [("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(own.post("/me/password", &new).await.location, "/me/sign-in");
        assert!(own.signed_in().await);
        assert!(!elsewhere.signed_in().await);
    }

    async fn what_is_worth_a_session_asks_for_the_password_again(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let mut browser = signed_in(&test, &kate).await;
        assert_eq!(browser.get("/me/password").await.status, StatusCode::OK);
        test.hand.advance(Duration::from_secs(16 * 60));
        let again = browser.get("/me/password").await.location;
        assert_eq!(again, "/sign-in/again?next=%2Fme%2Fpassword");
        let new = [("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post("/me/password", &new).await.location, "/sign-in/again");
        let wrong = browser.post("/sign-in/again", &[("password", "wrong"), ("next", "/me/password")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = [("password", PASSWORD), ("next", "/me/password")];
        assert_eq!(browser.post("/sign-in/again", &right).await.location, "/me/password");
        assert_eq!(browser.get("/me/password").await.status, StatusCode::OK);
    }

    async fn sessions_are_listed_and_ended_by_their_owner_alone(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let ben = person(&test, "p2", &["staff"]).await;
        let mut own = signed_in(&test, &kate).await;
        let mut other = signed_in(&test, &kate).await;
        let mut ben = signed_in(&test, &ben).await;
        let page = own.get("/me/sessions").await.text;
        assert_eq!(page.matches("app-card").count(), 2);
        let id = other.session().split('.').nth(1).unwrap().to_owned();
        ben.post(&format!("/me/sessions/{id}/end"), &[]).await;
        assert!(other.signed_in().await, "not Ben's to end");
        own.post(&format!("/me/sessions/{id}/end"), &[]).await;
        assert!(!other.signed_in().await);
        assert!(own.signed_in().await);
    }
}
