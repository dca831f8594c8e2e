//! A provider of this test alone, which sends whatever ID token it is given: also one that no
//! honest provider would send.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64;
use data_encoding::BASE64URL_NOPAD as BASE64URL;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::site::{Browser, HOST, person, signed_in, site};
use crate::store::PersonId;
use crate::store::testing::TestStore;

/// This site's secret at the provider.
pub(super) const SECRET: &str = "a secret of some length";
/// The first bytes of every Ed25519 key in PKCS #8 (RFC 8410), before its 32 bytes.
const ED25519: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A key of a provider, made from a number.
pub(super) fn key(number: u8) -> CoreEdDsaPrivateSigningKey {
    let mut whole = ED25519.to_vec();
    whole.extend([number; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(&whole)
    );
    let id = JsonWebKeyId::new("first".to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap()
}

#[derive(Debug, Default)]
struct Answers {
    issuer: String,
    token: Value,
}

type Shared = Arc<Mutex<Answers>>;

async fn discovery(State(answers): State<Shared>) -> Json<Value> {
    let issuer = answers.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // What it offers does not count: whoever answers in its place offers the same.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
}

async fn token(State(answers): State<Shared>) -> Json<Value> {
    Json(answers.lock().unwrap().token.clone())
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [key(1).as_verification_key()] }))
}

/// A way to the provider: what this site asked for.
pub(super) struct Trip {
    pub(super) state: String,
    pub(super) nonce: String,
    /// Where the provider sends the browser back to.
    pub(super) back: String,
}

/// The provider, entered at the site.
pub(super) struct Local {
    pub(super) issuer: String,
    /// Its id at this site.
    pub(super) id: String,
    /// Who entered it.
    pub(super) administrator: PersonId,
    answers: Shared,
}

impl Local {
    pub(super) async fn start(test: &TestStore) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let answers = Shared::default();
        answers.lock().unwrap().issuer.clone_from(&issuer);
        let provider = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(answers.clone());
        // It ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, provider).await });
        let administrator = trust_administrator(test, "p9").await;
        let id = enter(test, &administrator, &issuer).await;
        Self {
            issuer,
            id,
            administrator,
            answers,
        }
    }

    /// Sends a browser to the provider.
    pub(super) async fn leave(&self, browser: &mut Browser) -> Trip {
        self.leave_by("/sign-in/with", browser).await
    }

    /// Sends a browser in which somebody is signed in to the provider once more.
    pub(super) async fn leave_again(&self, browser: &mut Browser) -> Trip {
        self.leave_by("/sign-in/again/with", browser).await
    }

    async fn leave_by(&self, way: &str, browser: &mut Browser) -> Trip {
        let away = browser.get(&format!("{way}/{}", self.id)).await;
        let (_, query) = away.location.split_once('?').unwrap();
        let asked = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let (_, value) = pairs.find(|(key, _)| key == name).unwrap();
            value.into_owned()
        };
        let (state, nonce) = (asked("state"), asked("nonce"));
        let back = format!("/sign-in/return/{}?code=abc&state={state}", self.id);
        Trip { state, nonce, back }
    }

    /// What an honest provider says of the first person.
    pub(super) fn claims(&self, trip: &Trip) -> Value {
        json!({
            "iss": self.issuer,
            "aud": "probity",
            "sub": "kate",
            "email": "p1@elm.example",
            "email_verified": true,
            "nonce": trip.nonce,
            "iat": 1_700_000_000,
            "exp": 4_000_000_000_u32,
        })
    }

    /// The next answer of the provider has this ID token.
    pub(super) fn will_send(&self, id_token: &str) {
        self.answers.lock().unwrap().token = json!({
            "access_token": "opaque", "token_type": "Bearer", "id_token": id_token,
        });
    }

    /// The next answer of the provider has no ID token.
    pub(super) fn will_send_none(&self) {
        self.answers.lock().unwrap().token =
            json!({ "access_token": "opaque", "token_type": "Bearer" });
    }
}

/// A token with its signature.
pub(super) fn signed<K: PrivateSigningKey>(
    key: &K,
    algorithm: &<K::VerificationKey as openidconnect::JsonWebKey>::SigningAlgorithm,
    header: &Value,
    claims: &Value,
) -> String {
    let part = |value: &Value| BASE64URL.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(header), part(claims));
    let signature = key.sign(algorithm, text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL.encode(&signature))
}

/// A token as an honest provider signs it.
pub(super) fn honest(claims: &Value) -> String {
    let header = json!({ "alg": "EdDSA", "kid": "first" });
    signed(&key(1), &CoreJwsSigningAlgorithm::EdDsa, &header, claims)
}

/// A token whose signature is worth no more than a secret that others have too.
pub(super) fn by_secret(secret: &[u8], claims: &Value) -> String {
    let header = json!({ "alg": "HS256" });
    let algorithm = CoreJwsSigningAlgorithm::HmacSha256;
    signed(&CoreHmacKey::new(secret), &algorithm, &header, claims)
}

/// Somebody who looks after the whole trust.
pub(super) async fn trust_administrator(test: &TestStore, id: &str) -> PersonId {
    let administrator = person(test, id, &[]).await;
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role) VALUES ($1, $2, $3, 'trust-administrator')",
        crate::values![format!("r-{id}"), id],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    administrator
}

/// Enters a provider on the administrator's page; its id at this site.
pub(super) async fn enter(test: &TestStore, administrator: &PersonId, issuer: &str) -> String {
    let mut browser = signed_in(test, administrator).await;
    let fields = [
        ("name", "Elm's own"),
        ("issuer", issuer),
        ("client_id", "probity"),
        ("client_secret", SECRET),
        ("private_network", "yes"),
    ];
    let page = "/administration/sign-in/providers";
    let added = browser.post(page, &fields).await;
    assert!(added.location.starts_with("/administration/sign-in"));
    let listed = Browser::new(&site(test)).get("/sign-in").await.text;
    let listed = listed.replace("&#x2f;", "/");
    let (_, rest) = listed.split_once("/sign-in/with/").unwrap();
    rest.split(['?', '"']).next().unwrap().to_owned()
}

/// The address to which providers send people back, without a provider's id.
pub(super) fn return_address() -> String {
    format!("http://{HOST}/sign-in/return/")
}
