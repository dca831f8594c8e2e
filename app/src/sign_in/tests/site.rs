//! The site over a test's store, with a browser that keeps its cookies.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use tower::ServiceExt as _;

use crate::authority::Actor;
use crate::policies::Policies;
use crate::settings::ProviderSettings;
use crate::sign_in::{Method, account, open_session, password};
use crate::store::testing::TestStore;
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::{App, Limits, router};

/// The site.
pub(super) fn site(test: &TestStore) -> Router {
    served(test, false)
}

/// The site, as people reach it with or without HTTPS.
pub(super) fn served(test: &TestStore, https: bool) -> Router {
    routed(app(test).with_store(test.store.clone(), https))
}

/// The site with providers that stand in the settings.
pub(super) fn with_providers(test: &TestStore, providers: &[ProviderSettings]) -> Router {
    let app = app(test).with_providers(providers);
    routed(app.with_store(test.store.clone(), false))
}

fn app(test: &TestStore) -> App {
    let policies = Arc::new(Policies::load(None).unwrap());
    App::new(policies, test.store.clock().clone()).unwrap()
}

fn routed(app: App) -> Router {
    let limits = Limits {
        body_bytes: 100_000,
        request_timeout: Duration::from_secs(60),
        requests_per_second: NonZeroU32::new(1000).unwrap(),
        burst_requests: NonZeroU32::new(10_000).unwrap(),
    };
    router(app, &limits)
}

/// A person who works at Ash Primary, with these roles there.
pub(super) async fn person(test: &TestStore, id: &str, roles: &[&str]) -> PersonId {
    let person: PersonId = id.parse().unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, known_as, email, demonstration) \
         VALUES ($1, $2, 'Katherine', 'Adeyemi', 'Kate', $3, 0)",
        values![&person, format!("{id}@elm.example")],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    for role in roles {
        give(test, id, role).await;
    }
    person
}

/// Gives somebody a role at Ash Primary.
pub(super) async fn give(test: &TestStore, person: &str, role: &str) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $3, $4, 'ash')",
        values![format!("{person}-{role}"), person, role],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

/// The host under which the site is reached.
pub(super) const HOST: &str = "probity.example";

/// The password that [`with_password`] sets.
pub(super) const PASSWORD: &str = "marmalade tractor oboe";

/// Sets somebody's password, without the pages.
pub(super) async fn with_password(test: &TestStore, person: &PersonId) {
    let (password, again) = (PASSWORD.to_owned().into(), PASSWORD.to_owned().into());
    let randomness = test.store.randomness();
    let hash = password::take(password, again, Vec::new(), 12, randomness).await;
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    account::set_password(&mut tx, &actor, person, &hash.unwrap().unwrap(), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// A browser in which somebody is signed in.
pub(super) async fn signed_in(test: &TestStore, person: &PersonId) -> Browser {
    signed_in_at(test, &site(test), person).await
}

/// A browser at this site in which somebody is signed in.
pub(super) async fn signed_in_at(test: &TestStore, site: &Router, person: &PersonId) -> Browser {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let session = open_session(&mut tx, &test.trust, person, Method::Link, "A browser")
        .await
        .unwrap();
    tx.commit_unrecorded().await.unwrap();
    let mut browser = Browser::new(site);
    browser.cookies.insert("probity".into(), session.cookie);
    browser
}

/// The kinds of event that the ledger has of a person, in order.
pub(super) async fn events(test: &TestStore, person: &PersonId) -> Vec<String> {
    let rows = test
        .store
        .read(&test.trust)
        .all(
            "SELECT kind FROM ledger_event WHERE trust = $1 AND record = $2 ORDER BY seq",
            values![person],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get("kind").unwrap()).collect()
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) set_cookie: Vec<String>,
    pub(super) text: String,
}

/// A browser that keeps the cookies of one site.
#[derive(Clone, Debug)]
pub(super) struct Browser {
    site: Router,
    pub(super) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) fn new(site: &Router) -> Self {
        Self {
            site: site.clone(),
            cookies: BTreeMap::new(),
        }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, HOST)
            .body(body)
            .unwrap();
        let response = self.site.clone().oneshot(request).await.unwrap();
        let answer = read(response).await;
        for line in &answer.set_cookie {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// The session's cookie.
    pub(super) fn session(&self) -> &str {
        &self.cookies["probity"]
    }

    /// Whether somebody is signed in here.
    pub(super) async fn signed_in(&mut self) -> bool {
        self.get("/administration").await.status == StatusCode::OK
    }
}

async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    Answer {
        status: parts.status,
        location: parts
            .headers
            .get(header::LOCATION)
            .map_or_else(String::new, text),
        set_cookie: parts
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(text)
            .collect(),
        text: String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned(),
    }
}
