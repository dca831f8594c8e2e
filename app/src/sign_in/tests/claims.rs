//! Roles that come from what a provider says of somebody.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::local::{Local, SECRET, honest, trust_administrator};
use super::site::{
    Answer, Browser, events, give, person, signed_in, signed_in_at, site, with_providers,
};
use crate::authority::{Action, Actor, Role};
use crate::ledger::{Kept, verify};
use crate::people::{self, Details, NewPerson, NewRole};
use crate::records::KINDS;
use crate::settings::{Settings, settings};
use crate::sign_in::roles_of;
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;

/// Comes in with the provider, which says this too of the first person.
async fn comes(test: &TestStore, local: &Local, said: &Value) -> Answer {
    let mut browser = Browser::new(&site(test));
    let trip = local.leave(&mut browser).await;
    let mut claims = local.claims(&trip);
    for (claim, value) in said.as_object().unwrap() {
        claims[claim] = value.clone();
    }
    local.will_send(&honest(&claims));
    browser.get(&trip.back).await
}

/// Writes a line of the table, as the administrator.
async fn line(test: &TestStore, local: &Local, value: &str, role: &str, place: &str) -> Answer {
    let mut browser = signed_in(test, &local.administrator).await;
    let fields = [
        ("claim", "groups"),
        ("value", value),
        ("role", role),
        ("school", place),
    ];
    let path = format!("/administration/sign-in/providers/{}/roles/add", local.id);
    browser.post(&path, &fields).await
}

/// The roles that somebody holds today.
async fn roles(test: &TestStore, person: &PersonId) -> Vec<String> {
    let today = test.store.clock().today();
    let held = roles_of(&mut test.store.read(&test.trust), person, today)
        .await
        .unwrap();
    let mut held: Vec<String> = held
        .iter()
        .map(|held| {
            let school = held.school.as_ref().map_or("*", |school| school.as_str());
            format!("{}@{school}", held.role.name())
        })
        .collect();
    held.sort();
    held
}

async fn lines(test: &TestStore) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM provider_role WHERE trust = $1";
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

/// The first person, added as people are.
async fn recorded(test: &TestStore) -> PersonId {
    let new = NewPerson {
        details: Details {
            given_name: "Kate".parse().unwrap(),
            family_name: "Adeyemi".parse().unwrap(),
            known_as: None,
            email: Some("p1@elm.example".parse().unwrap()),
            contract: None,
            line_manager: None,
            starts_on: None,
        },
        ends_on: None,
        role: NewRole {
            role: Role::Staff,
            school: Some("ash".parse().unwrap()),
            starts_on: None,
            ends_on: None,
        },
        demonstration: false,
    };
    let permit = Actor::operator(test.trust.clone()).permit(Action::ManagePeople);
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let kate = people::add(&mut tx, &permit.unwrap(), new).await.unwrap();
    tx.commit().await.unwrap();
    kate.id
}

/// Settings with a provider of the key `elm`.
fn provider_settings(fields: [(&str, &str); 5]) -> Settings {
    let variable =
        |(name, value): (&str, &str)| (format!("PROBITY_PROVIDER_ELM_{name}"), value.into());
    settings(fields.into_iter().map(variable))
}

on_both! {
    async fn roles_come_and_go_with_the_claims(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let local = Local::start(&test).await;
        assert_eq!(line(&test, &local, "heads", "head", "ash").await.status, StatusCode::SEE_OTHER);
        line(&test, &local, "heads", "governor", "trust").await;
        line(&test, &local, "office", "hr", "oak").await;
        let mut earlier = signed_in(&test, &kate).await;
        let old = earlier.cookies["probity"].clone();
        assert_eq!(comes(&test, &local, &json!({ "groups": ["heads", "choir"] })).await.location, "/home");
        assert_eq!(roles(&test, &kate).await, ["governor@*", "head@ash", "staff@ash"]);
        // A session that was open is renewed, as on any change of rights.
        earlier.get("/home").await;
        assert_ne!(earlier.cookies["probity"], old);
        // The same again changes nothing.
        comes(&test, &local, &json!({ "groups": ["heads"] })).await;
        assert_eq!(events(&test, &kate).await, ["role.given-by-provider", "sign-in.by-provider", "sign-in.by-provider"]);
        test.hand.advance(Duration::from_secs(48 * 3600));
        comes(&test, &local, &json!({ "groups": "office" })).await;
        assert_eq!(roles(&test, &kate).await, ["hr@oak", "staff@ash"]);
        comes(&test, &local, &json!({})).await;
        assert_eq!(roles(&test, &kate).await, ["staff@ash"]);
        let kinds = events(&test, &kate).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "role.taken-by-provider").count(), 2);
    }

    async fn what_the_ledger_says_of_roles_is_what_the_store_holds(test: TestStore) {
        let kate = recorded(&test).await;
        let local = Local::start(&test).await;
        line(&test, &local, "heads", "head", "ash").await;
        line(&test, &local, "office", "hr", "oak").await;
        let kinds: Vec<_> = KINDS.iter().copied().filter(|kind| kind.kind == "person").collect();
        for groups in [json!(["heads", "office"]), json!(["office"]), json!([])] {
            comes(&test, &local, &json!({ "groups": groups })).await;
            let verified = verify(&test.store, &test.trust, &kinds, &Kept::default()).await.unwrap();
            let faults: Vec<String> = verified.faults.iter().map(ToString::to_string).collect();
            let about = |id: &PersonId| faults.iter().any(|fault| fault.contains(id.as_str()));
            assert!(!about(&kate), "{faults:?}");
            assert!(about(&local.administrator), "who was put there unrecorded is found: {faults:?}");
        }
    }

    async fn a_role_from_elsewhere_is_not_touched(test: TestStore) {
        let kate = person(&test, "p1", &["head"]).await;
        let local = Local::start(&test).await;
        line(&test, &local, "heads", "head", "ash").await;
        comes(&test, &local, &json!({ "groups": ["heads"] })).await;
        assert_eq!(roles(&test, &kate).await, ["head@ash"]);
        comes(&test, &local, &json!({ "groups": [] })).await;
        assert_eq!(roles(&test, &kate).await, ["head@ash"]);
        assert_eq!(events(&test, &kate).await, ["sign-in.by-provider", "sign-in.by-provider"]);
    }

    async fn what_is_not_in_the_table_gives_nothing(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let local = Local::start(&test).await;
        line(&test, &local, "heads", "head", "ash").await;
        for said in [
            json!({ "groups": ["Heads", "heads ", "head", "trust-administrator"] }),
            json!({ "roles": ["heads"], "groups": { "heads": true } }),
            json!({ "groups": null }),
        ] {
            assert_eq!(comes(&test, &local, &said).await.location, "/home");
            assert_eq!(roles(&test, &kate).await, ["staff@ash"], "{said}");
        }
        let stranger = json!({ "sub": "nobody", "email": "nobody@elm.example", "groups": ["heads"] });
        let answer = comes(&test, &local, &stranger).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains("not on the list"));
        let marks = "SELECT COUNT(*) AS n FROM claimed_role WHERE trust = $1";
        assert_eq!(test.store.read(&test.trust).count(marks, values![]).await.unwrap(), 0);
    }

    async fn a_claim_that_the_provider_keeps_elsewhere_changes_nothing(test: TestStore) {
        let kate = person(&test, "p1", &[]).await;
        let local = Local::start(&test).await;
        line(&test, &local, "heads", "head", "ash").await;
        comes(&test, &local, &json!({ "groups": ["heads"] })).await;
        let too_many = json!({ "_claim_names": { "groups": "src1" } });
        assert_eq!(comes(&test, &local, &too_many).await.location, "/home");
        assert_eq!(roles(&test, &kate).await, ["head@ash"]);
    }

    async fn nobody_gets_a_role_by_a_line_of_their_own(test: TestStore) {
        let local = Local::start(&test).await;
        line(&test, &local, "safe", "safeguarding-lead", "ash").await;
        let own = json!({ "sub": "nine", "email": "p9@elm.example", "groups": ["safe"] });
        assert_eq!(comes(&test, &local, &own).await.location, "/home");
        assert_eq!(roles(&test, &local.administrator).await, ["trust-administrator@*"]);
    }

    async fn the_last_administrator_stays_one(test: TestStore) {
        let kate = person(&test, "p1", &[]).await;
        let local = Local::start(&test).await;
        line(&test, &local, "admins", "trust-administrator", "trust").await;
        line(&test, &local, "admins", "head", "ash").await;
        comes(&test, &local, &json!({ "groups": ["admins"] })).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let other = "UPDATE held_role SET ends_on = '2026-01-01' WHERE trust = $1 AND person = 'p9'";
        tx.execute(other, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert_eq!(comes(&test, &local, &json!({ "groups": [] })).await.location, "/home");
        assert_eq!(roles(&test, &kate).await, ["trust-administrator@*"], "the other role goes");
        trust_administrator(&test, "p8").await;
        comes(&test, &local, &json!({ "groups": [] })).await;
        assert!(roles(&test, &kate).await.is_empty());
    }

    async fn roles_go_with_the_provider(test: TestStore) {
        let kate = person(&test, "p1", &["staff"]).await;
        let local = Local::start(&test).await;
        line(&test, &local, "heads", "head", "ash").await;
        comes(&test, &local, &json!({ "groups": ["heads"] })).await;
        let mut browser = signed_in(&test, &local.administrator).await;
        let path = format!("/administration/sign-in/providers/{}/remove", local.id);
        assert!(browser.get(&path).await.text.contains("One person has roles from it"));
        assert_eq!(browser.post(&path, &[]).await.location, "/administration/sign-in");
        assert_eq!(roles(&test, &kate).await, ["staff@ash"]);
        assert_eq!(lines(&test).await, 0);
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_provider_of_the_settings_is_shown_and_not_changed(test: TestStore) {
        let kate = person(&test, "p1", &[]).await;
        let mut local = Local::start(&test).await;
        local.id = "elm".to_owned();
        let settings = provider_settings([
            ("NAME", "Elm of the settings"),
            ("ISSUER", &local.issuer),
            ("CLIENT_ID", "probity"),
            ("CLIENT_SECRET", SECRET),
            ("PRIVATE_NETWORK", "true"),
        ]);
        let with = with_providers(&test, settings.providers());
        let mut browser = Browser::new(&with);
        assert!(browser.get("/sign-in").await.text.contains("Sign in with Elm of the settings"));
        let page = "/administration/sign-in/providers/elm";
        let mut desk = signed_in_at(&test, &with, &local.administrator).await;
        assert!(desk.get("/administration/sign-in").await.text.contains("In the settings"));
        assert!(desk.get(page).await.text.contains("PROBITY_PROVIDER_ELM_ISSUER"));
        for remove in [desk.get(&format!("{page}/remove")).await, desk.post(&format!("{page}/remove"), &[]).await] {
            assert_eq!(remove.status, StatusCode::FORBIDDEN);
        }
        let fields = [("claim", "groups"), ("value", "heads"), ("role", "head"), ("school", "ash")];
        assert_eq!(desk.post(&format!("{page}/roles/add"), &fields).await.location, page);
        let trip = local.leave(&mut browser).await;
        let mut claims = local.claims(&trip);
        claims["groups"] = json!(["heads"]);
        local.will_send(&honest(&claims));
        assert_eq!(browser.get(&trip.back).await.location, "/home");
        assert_eq!(roles(&test, &kate).await, ["head@ash"]);
        // Taken out of the settings, it lets nobody in, and what hangs on it can be removed.
        let mut desk = signed_in(&test, &local.administrator).await;
        assert!(desk.get("/administration/sign-in").await.text.contains("no longer does"));
        assert_eq!(Browser::new(&site(&test)).get("/sign-in/with/elm").await.status, StatusCode::NOT_FOUND);
        assert_eq!(desk.post(&format!("{page}/remove"), &[]).await.location, "/administration/sign-in");
        assert!(roles(&test, &kate).await.is_empty());
        assert!(!desk.get("/administration/sign-in").await.text.contains("no longer does"));
    }

    async fn a_provider_of_the_settings_may_be_for_one_trust_alone(test: TestStore) {
        let settings = provider_settings([
            ("NAME", "Fir"),
            ("ISSUER", "https://id.fir.example"),
            ("CLIENT_ID", "probity"),
            ("CLIENT_SECRET", SECRET),
            ("TRUST", "fir"),
        ]);
        let mut browser = Browser::new(&with_providers(&test, settings.providers()));
        assert!(!browser.get("/sign-in").await.text.contains("Sign in with Fir"));
        assert_eq!(browser.get("/sign-in/with/elm").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_table_is_kept_on_the_providers_page(test: TestStore) {
        person(&test, "p1", &[]).await;
        let local = Local::start(&test).await;
        let mut browser = signed_in(&test, &local.administrator).await;
        let page = format!("/administration/sign-in/providers/{}", local.id);
        assert!(browser.get(&page).await.text.contains("No claim gives a role yet"));
        let wrong = browser.post(&format!("{page}/roles/add"), &[]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in ["There is a problem", "name of the claim", "Enter the value", "Choose a role", "Choose where"] {
            assert!(wrong.text.contains(told), "{told}");
        }
        for (value, role, place) in [
            ("heads", "trust-administrator", "ash"),
            ("heads", "head", "elsewhere"),
            ("heads", "king", "ash"),
            (&"x".repeat(201), "head", "ash"),
        ] {
            assert_eq!(line(&test, &local, value, role, place).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(line(&test, &local, "heads", "head", "ash").await.location, page);
        let again = line(&test, &local, " heads ", "head", "ash").await;
        assert!(again.text.contains("already"));
        assert_eq!(lines(&test).await, 1);
        let listed = browser.get(&page).await.text;
        let (_, rest) = listed.split_once("/roles/").unwrap();
        let remove = format!("{page}/roles/{}/remove", rest.split(['/', '"']).next().unwrap());
        assert!(browser.get(&remove).await.text.contains("Remove this line"));
        assert_eq!(browser.post(&remove, &[]).await.location, page);
        assert_eq!(browser.post(&remove, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(lines(&test).await, 0);
        let kinds = test.store.read(&test.trust).all(
            "SELECT kind FROM ledger_event WHERE trust = $1 AND record_kind = 'provider' ORDER BY seq",
            values![],
        ).await.unwrap();
        let kinds: Vec<String> = kinds.iter().map(|row| row.get("kind").unwrap()).collect();
        assert_eq!(kinds, ["sign-in.provider-added", "sign-in.claim-given-a-role", "sign-in.claim-without-a-role"]);
        // Whoever does not look after the whole trust sees none of it.
        give(&test, "p1", "head").await;
        let mut head = signed_in(&test, &"p1".parse().unwrap()).await;
        for path in [page.clone(), format!("{page}/roles/add"), format!("{page}/remove")] {
            assert_eq!(head.get(&path).await.status, StatusCode::FORBIDDEN);
        }
    }
}
