//! Showing once more who one is: with the second factor where there is one, and at a provider.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::factors::set_up;
use super::local::{Local, honest};
use super::site::{Browser, PASSWORD, person, signed_in, site, with_password};
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// Whether the only session of somebody was proved at this moment.
async fn proved_now(test: &TestStore, person: &str) -> bool {
    let now = test.store.clock().now();
    let sql =
        "SELECT COUNT(*) AS n FROM session WHERE trust = $1 AND person = $2 AND proved_at = $3";
    test.store
        .read(&test.trust)
        .count(sql, values![person, now])
        .await
        .unwrap()
        == 1
}

on_both! {
    async fn the_second_factor_is_asked_for_as_well(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        with_password(&test, &kate).await;
        let (totp, recovery) = set_up(&test, &kate).await;
        let mut browser = signed_in(&test, &kate).await;
        test.hand.advance(Duration::from_secs(400));
        assert!(browser.get("/sign-in/again").await.text.contains("Code from your app"));
        let without = browser.post("/sign-in/again", &[("password", PASSWORD)]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!proved_now(&test, "p1").await);
        let now = u64::try_from(test.store.clock().now().as_second()).unwrap();
        let code = totp.generate(now).to_string();
        let wrong = browser.post("/sign-in/again", &[("password", "not it"), ("code", &code)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let both = [("password", PASSWORD), ("code", &code), ("next", "/accounts")];
        assert_eq!(browser.post("/sign-in/again", &both).await.location, "/accounts");
        assert!(proved_now(&test, "p1").await);
        let used = browser.post("/sign-in/again", &both).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "each code works once");
        let recovered = [("password", PASSWORD), ("code", recovery[0].as_str())];
        assert_eq!(browser.post("/sign-in/again", &recovered).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_provider_is_to_ask_anew_and_to_say_when_it_did(test: TestStore) {
        person(&test, "p1", &["head"]).await;
        let local = Local::start(&test).await;
        let mut browser = Browser::new(&site(&test));
        let trip = local.leave(&mut browser).await;
        local.will_send(&honest(&local.claims(&trip)));
        browser.get(&trip.back).await;
        assert!(!proved_now(&test, "p1").await, "a provider may have let them through");
        let asked = browser.get(&format!("/sign-in/again/with/{}?next=/accounts", local.id)).await;
        assert!(asked.location.contains("prompt=login") && asked.location.contains("max_age=0"), "{}", asked.location);
        assert!(browser.get("/sign-in/again").await.text.contains("again&#x2f;with"));
        let now = test.store.clock().now().as_second();
        for (said, status, proved) in [
            (json!({}), StatusCode::FORBIDDEN, false),
            (json!({ "auth_time": now - 3600 }), StatusCode::FORBIDDEN, false),
            (json!({ "auth_time": now, "sub": "other", "email": "p9@elm.example" }), StatusCode::FORBIDDEN, false),
            (json!({ "auth_time": now }), StatusCode::SEE_OTHER, true),
        ] {
            let trip = local.leave_again(&mut browser).await;
            let mut claims = local.claims(&trip);
            for (claim, value) in said.as_object().unwrap() {
                claims[claim] = value.clone();
            }
            local.will_send(&honest(&claims));
            assert_eq!(browser.get(&trip.back).await.status, status, "{said}");
            assert_eq!(proved_now(&test, "p1").await, proved, "{said}");
        }
    }
}
