//! Answers of a provider that are not to be believed. Each is the honest answer with one thing
//! wrong; the honest one itself is taken.

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD as BASE64URL;
use openidconnect::PrivateSigningKey as _;
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde_json::{Value, json};

use super::local::{Local, SECRET, by_secret, honest, key, signed};
use super::site::{Browser, events, person, site};
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn begun(test: &TestStore) -> Local {
    person(test, "p1", &["head"]).await;
    Local::start(test).await
}

/// Comes back with the ID token that is made from the honest claims.
async fn refused(test: &TestStore, local: &Local, make: impl Fn(Value) -> String) {
    let mut browser = Browser::new(&site(test));
    let trip = local.leave(&mut browser).await;
    local.will_send(&make(local.claims(&trip)));
    let answer = browser.get(&trip.back).await;
    nobody(test, &mut browser, answer.status).await;
    // And it stays over, even when the provider has thought better of it.
    local.will_send(&honest(&local.claims(&trip)));
    let again = browser.get(&trip.back).await;
    nobody(test, &mut browser, again.status).await;
}

/// The answer was refused, and nobody was signed in by it.
async fn nobody(test: &TestStore, browser: &mut Browser, status: StatusCode) {
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(!browser.signed_in().await);
    let kate = "p1".parse().unwrap();
    assert!(events(test, &kate).await.is_empty());
    let sessions = test
        .store
        .read(&test.trust)
        .count(
            "SELECT COUNT(*) AS n FROM session WHERE trust = $1 AND person = $2",
            values![&kate],
        )
        .await;
    assert_eq!(sessions.unwrap(), 0);
}

fn with(mut claims: Value, claim: &str, value: Value) -> Value {
    claims[claim] = value;
    claims
}

fn without(mut claims: Value, claim: &str) -> Value {
    claims.as_object_mut().unwrap().remove(claim);
    claims
}

on_both! {
    async fn the_honest_answer_is_taken_once(test: TestStore) {
        let local = begun(&test).await;
        let mut browser = Browser::new(&site(&test));
        let trip = local.leave(&mut browser).await;
        let before = browser.clone();
        local.will_send(&honest(&local.claims(&trip)));
        assert_eq!(browser.get(&trip.back).await.location, "/home");
        assert!(browser.signed_in().await);
        let mut replaying = before;
        assert_eq!(replaying.get(&trip.back).await.status, StatusCode::BAD_REQUEST);
        assert!(!replaying.signed_in().await);
    }

    async fn an_id_token_of_another_trip_is_refused(test: TestStore) {
        let local = begun(&test).await;
        refused(&test, &local, |claims| honest(&with(claims, "nonce", json!("another")))).await;
        refused(&test, &local, |claims| honest(&without(claims, "nonce"))).await;
        let earlier = local.leave(&mut Browser::new(&site(&test))).await;
        let replayed = honest(&local.claims(&earlier));
        refused(&test, &local, |_| replayed.clone()).await;
    }

    async fn an_id_token_of_another_issuer_is_refused(test: TestStore) {
        let local = begun(&test).await;
        let other = || json!("https://elsewhere.example");
        refused(&test, &local, |claims| honest(&with(claims, "iss", other()))).await;
        refused(&test, &local, |claims| honest(&without(claims, "iss"))).await;
        let slash = json!(format!("{}/", local.issuer));
        refused(&test, &local, |claims| honest(&with(claims, "iss", slash.clone()))).await;
    }

    async fn an_id_token_for_another_client_is_refused(test: TestStore) {
        let local = begun(&test).await;
        for audience in [json!("another"), json!([]), json!(["probity", "another"])] {
            refused(&test, &local, |claims| honest(&with(claims, "aud", audience.clone()))).await;
        }
        refused(&test, &local, |claims| honest(&without(claims, "aud"))).await;
    }

    async fn an_id_token_whose_time_is_over_is_refused(test: TestStore) {
        let local = begun(&test).await;
        refused(&test, &local, |claims| honest(&with(claims, "exp", json!(1_700_000_060)))).await;
        refused(&test, &local, |claims| honest(&without(claims, "exp"))).await;
    }

    async fn an_id_token_that_was_changed_after_signing_is_refused(test: TestStore) {
        let local = begun(&test).await;
        let changed = |claims: Value| {
            let token = honest(&with(claims.clone(), "sub", json!("somebody")));
            let parts: Vec<&str> = token.split('.').collect();
            let payload = BASE64URL.encode(claims.to_string().as_bytes());
            format!("{}.{payload}.{}", parts[0], parts[2])
        };
        refused(&test, &local, changed).await;
        let half = |claims: Value| {
            let mut token = honest(&claims);
            token.truncate(token.len() - 20);
            token
        };
        refused(&test, &local, half).await;
        let stranger = |claims: Value| {
            let header = json!({ "alg": "EdDSA", "kid": "first" });
            signed(&key(2), &CoreJwsSigningAlgorithm::EdDsa, &header, &claims)
        };
        refused(&test, &local, stranger).await;
    }

    async fn an_id_token_that_nobody_signed_is_refused(test: TestStore) {
        let local = begun(&test).await;
        for algorithm in ["none", "None", "EdDSA"] {
            let unsigned = |claims: Value| {
                let part = |value: &Value| BASE64URL.encode(value.to_string().as_bytes());
                format!("{}.{}.", part(&json!({ "alg": algorithm })), part(&claims))
            };
            refused(&test, &local, unsigned).await;
        }
    }

    async fn an_id_token_signed_with_a_shared_or_public_secret_is_refused(test: TestStore) {
        let local = begun(&test).await;
        refused(&test, &local, |claims| by_secret(SECRET.as_bytes(), &claims)).await;
        let public = serde_json::to_value(key(1).as_verification_key()).unwrap();
        let public = BASE64URL.decode(public["x"].as_str().unwrap().as_bytes()).unwrap();
        refused(&test, &local, |claims| by_secret(&public, &claims)).await;
    }

    async fn an_answer_without_its_id_token_or_with_that_of_another_is_refused(test: TestStore) {
        let local = begun(&test).await;
        refused(&test, &local, |claims| honest(&with(claims, "at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")))).await;
        let mut browser = Browser::new(&site(&test));
        let trip = local.leave(&mut browser).await;
        local.will_send_none();
        let status = browser.get(&trip.back).await.status;
        nobody(&test, &mut browser, status).await;
    }

    async fn a_state_that_this_browser_did_not_ask_with_is_refused(test: TestStore) {
        let local = begun(&test).await;
        let whole = |state: &str| format!("/sign-in/return/{}?code=abc{state}", local.id);
        let elsewhere = local.leave(&mut Browser::new(&site(&test))).await;
        for wrong in ["", "&state=", "&state=another", &format!("&state={}", elsewhere.state)] {
            let mut browser = Browser::new(&site(&test));
            let trip = local.leave(&mut browser).await;
            local.will_send(&honest(&local.claims(&trip)));
            let status = browser.get(&whole(wrong)).await.status;
            nobody(&test, &mut browser, status).await;
            // The right one comes too late.
            let status = browser.get(&trip.back).await.status;
            nobody(&test, &mut browser, status).await;
        }
        let mut stranger = Browser::new(&site(&test));
        let status = stranger.get(&elsewhere.back).await.status;
        nobody(&test, &mut stranger, status).await;
    }
}
