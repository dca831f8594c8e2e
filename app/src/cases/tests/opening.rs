//! Drafts, their evidence and what becomes of them; cases that the public opens.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Bytes;

use super::life::somebody;
use super::made::ash;
use crate::attachments::{Attachments, Owner, Received};
use crate::authority::{Actor, Role};
use crate::cases::receipts::{self, Counted};
use crate::cases::{
    self, CaseError, Decision, Draft, DraftId, Engine, NewDraft, Opening, drafts, evidence,
};
use crate::policies::Policies;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// A register that staff and the public may open, with room for files.
const SIGHTING: &str = r#"
id = "sighting"
name = "sighting"
plural = "sightings"
reference = "SIG"
purpose = "Say what you saw."
door = "report"
opened_by = ["staff", "public"]
subject = "nobody"
sensitivity = "ordinary"

[[field]]
id = "what"
kind = "text"
question = "What did you see?"
required = true

[[field]]
id = "files"
kind = "evidence"
question = "What shows it?"

[[state]]
id = "new"
says = "Waiting to be looked at"

[[state]]
id = "over"
says = "Looked at"
end = true

[[step]]
id = "look"
says = "Look at it"
from = ["new"]
to = "over"
by = ["head"]

[[sees]]
who = ["head"]

[retention]
from = "closed"
keep = "1 years"
then = "erase"
source = "A made register."
"#;

fn engine(test: &TestStore) -> Engine {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/sighting.toml"), SIGHTING).unwrap();
    Engine::new(Arc::new(Policies::load(Some(folder)).unwrap()))
}

fn files(test: &TestStore) -> Attachments {
    Attachments::new(test.folder().join("attachments"), 1_000_000)
}

async fn begin(test: &TestStore, actor: &Actor) -> Draft {
    let new = NewDraft {
        register: "sighting".into(),
        school: Some(ash()),
        answers: [("what".to_owned(), vec!["A copied profile".to_owned()])].into(),
        decision: Some(Decision {
            address: "/ask/stivichall/answer?act=post".into(),
            policy: "Social media policy, Stivichall".into(),
            version: "0123".into(),
            says: "Better not".into(),
        }),
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let draft = cases::begin(&mut tx, actor, new).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    draft
}

async fn receive(test: &TestStore) -> Received {
    let picture = Bytes::from_static(b"\x89PNG\r\n\x1a\na picture");
    let body = futures_util::stream::iter([Ok::<_, Infallible>(picture)]);
    let files = files(test);
    let received = files.receive(&test.store, &test.trust, "screen.png", body);
    received.await.unwrap()
}

async fn attach(test: &TestStore, actor: &Actor, draft: &DraftId) -> Draft {
    let received = receive(test).await;
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let kept = evidence::keep(&mut tx, &files(test), actor, (draft, "files"), received).await;
    tx.commit().await.unwrap();
    kept.unwrap()
}

async fn found(test: &TestStore, actor: &Actor, id: &DraftId) -> Result<Draft, CaseError> {
    let mut reader = test.store.read(&test.trust);
    cases::draft(&mut reader, &test.store, actor, id).await
}

async fn count(test: &TestStore, sql: &'static str, of: &str) -> u64 {
    let mut reader = test.store.read(&test.trust);
    reader.count(sql, values![of]).await.unwrap()
}

const FILES: &str = "SELECT COUNT(*) AS n FROM attachment WHERE trust = $1 AND record_kind = $2";
const EVENTS: &str = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = $2";

on_both! {
    async fn a_draft_is_its_writers_alone_and_goes_with_its_files(test: TestStore) {
        let writer = somebody(&test, "writer", Role::Staff).await;
        let other = somebody(&test, "other", Role::Head).await;
        let draft = begin(&test, &writer).await;
        assert!(matches!(found(&test, &other, &draft.id).await, Err(CaseError::NotFound)));
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let answer = ("what", vec!["Another thing".to_owned()]);
        let theirs = drafts::answer(&mut tx, &other, &draft.id, answer.clone()).await;
        assert!(matches!(theirs, Err(CaseError::NotFound)));
        drafts::answer(&mut tx, &writer, &draft.id, answer).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let one = attach(&test, &writer, &draft.id).await;
        let two = attach(&test, &writer, &draft.id).await;
        assert_eq!((one.answers["files"].len(), two.answers["files"].len()), (1, 2));
        assert_eq!(found(&test, &writer, &draft.id).await.unwrap().answers["what"], ["Another thing"]);

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let file = one.answers["files"][0].parse().unwrap();
        let left = evidence::remove(&mut tx, &files(&test), &writer, (&draft.id, "files"), &file).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(left.answers["files"].len(), 1);

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        drafts::discard(&mut tx, &files(&test), &writer, &draft.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(found(&test, &writer, &draft.id).await.is_err());
        assert_eq!(count(&test, FILES, "case_draft").await, 0);
        assert_eq!(count(&test, EVENTS, "attachment.removed").await, 2);
    }

    async fn a_draft_becomes_a_case_once_and_its_files_are_the_cases(test: TestStore) {
        let engine = engine(&test);
        let writer = somebody(&test, "writer", Role::Staff).await;
        let draft = begin(&test, &writer).await;
        attach(&test, &writer, &draft.id).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let case = cases::open_draft(&mut tx, &engine, &files(&test), &writer, &draft.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(case.done[0].decision, draft.decision);
        let owner = Owner { kind: "case_file", id: case.id.as_str() };
        let handed = files(&test).of(&test.store, &test.trust, owner).await.unwrap();
        assert_eq!((handed.len(), handed[0].name.as_str()), (1, "screen.png"));
        assert_eq!(case.answers["files"], [handed[0].id.to_string()]);
        assert_eq!(count(&test, EVENTS, "attachment.handed-over").await, 1);
        assert_eq!(count(&test, FILES, "case_draft").await, 0);

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let again = cases::open_draft(&mut tx, &engine, &files(&test), &writer, &draft.id).await;
        assert!(matches!(again, Err(CaseError::NotFound)));
        drop(tx);
        let head = somebody(&test, "head", Role::Head).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let seen = cases::see(&mut tx, &head, &case.id).await.unwrap();
        assert_eq!(seen.case.done[0].decision, draft.decision);
    }

    async fn a_file_of_somebody_elses_draft_is_not_handed_over(test: TestStore) {
        let engine = engine(&test);
        let writer = somebody(&test, "writer", Role::Staff).await;
        let thief = somebody(&test, "thief", Role::Staff).await;
        let draft = begin(&test, &writer).await;
        let file = attach(&test, &writer, &draft.id).await.answers["files"].clone();
        let other = begin(&test, &thief).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        drafts::answer(&mut tx, &thief, &other.id, ("files", file)).await.unwrap();
        cases::open_draft(&mut tx, &engine, &files(&test), &thief, &other.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&test, FILES, "case_file").await, 0);
        assert_eq!(count(&test, FILES, "case_draft").await, 1);
    }

    async fn the_public_opens_what_is_public_and_learns_its_state_by_a_code(test: TestStore) {
        let engine = engine(&test);
        let opening = |register: &str| Opening {
            register: register.to_owned(),
            school: Some(ash()),
            answers: [("what".to_owned(), vec!["A copied profile".to_owned()])].into(),
            ..Opening::default()
        };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let refused = receipts::open_publicly(&mut tx, &engine, &test.trust, opening("declaration")).await;
        assert!(matches!(refused, Err(CaseError::NoSuchRegister)));
        drop(tx);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let (case, code) = receipts::open_publicly(&mut tx, &engine, &test.trust, opening("sighting")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((case.opened_by, code.len()), (None, 24));

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        for typed in [code.clone(), code.to_lowercase().replace('-', " ")] {
            let stands = receipts::stands(&mut tx, &typed).await.unwrap().unwrap();
            assert_eq!(stands.state, "Waiting to be looked at");
        }
        assert_eq!(receipts::stands(&mut tx, "ABCD-EFGH").await.unwrap(), None);
        let client = |last| IpAddr::V4(Ipv4Addr::new(192, 0, 2, last));
        for number in 1..=11 {
            let may = receipts::count(&mut tx, &test.trust, Counted::Sent, client(1)).await.unwrap();
            assert_eq!(may, number <= 10, "{number}");
        }
        assert!(receipts::count(&mut tx, &test.trust, Counted::Sent, client(2)).await.unwrap());
        assert!(receipts::count(&mut tx, &test.trust, Counted::Tried, client(1)).await.unwrap());
    }
}
