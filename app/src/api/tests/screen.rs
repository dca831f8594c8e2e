//! Checking a draft through the interface: what is found is as described, and the roll is for those who work there.

use serde_json::{Value as Json, json};

use super::Answer;
use super::contract::{assert_described, document};
use crate::authority::{Action, Role};
use crate::people::Person;
use crate::pupils::{self, NewPupil, PupilDetails};
use crate::values;
use crate::web::testing::TestSite;

const SCREEN: &str = "/api/v1/screen";

/// A site whose school Ash follows a policy, has a pupil and turns to somebody; and somebody who works there.
async fn site() -> (TestSite, Person) {
    let site = TestSite::open().await;
    let permit = site.operator(Action::ManagePupils);
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
         VALUES ($1, 'f1', 'ash', 'link', 'x', '2026-01-01')",
        values![],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO school_contact (trust, id, school, role, name, organisation, email, phone) \
         VALUES ($1, 'c1', 'ash', 'lado', 'Duty desk', NULL, NULL, '01632 960321')",
        values![],
    )
    .await
    .unwrap();
    let details = PupilDetails {
        school: "ash".parse().unwrap(),
        given_name: "Ottilie".parse().unwrap(),
        family_name: "Brackenbury".parse().unwrap(),
        known_as: None,
        year: Some("7".into()),
        class: Some("7B".into()),
        born: None,
    };
    let new = NewPupil {
        details,
        demonstration: false,
    };
    pupils::add(&mut tx, &permit, new).await.unwrap();
    tx.commit().await.unwrap();
    let teacher = site.person("Tom", Role::Staff, Some("ash")).await;
    (site, teacher)
}

/// An answer that is as the document says.
async fn screened(site: &TestSite, who: &Person, body: &Json) -> (u16, Json) {
    let body = body.to_string();
    let kind = ("application/json", body.as_str());
    let given = site.send_as(who, "POST", SCREEN, kind).await;
    let status = given.status.as_u16();
    let media_type = match status {
        200 => "application/json",
        _ => "application/problem+json",
    };
    let answer = Answer {
        status,
        media_type: media_type.to_owned(),
        text: given.text,
    };
    assert_described(&document(), "POST", SCREEN, &answer);
    (status, answer.json())
}

/// The kinds that were found.
fn kinds(answer: &Json) -> Vec<&str> {
    let findings = answer["findings"].as_array().unwrap().iter();
    findings.map(|f| f["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_pupil_is_found_at_their_place_with_the_clause_and_the_standing() {
    let (site, teacher) = site().await;
    let draft = json!({
        "school": "ash", "account": "official", "id": "n1",
        "text": "🏆 Ottilie Brackenbury!", "alts": ["A girl with a cup"],
    });
    let (status, answer) = screened(&site, &teacher, &draft).await;
    assert_eq!(status, 200, "{answer}");
    let found = &answer["findings"][0];
    assert_eq!(found["kind"], "pupil-full-name");
    assert_eq!(found["characters"], json!({"start": 2, "end": 21}));
    assert_eq!(found["utf16"], json!({"start": 3, "end": 22}));
    assert!(!found["clauses"].as_array().unwrap().is_empty());
    let decision = &answer["decision"];
    assert_eq!(decision["id"], "n1");
    assert_eq!(decision["policy"], "link");
    assert_eq!(answer["facts"]["full_name"], true);
    let questions = answer["questions"].as_array().unwrap();
    assert!(questions.iter().any(|q| q["attribute"] == "image_consent"));
}

#[tokio::test]
async fn what_is_known_besides_goes_before_what_was_found() {
    let (site, teacher) = site().await;
    let draft = json!({"text": "Ottilie Brackenbury", "given": {"full_name": false}});
    let (_, answer) = screened(&site, &teacher, &draft).await;
    assert_eq!(answer["facts"]["full_name"], false);
    let draft = json!({"text": "Sunny", "given": {"full_nam": false}});
    let (status, problem) = screened(&site, &teacher, &draft).await;
    assert_eq!(status, 422);
    assert!(problem["detail"].as_str().unwrap().contains("full_nam"));
}

#[tokio::test]
async fn the_schools_own_numbers_and_domains_are_no_private_ones() {
    let (site, teacher) = site().await;
    let draft = json!({"account": "official", "text": "Ring 01632 960321 or 01632 960999"});
    let (_, answer) = screened(&site, &teacher, &draft).await;
    assert_eq!(kinds(&answer), ["telephone"], "{answer}");
    let second = site.person("Una", Role::Staff, Some("ash")).await;
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    for (id, email) in [
        (&teacher.id, "tom@ash.example"),
        (&second.id, "una@ash.example"),
    ] {
        let set = "UPDATE person SET email = $2 WHERE trust = $1 AND id = $3";
        tx.execute(set, values![email, id]).await.unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
    let draft = json!({"account": "official", "text": "office@ash.example or bursar@gmail.com"});
    let (_, answer) = screened(&site, &teacher, &draft).await;
    assert_eq!(kinds(&answer), ["email"], "{answer}");
}

#[tokio::test]
async fn whoever_works_elsewhere_learns_nothing_of_the_roll() {
    let (site, _) = site().await;
    let draft = json!({"school": "ash", "text": "Ottilie Brackenbury"});
    let elsewhere = site.person("Ines", Role::Staff, Some("oak")).await;
    let (status, _) = screened(&site, &elsewhere, &draft).await;
    assert_eq!(status, 404);
    let (status, problem) =
        screened(&site, &elsewhere, &json!({"text": "Ottilie Brackenbury"})).await;
    assert_eq!(status, 422, "{problem}");
    let nobody = site.nobody("POST", SCREEN, "{}").await;
    assert_eq!(nobody.status.as_u16(), 401);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_read() {
    let (site, teacher) = site().await;
    let draft = json!({"text": "Ottilie ".repeat(2_501)});
    let (status, problem) = screened(&site, &teacher, &draft).await;
    assert_eq!(status, 413, "{problem}");
}

#[tokio::test]
async fn what_is_wrong_with_a_draft_is_told_without_its_words() {
    let (site, teacher) = site().await;
    let many = vec!["x"; 51];
    for (draft, told) in [
        (json!({}), "nothing to check"),
        (json!({"text": ""}), "nothing to check"),
        (json!({"text": "x", "alts": many}), "'alts'"),
        (json!({"text": "x", "links": "Ottilie"}), "'links'"),
        (json!({"text": "x", "account": "Ottilie"}), "'account'"),
        (json!({"text": "x", "audience": 3}), "'audience'"),
        (json!({"text": "x", "given": [1]}), "'given'"),
        (json!({"text": "x", "draft": "Ottilie"}), "'draft'"),
        (json!({"text": 1}), "'text'"),
    ] {
        let (status, problem) = screened(&site, &teacher, &draft).await;
        let detail = problem["detail"].as_str().unwrap();
        assert_eq!(status, 422, "{detail}");
        assert!(
            detail.contains(told) && !detail.contains("Ottilie"),
            "{detail}"
        );
    }
}
