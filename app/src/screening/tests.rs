//! Checking a draft, over HTTP.

use crate::authority::{Action, Role};
use crate::people::Person;
use crate::pupils::{self, NewPupil, PupilDetails};
use crate::values;
use crate::web::testing::{Answer, TestSite};

/// A site whose school Ash follows a policy and has a pupil; and somebody who works there.
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

async fn check(site: &TestSite, who: &Person, body: &str) -> Answer {
    site.send(who, "POST", "/check", body).await
}

#[tokio::test]
async fn a_pupil_on_the_roll_is_found_with_the_clause_and_a_stranger_is_not() {
    let (site, teacher) = site().await;
    let page = site.get(&teacher, "/check").await;
    assert_eq!(page.status, 200);
    let found = check(
        &site,
        &teacher,
        "text=Ottilie+Brackenbury+came+by&account=official",
    )
    .await;
    assert_eq!(found.status, 200);
    for there in [
        "<mark>Ottilie Brackenbury</mark>",
        "/policies/link#clause-",
        "/ask/link/answer?",
    ] {
        assert!(found.text.contains(there), "{there}: {}", found.text);
    }
    let clean = check(
        &site,
        &teacher,
        "text=What+a+sunny+sports+day.&account=official",
    )
    .await;
    assert!(clean.text.contains("Nothing was found"), "{}", clean.text);
}

#[tokio::test]
async fn whoever_works_elsewhere_learns_nothing_of_the_roll() {
    let (site, _) = site().await;
    let elsewhere = site.person("Ines", Role::Staff, Some("oak")).await;
    let refused = check(&site, &elsewhere, "school=ash&text=Ottilie+Brackenbury").await;
    assert_eq!(refused.status, 404);
    let own = check(&site, &elsewhere, "text=Ottilie+Brackenbury").await;
    assert!(own.text.contains("follows no policy"), "{}", own.text);
    let nobody = site
        .nobody("POST", "/check", "text=Ottilie+Brackenbury")
        .await;
    assert!(!nobody.text.contains("Brackenbury"));
}

#[tokio::test]
async fn nothing_to_check_and_too_much_are_told() {
    let (site, teacher) = site().await;
    let empty = check(&site, &teacher, "text=+").await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("Enter what you want to post"));
    let shared = check(&site, &teacher, "title=News&text=&url=https://bit.ly/x").await;
    assert!(
        shared.text.contains("bit.ly"),
        "a share sheet's parts: {}",
        shared.text
    );
    let markup = check(
        &site,
        &teacher,
        "text=%3Cscript%3Ealert(1)%3C/script%3E+Ottilie+Brackenbury",
    )
    .await;
    assert!(!markup.text.contains("<script>alert"), "{}", markup.text);
}

#[tokio::test]
async fn a_phone_is_told_where_drafts_are_shared_to() {
    let (site, _) = site().await;
    let manifest = site.nobody("GET", "/manifest.webmanifest", "").await;
    assert!(manifest.text.contains("\"share_target\"") && manifest.text.contains("\"/check\""));
}
