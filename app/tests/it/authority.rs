//! Who may do what: every route driven as nobody and as every role, and the published matrix.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use probity::authority::{Access, Action, Role, Route};
use probity::clock::Clock;
use probity::policies::Policies;
use probity::protection::{Keyring, MasterKey};
use probity::randomness::Randomness;
use probity::sign_in;
use probity::store::{DatabaseUrl, PersonId, Store, TrustId};
use probity::values;
use probity::web::{self, App, Limits};
use tempfile::TempDir;

use crate::reference::hold;
use crate::site::{Answer, send};

/// A site with the trust `elm`, its schools `ash` and `oak`, and one person, who holds one role.
struct Site {
    router: Router,
    store: Store,
    trust: TrustId,
    person: PersonId,
    _folder: TempDir,
}

impl Site {
    async fn with(held: Option<(Role, Option<&str>)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("probity.db"));
        let clock = Clock::fixed(jiff::civil::date(2026, 11, 20));
        let randomness = Randomness::repeatable(1);
        let keyring = Keyring::new(MasterKey::generate(&randomness).unwrap(), Vec::new());
        let store = Store::open(&url, keyring, clock.clone(), randomness)
            .await
            .unwrap();
        let trust: TrustId = "elm".parse().unwrap();
        let person: PersonId = "p1".parse().unwrap();
        furnish(&store, &trust, &person, held).await;
        let policies = Arc::new(Policies::load(None).unwrap());
        let app = App::new(policies, clock)
            .unwrap()
            .with_store(store.clone(), false);
        let limits = Limits {
            body_bytes: 1024,
            request_timeout: Duration::from_secs(10),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        Self {
            router: web::router(app, &limits),
            store,
            trust,
            person,
            _folder: folder,
        }
    }

    async fn cookie(&self) -> String {
        let mut tx = self.store.begin(&self.trust).await.unwrap();
        let method = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, &self.trust, &self.person, method, "test")
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        format!("{}={}", sign_in::SESSION_COOKIE, session.cookie)
    }

    async fn ask(&self, route: &Route, cookie: Option<String>) -> Answer {
        let mut request = Request::builder()
            .method(route.method.clone())
            .uri(address(route.path))
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::empty()).unwrap();
        send(&self.router, "127.0.0.1:40000", request).await
    }
}

async fn furnish(
    store: &Store,
    trust: &TrustId,
    person: &PersonId,
    held: Option<(Role, Option<&str>)>,
) {
    let mut tx = store.begin(trust).await.unwrap();
    tx.execute(
        "INSERT INTO trust (trust, name, nation, reading, demonstration, created_at) \
         VALUES ($1, 'Elm Trust', 'england', 'open', 0, 0)",
        values![],
    )
    .await
    .unwrap();
    for school in ["ash", "oak"] {
        tx.execute(
            "INSERT INTO school (trust, id, name, phase, nation) \
             VALUES ($1, $2, $2, 'primary', 'england')",
            values![school],
        )
        .await
        .unwrap();
    }
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
         VALUES ($1, $2, 'Kate', 'Adeyemi', 0)",
        values![person],
    )
    .await
    .unwrap();
    if let Some((role, school)) = held {
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role, school) \
             VALUES ($1, 'r1', $2, $3, $4)",
            values![person, role, school],
        )
        .await
        .unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
}

/// The path with `ash` for the school and something that does not exist for all else.
fn address(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{school}" => "ash",
        part if part.starts_with('{') => "nothing",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[derive(Debug, Eq, PartialEq)]
enum Outcome {
    Admitted,
    SignInFirst,
    Forbidden,
}

fn outcome(answer: &Answer) -> Outcome {
    let to_sign_in = answer.header("location").starts_with("/sign-in");
    match answer.status {
        StatusCode::UNAUTHORIZED => Outcome::SignInFirst,
        StatusCode::SEE_OTHER if to_sign_in => Outcome::SignInFirst,
        StatusCode::FORBIDDEN => Outcome::Forbidden,
        _ => Outcome::Admitted,
    }
}

fn expected(route: &Route, held: Option<(Role, Option<&str>)>) -> Outcome {
    let (action, everywhere) = match route.access {
        Access::May(action) => (action, false),
        Access::MayEverywhere(action) => (action, true),
        Access::Open | Access::Reading | Access::SignedIn => return Outcome::Admitted,
    };
    let of_ash = route.path.contains("{school}");
    match held {
        Some((role, _)) if !action.roles().contains(&role) => Outcome::Forbidden,
        Some((_, Some(_))) if everywhere => Outcome::Forbidden,
        Some((_, Some(school))) if of_ash && school != "ash" => Outcome::Forbidden,
        Some(_) => Outcome::Admitted,
        None => Outcome::Forbidden,
    }
}

#[tokio::test]
async fn nobody_gets_only_what_is_open() {
    let site = Site::with(None).await;
    for route in web::routes().listed() {
        let answer = site.ask(route, None).await;
        let wanted = match route.access {
            Access::Open | Access::Reading => Outcome::Admitted,
            Access::SignedIn | Access::May(_) | Access::MayEverywhere(_) => Outcome::SignInFirst,
        };
        // The way to sign in may itself lead on to the page for it.
        let itself = route.access == Access::Open;
        assert!(
            itself || outcome(&answer) == wanted,
            "{route:?}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn every_role_gets_what_the_matrix_gives_it_and_nothing_else() {
    let roles = Role::ALL.into_iter();
    let mut kinds: Vec<Option<(Role, Option<&str>)>> = vec![None];
    kinds.extend(roles.flat_map(|role| {
        [
            Some((role, Some("ash"))),
            Some((role, Some("oak"))),
            Some((role, None)),
        ]
    }));
    for held in kinds {
        let site = Site::with(held).await;
        for route in web::routes().listed() {
            if route.access == Access::Open {
                continue;
            }
            let answer = site.ask(route, Some(site.cookie().await)).await;
            let what = format!(
                "{held:?} {} {}: {}",
                route.method, route.path, answer.status
            );
            assert_eq!(outcome(&answer), expected(route, held), "{what}");
            assert!(
                !answer.status.is_server_error(),
                "{what}: {}",
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn a_trust_may_want_a_sign_in_for_asking_and_reading() {
    let site = Site::with(None).await;
    let mut tx = site.store.begin(&site.trust).await.unwrap();
    tx.execute(
        "UPDATE trust SET reading = 'signed-in' WHERE trust = $1",
        values![],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    for route in web::routes()
        .listed()
        .iter()
        .filter(|r| r.access == Access::Reading)
    {
        let answer = site.ask(route, None).await;
        assert_eq!(outcome(&answer), Outcome::SignInFirst, "{route:?}");
        let answer = site.ask(route, Some(site.cookie().await)).await;
        assert_eq!(outcome(&answer), Outcome::Admitted, "{route:?}");
    }
}

#[test]
fn the_authorisation_matrix_is_fresh() {
    let mut text = String::from(
        "# Who may do what\n\nGenerated from the program: `cargo xtask generate` writes it again. A right held at a \
         school ends at that school; held at the trust, it holds everywhere. Nobody may give themselves a role.\n\n\
         ## Actions and roles\n\n| Action | What it is | Roles |\n|---|---|---|\n",
    );
    for action in Action::ALL {
        let roles: Vec<&str> = action.roles().iter().map(|role| role.label()).collect();
        writeln!(
            text,
            "| `{}` | {} | {} |",
            action.name(),
            action.says(),
            roles.join(", ")
        )
        .unwrap();
    }
    text.push_str("\n## Routes\n\n| Path | Method | Who |\n|---|---|---|\n");
    let mut rows: BTreeMap<(&str, String), String> = BTreeMap::new();
    for route in web::routes().listed() {
        let who = match route.access {
            Access::Open => "everybody".to_owned(),
            Access::Reading => "everybody, unless the trust wants a sign-in".to_owned(),
            Access::SignedIn => "whoever has signed in".to_owned(),
            Access::May(action) => format!("`{}`", action.name()),
            Access::MayEverywhere(action) => format!("`{}`, for the whole trust", action.name()),
        };
        rows.insert((route.path, route.method.to_string()), who);
    }
    for ((path, method), who) in rows {
        writeln!(text, "| `{path}` | {method} | {who} |").unwrap();
    }
    hold("authority.md", &text);
}
