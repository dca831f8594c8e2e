use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::SignedDuration;
use tower::ServiceExt as _;

use super::store::{NewToken, actor_of, issue, of, revoke};
use crate::authority::{Action, Actor, Held, Means, Place, Role};
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, TrustId};
use crate::values;
use crate::web::{App, Limits, router};

/// A data protection officer of the trust, in a session.
async fn officer(test: &TestStore) -> Actor {
    let person: PersonId = "p1".parse().unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    for statement in [
        "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
         VALUES ($1, 'p1', 'Kate', 'Adeyemi', 0)",
        "INSERT INTO held_role (trust, id, person, role) \
         VALUES ($1, 'r1', 'p1', 'data-protection-officer')",
    ] {
        tx.execute(statement, values![]).await.unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
    Actor {
        trust: test.trust.clone(),
        person: Some(person),
        name: "Kate Adeyemi".to_owned(),
        roles: vec![Held {
            role: Role::DataProtectionOfficer,
            school: None,
            starts_on: None,
            ends_on: None,
        }],
        means: Means::Operator,
    }
}

fn wanted(scope: &[Action]) -> NewToken {
    NewToken {
        name: "Nightly export".to_owned(),
        scope: scope.iter().copied().collect::<BTreeSet<_>>(),
        lifetime: SignedDuration::from_hours(24 * 7),
    }
}

async fn issued(test: &TestStore, actor: &Actor, scope: &[Action]) -> String {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let mut actor = actor.clone();
    actor.means = Means::Session {
        id: "s1".parse().unwrap(),
        authenticated_at: test.store.clock().now(),
    };
    let text = issue(&mut tx, &actor, wanted(scope)).await.unwrap();
    tx.commit().await.unwrap();
    text
}

fn site(test: &TestStore) -> Router {
    let limits = Limits {
        body_bytes: 10_000,
        request_timeout: Duration::from_secs(10),
        requests_per_second: NonZeroU32::MAX,
        burst_requests: NonZeroU32::MAX,
    };
    router(App::sample().with_store(test.store.clone(), false), &limits)
}

/// What a program gets with a token: the list of staff, or what it is told instead.
async fn people(site: &Router, host: &str, token: &str) -> StatusCode {
    let request = Request::get("/people")
        .header(header::HOST, host)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty());
    site.clone()
        .oneshot(request.unwrap())
        .await
        .unwrap()
        .status()
}

const HOST: &str = "probity.example";

/// Another trust of the same installation, and a token of its data protection officer.
async fn of_another_trust(test: &TestStore) -> String {
    let fir: TrustId = "fir".parse().unwrap();
    let mut tx = test.store.begin(&fir).await.unwrap();
    for statement in [
        "INSERT INTO trust (trust, name, host, nation, reading, demonstration, created_at) \
         VALUES ($1, 'Fir Trust', 'fir.example', 'england', 'open', 0, 1)",
        "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
         VALUES ($1, 'p1', 'Ade', 'Okafor', 0)",
        "INSERT INTO held_role (trust, id, person, role) \
         VALUES ($1, 'r1', 'p1', 'data-protection-officer')",
    ] {
        tx.execute(statement, values![]).await.unwrap();
    }
    let actor = Actor {
        person: Some("p1".parse().unwrap()),
        ..Actor::operator(fir.clone())
    };
    let text = issue(&mut tx, &actor, wanted(&[Action::ViewPeople]))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    text
}

on_both! {
    async fn the_site_refuses_a_token_that_was_tampered_with_or_is_of_another_trust(test: TestStore) {
        let actor = officer(&test).await;
        let site = site(&test);
        let text = issued(&test, &actor, &[Action::ViewPeople]).await;
        assert_eq!(people(&site, HOST, &text).await, StatusCode::OK);
        let mut shorter = text.clone();
        shorter.pop();
        for tampered in ["", "Bearer", &shorter, &format!("{text}A"), &text.replacen("elm", "fir", 1)] {
            assert_eq!(people(&site, HOST, tampered).await, StatusCode::UNAUTHORIZED, "{tampered}");
        }
        let other = of_another_trust(&test).await;
        assert_eq!(people(&site, "fir.example", &other).await, StatusCode::OK);
        assert_eq!(people(&site, HOST, &other).await, StatusCode::UNAUTHORIZED);
        assert_eq!(people(&site, HOST, &other.replacen("fir", "elm", 1)).await, StatusCode::UNAUTHORIZED);
        assert_eq!(people(&site, "fir.example", &text).await, StatusCode::UNAUTHORIZED);
    }

    async fn the_site_refuses_a_token_that_was_revoked_or_is_over(test: TestStore) {
        let actor = officer(&test).await;
        let site = site(&test);
        let (first, second) = (
            issued(&test, &actor, &[Action::ViewPeople]).await,
            issued(&test, &actor, &[Action::ViewPeople]).await,
        );
        let tokens = of(&mut test.store.read(&test.trust), actor.person.as_ref().unwrap()).await.unwrap();
        let id = tokens.iter().find(|token| first.contains(token.id.as_str())).unwrap().id.clone();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert!(revoke(&mut tx, &actor, &id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(people(&site, HOST, &first).await, StatusCode::UNAUTHORIZED);
        assert_eq!(people(&site, HOST, &second).await, StatusCode::OK);
        test.hand.advance(Duration::from_secs(8 * 24 * 3600));
        assert_eq!(people(&site, HOST, &second).await, StatusCode::UNAUTHORIZED);
    }

    async fn the_site_refuses_what_a_token_was_not_made_for_or_its_owner_may_no_longer_do(test: TestStore) {
        let actor = officer(&test).await;
        let site = site(&test);
        let other = issued(&test, &actor, &[Action::Export]).await;
        assert_eq!(people(&site, HOST, &other).await, StatusCode::FORBIDDEN);
        let text = issued(&test, &actor, &[Action::ViewPeople]).await;
        assert_eq!(people(&site, HOST, &text).await, StatusCode::OK);
        let ending = [
            ("DELETE FROM held_role WHERE trust = $1", StatusCode::FORBIDDEN),
            ("UPDATE person SET ends_on = '2026-11-19' WHERE trust = $1", StatusCode::UNAUTHORIZED),
        ];
        for (statement, expected) in ending {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            tx.execute(statement, values![]).await.unwrap();
            tx.commit_unrecorded().await.unwrap();
            assert_eq!(people(&site, HOST, &text).await, expected, "{statement}");
        }
    }

    async fn a_token_acts_for_its_owner_within_its_scope(test: TestStore) {
        let actor = officer(&test).await;
        let text = issued(&test, &actor, &[Action::Export, Action::ManagePeople]).await;
        let program = actor_of(&test.store, &test.trust, &text).await.unwrap().unwrap();
        assert_eq!(program.name, "Kate Adeyemi");
        assert!(program.may(Action::Export, Place::Trust));
        // A right that the owner has, but the token was not made for.
        assert!(!program.may(Action::ReadAudit, Place::Trust));
        // A right that the owner does not have is not in the scope, whatever was asked for.
        assert_eq!(program.means, Means::Token([Action::Export].into()));
    }

    async fn a_token_ends_with_its_time_its_revocation_and_its_owner(test: TestStore) {
        let actor = officer(&test).await;
        let works = async |text: &str| actor_of(&test.store, &test.trust, text).await.unwrap().is_some();
        let (first, second) = (issued(&test, &actor, &[]).await, issued(&test, &actor, &[]).await);
        assert!(works(&first).await && works(&second).await);
        let tokens = of(&mut test.store.read(&test.trust), actor.person.as_ref().unwrap()).await.unwrap();
        let id = tokens.iter().find(|token| first.contains(token.id.as_str())).unwrap().id.clone();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert!(revoke(&mut tx, &actor, &id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(!works(&first).await && works(&second).await);
        test.hand.advance(Duration::from_secs(8 * 24 * 3600));
        assert!(!works(&second).await);
        let third = issued(&test, &actor, &[]).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE person SET ends_on = '2026-11-21' WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert!(!works(&third).await);
    }

    async fn a_token_that_was_tampered_with_is_nobodys(test: TestStore) {
        let actor = officer(&test).await;
        let text = issued(&test, &actor, &[Action::Export]).await;
        let longer = format!("{text}A");
        let mut shorter = text.clone();
        shorter.pop();
        let elsewhere = text.replacen("elm", "fir", 1);
        for tampered in ["", ".", "elm..", &longer, &shorter, &elsewhere, &text.to_uppercase()] {
            let found = actor_of(&test.store, &test.trust, tampered).await.unwrap();
            assert!(found.is_none(), "{tampered}");
        }
    }

    async fn nobody_revokes_the_token_of_another(test: TestStore) {
        let actor = officer(&test).await;
        issued(&test, &actor, &[]).await;
        let tokens = of(&mut test.store.read(&test.trust), actor.person.as_ref().unwrap()).await.unwrap();
        let other = Actor { person: Some("p2".parse().unwrap()), ..actor };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert!(!revoke(&mut tx, &other, &tokens[0].id).await.unwrap());
    }
}
