//! From the request to what is given out and to what is erased, on both engines of the store.

mod erasing;
mod memo;
mod pages;

use std::io::{Cursor, Read as _};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use jiff::SignedDuration;
use zip::ZipArchive;

use super::item::{Choice, Decision, Exemption, Marks};
use super::pages::collecting::start;
use super::sight::{Sight, sight};
use super::whom::Whom;
use super::{AccessError, collection, deciding, job, release, whom};
use crate::attachments::{Attachments, Owner};
use crate::authority::{Actor, Role};
use crate::cases::tests::made::{open, registers, somebody};
use crate::cases::{self, Case, CaseId, Engine, Taking};
use crate::ledger::{Kept, RecordKind, verify};
use crate::policies::Policies;
use crate::records::KINDS;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// The registers of these tests.
fn folder(test: &TestStore) -> PathBuf {
    let folder = registers(test);
    std::fs::write(folder.join("registers/memo.toml"), memo::MEMO).unwrap();
    folder
}

fn engine(test: &TestStore) -> Engine {
    Engine::new(Arc::new(Policies::load(Some(folder(test))).unwrap()))
}

fn attachments(test: &TestStore) -> Attachments {
    Attachments::new(test.folder().join("attachments"), 1_000_000)
}

/// Una asks; Dan answers; Hana heads the school; Tom and Kim work there.
struct Scene {
    engine: Engine,
    una: Actor,
    dan: Actor,
    hana: Actor,
    tom: Actor,
    request: Case,
}

async fn take(
    test: &TestStore,
    engine: &Engine,
    by: &Actor,
    case: &CaseId,
    step: &str,
    answers: &[(&str, &str)],
) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let seen = cases::see(&mut tx, by, case).await.unwrap();
    let answers = answers.iter();
    let taking = Taking {
        step: step.to_owned(),
        revision: seen.case.revision,
        note: "Because".to_owned(),
        answers: answers
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect(),
    };
    cases::take(&mut tx, engine, by, case, taking)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn request(test: &TestStore, engine: &Engine, by: &Actor, about: &str) -> Case {
    let answers = [
        ("who", "staff"),
        ("person", about),
        ("name", "Ada Unason"),
        ("reach", "una@elm.example"),
        ("wants", "Everything"),
        ("came_on", "2026-11-19"),
    ];
    open(test, engine, by, "subject-access", &answers)
        .await
        .unwrap()
}

/// Adds a file to a case.
async fn with_file(test: &TestStore, by: &Actor, case: &Case, name: &str) {
    let attachments = attachments(test);
    let picture = Bytes::from_static(b"\x89PNG\r\n\x1a\nwhat was seen");
    let body = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(picture)]);
    let received = attachments
        .receive(&test.store, &test.trust, name, body)
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

impl Scene {
    async fn of(test: &TestStore) -> Self {
        let engine = engine(test);
        let una = somebody(test, "una", "Unason", Role::Staff).await;
        let dan = somebody(test, "dan", "Danson", Role::DataProtectionOfficer).await;
        let hana = somebody(test, "hana", "Hanason", Role::Head).await;
        let tom = somebody(test, "tom", "Tomson", Role::Staff).await;
        somebody(test, "kim", "Kimson", Role::Staff).await;
        let memo = open(
            test,
            &engine,
            &tom,
            "memo",
            &[
                ("about", "una"),
                ("with", "kim"),
                (
                    "what",
                    "Memosecret: ADA  KIMSON and Ms Tomson met Ada Unason.",
                ),
            ],
        );
        let memo = memo.await.unwrap();
        with_file(test, &tom, &memo, "seen.png").await;
        let mentioned = [("about", "kim"), ("what", "Ada Unason was mentioned here.")];
        open(test, &engine, &tom, "memo", &mentioned).await.unwrap();
        let note = [("about", "una"), ("title", "Notesecret")];
        let note = open(test, &engine, &tom, "note", &note).await.unwrap();
        with_file(test, &tom, &note, "notefile.png").await;
        let worry = [("about", "una"), ("what", "Worrysecret")];
        open(test, &engine, &tom, "worry", &worry).await.unwrap();
        let request = request(test, &engine, &tom, "una").await;
        take(test, &engine, &dan, &request.id, "collect", &[]).await;
        Self {
            engine,
            una,
            dan,
            hana,
            tom,
            request,
        }
    }

    async fn sight(&self, test: &TestStore, who: &Actor) -> Result<Sight, AccessError> {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        sight(&mut tx, who, &self.request.id).await
    }

    /// Decides about all that somebody sees as is proposed.
    async fn decide(&self, test: &TestStore, who: &Actor) {
        for item in self.sight(test, who).await.unwrap().items {
            decided(
                test,
                who,
                &self.request.id,
                item.number,
                &item.content.proposed(),
            )
            .await;
        }
    }

    async fn release(&self, test: &TestStore, who: &Actor) -> Result<(), AccessError> {
        let files = attachments(test);
        release::release((&test.store, &self.engine, &files), who, &self.request.id).await
    }
}

async fn decided(test: &TestStore, who: &Actor, case: &CaseId, number: i64, decision: &Decision) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let before = collection::locked(&mut tx, case).await.unwrap();
    deciding::decide(&mut tx, case, number, Some(decision))
        .await
        .unwrap();
    deciding::said(&mut tx, case, &number.to_string())
        .await
        .unwrap();
    let kind = "access_collection.decided";
    collection::entered(&mut tx, who, kind, Some(&before), case)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Begins and gathers what is held about the first whom a request can mean.
pub(crate) async fn gather(test: &TestStore, engine: &Engine, by: &Actor, case: &CaseId) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let seen = cases::see(&mut tx, by, case).await.unwrap();
    let meant = whom::meant(&mut tx, (&test.store, &test.trust), &seen)
        .await
        .unwrap();
    let first: &Whom = meant.first().unwrap();
    start(&mut tx, by, case, first).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = test.store.read(&test.trust);
    let begun = collection::find(&mut reader, case).await.unwrap().unwrap();
    let work = job::Gather {
        case: case.clone(),
        begun_at: begun.begun_at,
    };
    let files = attachments(test);
    let of = (&test.store, &test.trust);
    let tx = job::gathered(of, (engine, &files), &work).await.unwrap();
    tx.unwrap().commit().await.unwrap();
    assert!(
        job::gathered(of, (engine, &files), &work)
            .await
            .unwrap()
            .is_none(),
        "once"
    );
}

/// Everything that somebody sees of a collection, in words; what it says where they see nothing.
pub(crate) async fn preview(
    test: &TestStore,
    who: &Actor,
    case: &CaseId,
) -> Result<String, String> {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    match sight(&mut tx, who, case).await {
        Ok(seen) => {
            let items = seen
                .items
                .iter()
                .map(|item| format!("{} {:?}\n", item.number, item.content));
            Ok(format!(
                "{} of {}\n{}",
                seen.decided(),
                seen.items.len(),
                items.collect::<String>()
            ))
        }
        Err(error) => Err(format!("{error:?} {error}")),
    }
}

async fn is_sound(test: &TestStore) {
    let wanted = [
        "case_file",
        "attachment",
        "access_collection",
        "retention_hold",
        "case_view",
    ];
    let kinds = KINDS.iter().filter(|kind| wanted.contains(&kind.kind));
    let kinds: Vec<RecordKind> = kinds.copied().collect();
    let verified = verify(&test.store, &test.trust, &kinds, &Kept::default())
        .await
        .unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
}

/// Everything in a package, unpacked, as text.
fn unpacked(bytes: &[u8]) -> String {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        all.push_str(&file.name().unwrap());
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

fn texts(seen: &Sight) -> String {
    format!(
        "{:?}",
        seen.items
            .iter()
            .map(|item| &item.content)
            .collect::<Vec<_>>()
    )
}

async fn count(test: &TestStore, sql: &'static str) -> u64 {
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

on_both! {
    async fn whoever_answers_sees_what_they_may_and_the_rest_goes_to_those_who_may(test: TestStore) {
        let scene = Scene::of(&test).await;
        gather(&test, &scene.engine, &scene.dan, &scene.request.id).await;
        let dan = scene.sight(&test, &scene.dan).await.unwrap();
        assert!(dan.answers);
        let numbers: Vec<i64> = dan.items.iter().map(|item| item.number).collect();
        let in_a_row = i64::try_from(numbers.len()).unwrap();
        assert_eq!(numbers, (1..=in_a_row).collect::<Vec<_>>(), "no gap tells of more");
        let all = texts(&dan);
        assert!(all.contains("Memosecret") && all.contains("was mentioned here") && all.contains("seen.png"), "{all}");
        for hidden in ["Notesecret", "Worrysecret", "NOT-2026", "WOR-2026", "notefile"] {
            assert!(!all.contains(hidden), "{hidden}");
        }
        let memo = dan.items.iter().find(|item| format!("{:?}", item.content).contains("Memosecret")).unwrap();
        let others: Vec<&str> = memo.content.others.iter().map(|other| other.name.as_str()).collect();
        assert_eq!(others, ["ADA KIMSON", "Ada Kimson", "Ada Tomson", "Ms Tomson"]);
        assert_eq!(memo.content.proposed().choice, Choice::Redact);

        let hana = scene.sight(&test, &scene.hana).await.unwrap();
        assert!(!hana.answers);
        let theirs = texts(&hana);
        assert!(theirs.contains("Notesecret") && theirs.contains("Worrysecret") && theirs.contains("notefile.png"), "{theirs}");
        assert!(!theirs.contains("Memosecret"), "{theirs}");
        let worry = hana.items.iter().find(|item| format!("{:?}", item.content).contains("Worrysecret")).unwrap();
        assert_eq!(worry.content.proposed().choice, Choice::Withhold, "it is kept from whom it is about");
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = 'hana' AND about = '/subject-access/routed'").await, 1);

        for nobody in [&scene.una, &Actor { roles: scene.hana.roles.clone(), ..scene.una.clone() }] {
            assert!(matches!(scene.sight(&test, nobody).await, Err(AccessError::NotFound)), "{}", nobody.name);
        }
        let mut elsewhere = scene.dan.clone();
        elsewhere.roles[0].school = Some("oak".parse().unwrap());
        assert!(matches!(scene.sight(&test, &elsewhere).await, Err(AccessError::NotFound)));
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = 'una' AND about LIKE '/subject-access%'").await, 0);
        is_sound(&test).await;
    }

    async fn what_is_given_out_is_whole_sealed_and_lasts_for_a_time(test: TestStore) {
        let scene = Scene::of(&test).await;
        gather(&test, &scene.engine, &scene.dan, &scene.request.id).await;
        assert!(matches!(scene.release(&test, &scene.dan).await, Err(AccessError::NotYet(_))), "nothing is decided");
        scene.decide(&test, &scene.dan).await;
        let seen = scene.sight(&test, &scene.dan).await.unwrap();
        let mentioned = seen.items.iter().find(|item| format!("{:?}", item.content).contains("was mentioned")).unwrap();
        let withheld = Decision { choice: Choice::Withhold, exemption: Some(Exemption::ThirdParty), marks: Marks::default() };
        decided(&test, &scene.dan, &scene.request.id, mentioned.number, &withheld).await;
        assert!(matches!(scene.release(&test, &scene.dan).await, Err(AccessError::NotYet(_))), "the case is not there yet");
        take(&test, &scene.engine, &scene.dan, &scene.request.id, "review", &[("searched", "Here and in e-mail")]).await;
        scene.release(&test, &scene.dan).await.unwrap();

        let seen = scene.sight(&test, &scene.dan).await.unwrap();
        let package = seen.collection.packages.first().unwrap().clone();
        let bytes = release::fetch(&test.store, &scene.dan, &scene.request.id, &package.id).await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let case = cases::see(&mut tx, &scene.dan, &scene.request.id).await.unwrap().case;
        drop(tx);
        assert_eq!(case.answers.get("package"), Some(&vec![package.sha256.clone()]), "the ledger has the hash");
        let all = unpacked(&bytes);
        assert!(all.contains("Memosecret") && all.contains("what was seen") && all.contains("Here and in e-mail"));
        assert!(all.contains("Information about somebody else") && all.contains("Information Commissioner"));
        for out in ["Kimson", "KIMSON", "Tomson", "was mentioned", "Notesecret", "Worrysecret", "NOT-2026", "WOR-2026", "looked into"] {
            assert!(!all.contains(out), "{out}");
        }
        let rows = test.store.read(&test.trust).all("SELECT content FROM access_piece WHERE trust = $1", values![]).await.unwrap();
        let sealed: Vec<u8> = rows[0].get("content").unwrap();
        assert_ne!(sealed.get(..2), Some(&b"PK"[..]));

        for other in [&scene.hana, &scene.tom, &scene.una] {
            let fetched = release::fetch(&test.store, other, &scene.request.id, &package.id).await;
            assert!(matches!(fetched, Err(AccessError::NotFound)));
        }
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'access_collection.fetched'").await, 1);
        is_sound(&test).await;
        assert_eq!(job::clear(&test.store, &test.trust).await.unwrap(), 0);
        test.hand.advance(std::time::Duration::from_secs(u64::try_from(release::LASTS.as_secs()).unwrap() + 1));
        let late = release::fetch(&test.store, &scene.dan, &scene.request.id, &package.id).await;
        assert!(matches!(late, Err(AccessError::NotFound)));
        assert!(job::clear(&test.store, &test.trust).await.unwrap() > 0);
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM access_piece WHERE trust = $1").await, 0);
        is_sound(&test).await;
    }

    async fn what_was_routed_is_given_out_apart_and_whoever_answers_does_not_learn_of_it(test: TestStore) {
        let scene = Scene::of(&test).await;
        gather(&test, &scene.engine, &scene.dan, &scene.request.id).await;
        let before = preview(&test, &scene.dan, &scene.request.id).await;
        scene.decide(&test, &scene.hana).await;
        scene.release(&test, &scene.hana).await.unwrap();
        assert_eq!(preview(&test, &scene.dan, &scene.request.id).await, before);
        let seen = scene.sight(&test, &scene.hana).await.unwrap();
        let package = &seen.collection.packages[0];
        let bytes = release::fetch(&test.store, &scene.hana, &scene.request.id, &package.id).await.unwrap();
        let all = unpacked(&bytes);
        assert!(all.contains("Notesecret") && !all.contains("Worrysecret") && !all.contains("WOR-2026") && !all.contains("SAR-2026"));
        let fetched = release::fetch(&test.store, &scene.dan, &scene.request.id, &package.id).await;
        assert!(matches!(fetched, Err(AccessError::NotFound)));
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let case = cases::see(&mut tx, &scene.dan, &scene.request.id).await.unwrap().case;
        assert_eq!(case.done.len(), 2, "the case says nothing of it");
        drop(tx);
        is_sound(&test).await;
    }
}

/// So long that a year is over.
const YEAR: SignedDuration = SignedDuration::from_hours(24 * 370);
