//! From a closed case to the proof that it is gone.

use crate::cases::tests::made::acting;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;

use super::{disposal, hold, list, run};
use crate::attachments::{Attachments, Owner};
use crate::authority::{Action, Actor, Permit, Role};
use crate::cases::{self, Case, Engine, Opening, Taking};
use crate::ledger::{Kept, RecordKind, verify};
use crate::people::Part;
use crate::records::KINDS;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;
use crate::web::testing::TestSite;

/// Requests that are erased a year after they are closed.
const WISH: &str = r#"
id = "wish"
name = "wish"
plural = "wishes"
reference = "WIS"
purpose = "Wish for something."
door = "request"
opened_by = ["staff"]
subject = "field:about"
sensitivity = "personal"
effects = [{ notify = ["opener"], says = "A wish was made" }]

[[field]]
id = "about"
kind = "person"
question = "Who is it about?"

[[state]]
id = "new"
says = "New"

[[state]]
id = "over"
says = "Over"
end = true

[[step]]
id = "end"
says = "End it"
from = ["new"]
to = "over"
by = ["staff"]

[[sees]]
who = ["opener", "staff"]

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

const YEAR: Duration = Duration::from_hours(24 * 367);

fn engine(test: &TestStore) -> Engine {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/wish.toml"), WISH).unwrap();
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
    tx.commit_unrecorded().await.unwrap();
    acting(test, &id.parse().unwrap(), role)
}

async fn opened(test: &TestStore, engine: &Engine, by: &Actor, linked: Option<&Case>) -> Case {
    let opening = Opening {
        register: "wish".into(),
        school: Some("ash".parse().unwrap()),
        answers: [("about".to_owned(), vec!["colleague".to_owned()])].into(),
        linked: linked.map(|case| case.id.clone()),
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::open(&mut tx, engine, by, opening).await.unwrap();
    tx.commit().await.unwrap();
    case
}

async fn ended(test: &TestStore, engine: &Engine, by: &Actor, case: &Case) {
    let taking = Taking {
        step: "end".into(),
        revision: case.revision,
        ..Taking::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    cases::take(&mut tx, engine, by, &case.id, taking)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Adds a file of evidence to a case.
async fn with_evidence(test: &TestStore, by: &Actor, case: &Case) {
    let attachments = Attachments::new(test.folder().join("attachments"), 1_000_000);
    let picture = Bytes::from_static(b"\x89PNG\r\n\x1a\nwhat was seen");
    let body = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(picture)]);
    let received = attachments
        .receive(&test.store, &test.trust, "seen.png", body)
        .await
        .unwrap();
    let owner = Owner {
        kind: "case_file",
        id: case.id.as_str(),
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    attachments
        .keep(&mut tx, by, owner, received)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn permit(actor: &Actor) -> Permit {
    actor.permit(Action::ManageRetention).unwrap()
}

async fn proposed(test: &TestStore, actor: &Actor) -> Vec<list::Waits> {
    let part = Part { skip: 0, size: 10 };
    let mut reader = test.store.read(&test.trust);
    let listed = list::proposals(&mut reader, &permit(actor), part)
        .await
        .unwrap();
    assert_eq!(listed.total, listed.items.len() as u64);
    listed.items.into_iter().map(|one| one.waits).collect()
}

async fn rows(test: &TestStore, sql: &'static str, case: &Case) -> u64 {
    let mut reader = test.store.read(&test.trust);
    reader.count(sql, values![&case.id]).await.unwrap()
}

async fn is_sound(test: &TestStore) {
    let kinds: Vec<RecordKind> = KINDS
        .iter()
        .filter(|kind| ["case_file", "attachment", "retention_hold"].contains(&kind.kind))
        .copied()
        .collect();
    let verified = verify(&test.store, &test.trust, &kinds, &Kept::default())
        .await
        .unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
}

on_both! {
    async fn a_case_past_its_time_goes_with_all_that_hangs_on_it_and_the_log_stays_whole(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        somebody(&test, "colleague", Role::Staff).await;
        let officer = somebody(&test, "officer", Role::DataProtectionOfficer).await;
        let case = opened(&test, &engine, &teacher, None).await;
        with_evidence(&test, &teacher, &case).await;
        ended(&test, &engine, &teacher, &case).await;
        assert_eq!(run::propose(&test.store, &test.trust).await.unwrap(), 0, "its time is not over");

        test.hand.advance(YEAR);
        assert_eq!(run::propose(&test.store, &test.trust).await.unwrap(), 1);
        assert_eq!(run::propose(&test.store, &test.trust).await.unwrap(), 0, "it is proposed once");
        assert_eq!(proposed(&test, &officer).await, [list::Waits::No]);
        assert_eq!(rows(&test, "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND id = $2", &case).await, 1, "it is only proposed");

        assert!(disposal::dispose(&test.store, &permit(&officer), &case.id).await.unwrap());
        for sql in [
            "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND id = $2",
            "SELECT COUNT(*) AS n FROM case_step WHERE trust = $1 AND case_id = $2",
            "SELECT COUNT(*) AS n FROM case_access WHERE trust = $1 AND case_id = $2",
            "SELECT COUNT(*) AS n FROM retention_proposal WHERE trust = $1 AND case_id = $2",
            "SELECT COUNT(*) AS n FROM attachment WHERE trust = $1 AND record = $2",
            "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND about = '/cases/' || $2",
            "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND record = $2 AND content IS NOT NULL",
            "SELECT COUNT(*) AS n FROM record_key WHERE trust = $1 AND record = 'case_file/' || $2",
        ] {
            assert_eq!(rows(&test, sql, &case).await, 0, "{sql}");
        }
        let mut reader = test.store.read(&test.trust);
        let erased = list::erased(&mut reader, &test.store, &permit(&officer)).await.unwrap();
        assert_eq!(erased.len(), 1);
        assert!(erased.iter().all(|one| one.reason.contains("wish, 1 year after")), "{erased:?}");
        is_sound(&test).await;
        assert!(!disposal::dispose(&test.store, &permit(&officer), &case.id).await.unwrap(), "it is gone");
    }

    async fn a_hold_and_a_live_case_beside_it_postpone_it(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        somebody(&test, "colleague", Role::Staff).await;
        let officer = somebody(&test, "officer", Role::DataProtectionOfficer).await;
        let case = opened(&test, &engine, &teacher, None).await;
        ended(&test, &engine, &teacher, &case).await;
        test.hand.advance(YEAR);
        run::propose(&test.store, &test.trust).await.unwrap();
        let live = opened(&test, &engine, &teacher, Some(&case)).await;
        assert_eq!(proposed(&test, &officer).await, [list::Waits::Linked]);
        assert!(!disposal::dispose(&test.store, &permit(&officer), &case.id).await.unwrap());
        ended(&test, &engine, &teacher, &live).await;

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        hold::hold(&mut tx, &officer, &case.id, "A claim waits").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(proposed(&test, &officer).await, [list::Waits::Held]);
        assert!(!disposal::dispose(&test.store, &permit(&officer), &case.id).await.unwrap());
        is_sound(&test).await;

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let (held, reference) = list::holds(&mut tx, &test.store, &permit(&officer)).await.unwrap().remove(0);
        assert_eq!(reference, "WIS-2026-0001");
        hold::lift(&mut tx, &officer, &held).await.unwrap();
        tx.commit().await.unwrap();
        assert!(disposal::dispose(&test.store, &permit(&officer), &case.id).await.unwrap());
        is_sound(&test).await;
    }

    async fn nobody_is_shown_a_case_about_themselves_nor_one_elsewhere(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", Role::Staff).await;
        let colleague = somebody(&test, "colleague", Role::Staff).await;
        let case = opened(&test, &engine, &teacher, None).await;
        ended(&test, &engine, &teacher, &case).await;
        test.hand.advance(YEAR);
        run::propose(&test.store, &test.trust).await.unwrap();
        let mut about_them = colleague.clone();
        about_them.roles[0].role = Role::DataProtectionOfficer;
        assert!(proposed(&test, &about_them).await.is_empty());
        let mut elsewhere = somebody(&test, "elsewhere", Role::DataProtectionOfficer).await;
        elsewhere.roles[0].school = Some("oak".parse().unwrap());
        assert!(proposed(&test, &elsewhere).await.is_empty());
        assert!(!disposal::dispose(&test.store, &permit(&elsewhere), &case.id).await.unwrap());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE retention_proposal SET sensitive = 1 WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let officer = somebody(&test, "officer", Role::DataProtectionOfficer).await;
        let administrator = somebody(&test, "administrator", Role::TrustAdministrator).await;
        assert_eq!(proposed(&test, &officer).await.len(), 1);
        assert!(proposed(&test, &administrator).await.is_empty(), "sensitive ones are for the officer alone");
    }
}

#[tokio::test]
async fn the_pages_lead_from_nothing_to_a_hold_that_is_refused_in_words() {
    let site = TestSite::open().await;
    let officer = site
        .person("dan", Role::DataProtectionOfficer, Some("ash"))
        .await;
    let head = site.person("ada", Role::Head, Some("ash")).await;
    assert_eq!(
        site.get(&head, "/retention").await.status,
        StatusCode::FORBIDDEN
    );
    let page = site.get(&officer, "/retention").await;
    assert!(
        page.text
            .contains("past its time. Probity looks every night")
    );
    let none = site.get(&officer, "/retention/confirm").await;
    assert_eq!(none.location, "/retention?none=true");
    let told = site.get(&officer, &none.location).await;
    assert!(told.text.contains("Choose the records to erase"));
    let body = "reference=INC-2020-0001&reason=x";
    let refused = site.send(&officer, "POST", "/retention/hold", body).await;
    assert!(refused.text.contains("Give the reference of a closed case"));
    assert!(refused.text.contains("Say in 5 to 500 characters"));
}
