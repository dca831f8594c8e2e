//! Against a real OpenID provider, where the npm packages are installed.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, Request, StatusCode, header};
use serde_json::{Value, json};
use servers::NodeServer;

use super::local::{enter, return_address, trust_administrator};
use super::site::{Answer, Browser, HOST, events, person, signed_in, site};
use crate::outbound::Outbound;
use crate::store::testing::{TestStore, on_both};

fn settings(back: &str) -> Value {
    json!({
        "client": { "client_id": "probity", "client_secret": "a secret of some length", "redirect_uris": [back] },
        "accounts": [
            { "sub": "kate", "email": "P1@elm.example", "email_verified": true },
            { "sub": "other", "email": "p1@elm.example", "email_verified": true },
            { "sub": "unverified", "email": "p2@elm.example", "email_verified": false },
            { "sub": "stranger", "email": "nobody@elsewhere.example", "email_verified": true },
        ],
    })
}

/// A running provider, entered through the administrator's page; its id here.
async fn provider(test: &TestStore) -> Option<(NodeServer, String)> {
    let server = match NodeServer::openid(&settings("http://127.0.0.1/")) {
        Ok(server) => server,
        Err(why) => {
            servers::not_run(why.to_string());
            return None;
        }
    };
    let administrator = trust_administrator(test, "p9").await;
    let mut browser = signed_in(test, &administrator).await;
    let fields = [
        ("name", "Elm's own"),
        ("issuer", server.address()),
        ("client_id", "probity"),
        ("client_secret", "a secret of some length"),
    ];
    let page = "/administration/sign-in/providers";
    let refused = browser.post(page, &fields).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "plain HTTP is not taken"
    );
    let id = enter(test, &administrator, server.address()).await;
    let listed = browser.get("/sign-in").await;
    assert_eq!(listed.location, "/home", "signed in already");
    server
        .set(&settings(&format!("{}{id}", return_address())))
        .unwrap();
    Some((server, id))
}

/// Follows the provider's pages as a browser would, as far as the way back to this site.
async fn at_provider(start: &str, account: &str) -> String {
    let origin: String = start.split('/').take(3).collect::<Vec<_>>().join("/");
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let (mut address, mut form) = (start.to_owned(), None::<String>);
    for _ in 0..8 {
        let mut request = match &form {
            Some(_) => Request::post(&address),
            None => Request::get(&address),
        };
        let jar: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request = request
            .header(header::COOKIE, jar.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = form.take().unwrap_or_default().into_bytes();
        let answer = Outbound::to_provider(true)
            .send(request.body(body).unwrap())
            .await
            .unwrap();
        for line in answer.headers().get_all(header::SET_COOKIE) {
            let (pair, _) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        match answer
            .headers()
            .get(header::LOCATION)
            .map(HeaderValue::to_str)
        {
            Some(Ok(to)) if to.starts_with(&format!("http://{HOST}")) => {
                return to
                    .strip_prefix(&format!("http://{HOST}"))
                    .unwrap()
                    .to_owned();
            }
            Some(Ok(to)) if to.starts_with('/') => address = format!("{origin}{to}"),
            Some(Ok(to)) => address = to.to_owned(),
            _ => form = Some(format!("account={account}")),
        }
    }
    panic!("the provider does not come back: {address}")
}

async fn round(browser: &mut Browser, id: &str, account: &str) -> (String, Answer) {
    let away = browser
        .get(&format!("/sign-in/with/{id}?next=/people"))
        .await;
    assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text);
    let back = at_provider(&away.location, account).await;
    let answer = browser.get(&back).await;
    (back, answer)
}

on_both! {
    async fn whoever_the_roster_knows_comes_in_and_nobody_else(test: TestStore) {
        let Some((_server, id)) = provider(&test).await else { return };
        let kate = person(&test, "p1", &["head"]).await;
        person(&test, "p2", &["staff"]).await;
        let mut browser = Browser::new(&site(&test));
        let (_, answer) = round(&mut browser, &id, "kate").await;
        assert_eq!(answer.location, "/people", "{}", answer.text);
        assert!(browser.signed_in().await);
        assert_eq!(events(&test, &kate).await, ["sign-in.by-provider"]);
        for nobody in ["stranger", "unverified", "other"] {
            let mut browser = Browser::new(&site(&test));
            let (_, answer) = round(&mut browser, &id, nobody).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{nobody}");
            assert!(answer.text.contains("not on the list"), "{nobody}");
            assert!(!browser.signed_in().await);
        }
    }

    async fn an_answer_is_taken_once_and_only_in_the_browser_that_asked(test: TestStore) {
        let Some((_server, id)) = provider(&test).await else { return };
        person(&test, "p1", &["head"]).await;
        let mut browser = Browser::new(&site(&test));
        let away = browser.get(&format!("/sign-in/with/{id}")).await;
        let asked = browser.clone();
        let back = at_provider(&away.location, "kate").await;
        let mut elsewhere = Browser::new(&site(&test));
        assert_eq!(elsewhere.get(&back).await.status, StatusCode::BAD_REQUEST, "another browser");
        let mut other_trip = Browser::new(&site(&test));
        other_trip.get(&format!("/sign-in/with/{id}")).await;
        assert_eq!(other_trip.get(&back).await.status, StatusCode::BAD_REQUEST, "another state");
        assert_eq!(browser.get(&back).await.location, "/home");
        let mut replaying = asked;
        assert_eq!(replaying.get(&back).await.status, StatusCode::BAD_REQUEST, "replayed");
        // The code of one trip with the state of another: the provider refuses it (used, and PKCE).
        let mut fresh = Browser::new(&site(&test));
        let away = fresh.get(&format!("/sign-in/with/{id}")).await;
        let new = at_provider(&away.location, "kate").await;
        let code = |text: &str| text.split(['?', '&']).find(|part| part.starts_with("code=")).unwrap().to_owned();
        let mixed = new.replace(&code(&new), &code(&back));
        assert_eq!(fresh.get(&mixed).await.status, StatusCode::BAD_REQUEST, "replayed code");
        let mut fresh = Browser::new(&site(&test));
        let away = fresh.get(&format!("/sign-in/with/{id}")).await;
        let new = at_provider(&away.location, "kate").await;
        let issuer = new.split(['?', '&']).find(|part| part.starts_with("iss=")).unwrap().to_owned();
        let other = new.replace(&issuer, "iss=https%3A%2F%2Felsewhere.example");
        assert_eq!(fresh.get(&other).await.status, StatusCode::BAD_REQUEST, "wrong issuer");
        assert!(!fresh.signed_in().await);
    }
}
