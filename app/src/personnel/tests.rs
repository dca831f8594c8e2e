//! Who sees what of a file, and who is told that somebody looked.

use crate::cases::tests::made::acting;
use axum::http::StatusCode;

use crate::authority::{Action, Actor, Role};
use crate::cases::{self, Case, Engine, OnFile, Opening, Taking};
use crate::ledger::{Reading, read};
use crate::personnel::file::READ;
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};
use crate::values;
use crate::web::testing::TestSite;

/// Cases about a person that a step puts on file; they are kept from that person until another step discloses them.
const WARNING: &str = r#"
id = "caution"
name = "caution"
plural = "cautions"
reference = "CAU"
purpose = "Caution somebody."
door = "report"
opened_by = ["head"]
subject = "field:about"
undisclosed = true
sensitivity = "sensitive"

[[field]]
id = "about"
kind = "person"
question = "Who is it about?"
required = true

[[state]]
id = "new"
says = "New"

[[state]]
id = "noted"
says = "Noted"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "note"
says = "Put it on file"
from = ["new"]
to = "noted"
by = ["head"]
effects = [{ file = true }]

[[step]]
id = "tell"
says = "Tell them"
from = ["noted"]
by = ["head"]
effects = [{ disclose = true }]

[[step]]
id = "end"
says = "End it"
from = ["new", "noted"]
to = "over"
by = ["head"]
effects = [{ unfile = true }]

[[sees]]
who = ["head", "subject"]

[retention]
from = "closed"
keep = "6 years"
then = "erase"
source = "A made register."
"#;

/// An engine that has the made register.
fn engine(test: &TestStore) -> Engine {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/caution.toml"), WARNING).unwrap();
    let policies = crate::policies::Policies::load(Some(folder)).unwrap();
    Engine::new(std::sync::Arc::new(policies))
}

async fn somebody(test: &TestStore, id: &str, role: Role) -> Actor {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) VALUES ($1, $2, $2, 'Okafor', '', 0)",
        values![id],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $3, $4, 'ash')",
        values![format!("role-{id}"), id, role],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    acting(test, &id.parse().unwrap(), role)
}

async fn opened(test: &TestStore, engine: &Engine, head: &Actor) -> Case {
    let opening = Opening {
        register: "caution".into(),
        school: Some("ash".parse().unwrap()),
        answers: [("about".to_owned(), vec!["owner".to_owned()])].into(),
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::open(&mut tx, engine, head, opening).await.unwrap();
    tx.commit().await.unwrap();
    case
}

async fn taken(test: &TestStore, engine: &Engine, head: &Actor, case: &Case, step: &str) -> Case {
    let taking = Taking {
        step: step.into(),
        revision: case.revision,
        ..Taking::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::take(&mut tx, engine, head, &case.id, taking)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    case
}

async fn seen_by(test: &TestStore, actor: &Actor) -> Vec<OnFile> {
    let mut reader = test.store.read(&test.trust);
    let owner: PersonId = "owner".parse().unwrap();
    cases::on_file(&mut reader, &test.store, actor, &owner)
        .await
        .unwrap()
}

async fn looks(test: &TestStore, owner: &Actor) -> Vec<String> {
    let filed = seen_by(test, owner).await;
    let mut reader = test.store.read(&test.trust);
    let id = owner.person.clone().unwrap();
    let zone = jiff::tz::TimeZone::UTC;
    let looks = super::file::looks(&mut reader, &id, &filed, &zone)
        .await
        .unwrap();
    looks.into_iter().map(|look| look.at_what).collect()
}

async fn reads(test: &TestStore, head: &Actor, case: &Case) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    cases::see(&mut tx, head, &case.id).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_file_shows_its_owner_nothing_that_is_kept_from_them_nor_who_read_it(test: TestStore) {
        let engine = engine(&test);
        let head = somebody(&test, "head", Role::Head).await;
        let owner = somebody(&test, "owner", Role::Staff).await;
        let other = somebody(&test, "other", Role::Hr).await;
        let case = opened(&test, &engine, &head).await;
        assert!(seen_by(&test, &head).await.is_empty(), "not on file yet");

        let case = taken(&test, &engine, &head, &case, "note").await;
        reads(&test, &head, &case).await;
        let reading = Reading { kind: READ, record_kind: "person", record: "owner" };
        read(&test.store, &head, Some(Action::ViewPersonnel), reading).await.unwrap();
        assert_eq!(seen_by(&test, &head).await.len(), 1);
        assert!(seen_by(&test, &owner).await.is_empty(), "it is kept from them");
        assert!(seen_by(&test, &other).await.is_empty(), "its register does not show it to HR");
        assert_eq!(looks(&test, &owner).await, ["Your file"]);

        test.hand.advance(std::time::Duration::from_hours(1));
        let case = taken(&test, &engine, &head, &case, "tell").await;
        assert_eq!(seen_by(&test, &owner).await.len(), 1);
        assert_eq!(looks(&test, &owner).await, ["Your file"], "who read it before is kept from them");
        reads(&test, &head, &case).await;
        assert_eq!(looks(&test, &owner).await, ["CAU-2026-0001", "Your file"]);

        taken(&test, &engine, &head, &case, "end").await;
        assert!(seen_by(&test, &head).await.is_empty(), "it was taken off");
    }
}

#[tokio::test]
async fn only_those_above_see_a_file_and_the_owner_sees_that_they_did() {
    let site = TestSite::open().await;
    let head = site.person("ada", Role::Head, Some("ash")).await;
    let elsewhere = site.person("bea", Role::Head, Some("oak")).await;
    let officer = site
        .person("dan", Role::DataProtectionOfficer, Some("ash"))
        .await;
    let owner = site.person("kate", Role::Staff, Some("ash")).await;
    let file = format!("/people/{}/file", owner.id);

    let answer = site.get(&head, &file).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .text
            .contains("nothing on this file that you may see")
    );
    assert_eq!(
        site.get(&elsewhere, &file).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        site.get(&officer, &file).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(site.get(&owner, &file).await.status, StatusCode::FORBIDDEN);

    let own = site.get(&owner, "/me/file").await;
    assert!(own.text.contains("Nothing is on your file"));
    assert!(own.text.contains("ada Okafor"), "{}", own.text);
    let table = site.get(&head, &format!("{file}.csv")).await;
    assert!(table.text.starts_with("register,reference,state"));
    let own = site.get(&owner, "/me/file").await;
    assert!(own.text.contains("taken out as a table"));
    let heads_own = site.get(&head, &format!("/people/{}/file", head.id)).await;
    assert_eq!(heads_own.location, "/me/file");
}
