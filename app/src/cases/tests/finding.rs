//! Finding cases, and saved views.

use jiff::civil::date;

use super::made::{engine, open, somebody};
use crate::authority::{Actor, Role};
use crate::cases::{self, CaseError, Sought, Taking, ViewError};
use crate::people::Part;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn found(test: &TestStore, actor: &Actor, sought: &Sought) -> Vec<String> {
    let mut reader = test.store.read(&test.trust);
    let part = Part { skip: 0, size: 10 };
    let found = cases::search(&mut reader, &test.store, actor, sought, part)
        .await
        .unwrap();
    assert_eq!(found.total, u64::try_from(found.items.len()).unwrap());
    let items = found.items.into_iter();
    items.map(|line| line.case.reference).collect()
}

async fn by_text(test: &TestStore, actor: &Actor, text: &str) -> Vec<String> {
    let sought = Sought {
        text: text.to_owned(),
        ..Sought::default()
    };
    found(test, actor, &sought).await
}

on_both! {
    async fn words_find_a_case_for_those_who_see_the_whole_of_it(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let head = somebody(&test, "head", "Mensah", Role::Head).await;
        let about = somebody(&test, "about", "Adeyemi", Role::Staff).await;
        let elsewhere = somebody(&test, "elsewhere", "Lund", Role::Staff).await;
        let answers = [("about", "about"), ("title", "The screenshots of the play"), ("private", "Divorce")];
        let case = open(&test, &engine, &teacher, "note", &answers).await.unwrap();

        for text in ["screenshot", "Play SCREENSHOTS", "NOT-2026-0001", "not-2026", "Ada Adeyemi"] {
            for actor in [&head, &teacher] {
                assert_eq!(by_text(&test, actor, text).await, ["NOT-2026-0001"], "{text}");
            }
            assert_eq!(by_text(&test, &elsewhere, text).await, [""; 0], "{text}");
        }
        for text in ["divorce", "screenshot disco", "?!", "100%", "Lund"] {
            assert_eq!(by_text(&test, &head, text).await, [""; 0], "{text}");
        }
        // Whoever sees the outline alone finds it by what the outline says.
        assert_eq!(by_text(&test, &about, "NOT-2026-0001").await, ["NOT-2026-0001"]);
        for text in ["screenshot", "Adeyemi"] {
            assert_eq!(by_text(&test, &about, text).await, [""; 0], "{text}");
        }

        let taking = Taking {
            step: "correct".into(),
            revision: case.revision,
            note: "It was another play".into(),
            answers: [("title".to_owned(), vec!["The concert".to_owned()])].into(),
        };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::take(&mut tx, &engine, &head, &case.id, taking).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(by_text(&test, &head, "screenshot").await, [""; 0]);
        assert_eq!(by_text(&test, &head, "concerts").await, ["NOT-2026-0001"]);
    }

    async fn a_sensitive_case_is_found_by_reference_person_kind_and_day_alone(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let head = somebody(&test, "head", "Mensah", Role::Head).await;
        let accused = somebody(&test, "accused", "Adeyemi", Role::SeniorLeader).await;
        let answers = [("about", "accused"), ("what", "Shouting in the corridor")];
        open(&test, &engine, &teacher, "worry", &answers).await.unwrap();

        let of_kind = Sought { register: Some("worry".into()), ..Sought::default() };
        let today = Sought { from: Some(date(2026, 11, 20)), to: Some(date(2026, 11, 20)), ..Sought::default() };
        let later = Sought { from: Some(date(2026, 11, 21)), ..Sought::default() };
        assert_eq!(by_text(&test, &head, "corridor").await, [""; 0]);
        for text in ["WOR-2026-0001", "adeyemi"] {
            assert_eq!(by_text(&test, &head, text).await, ["WOR-2026-0001"], "{text}");
        }
        for sought in [&of_kind, &today] {
            assert_eq!(found(&test, &head, sought).await, ["WOR-2026-0001"]);
        }
        assert_eq!(found(&test, &head, &later).await, [""; 0]);

        // Whom it is about finds nothing, in whatever way they look.
        for text in ["WOR-2026-0001", "WOR", "adeyemi", "Ada Adeyemi", "corridor", ""] {
            assert_eq!(by_text(&test, &accused, text).await, [""; 0], "{text}");
        }
        for sought in [&of_kind, &today] {
            assert_eq!(found(&test, &accused, sought).await, [""; 0]);
        }
    }

    async fn the_index_goes_with_the_case_and_holds_no_word(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let answers = [("about", "teacher"), ("title", "Screenshots")];
        let case = open(&test, &engine, &teacher, "note", &answers).await.unwrap();
        let all = "SELECT word FROM case_word WHERE trust = $1";
        let rows = test.store.read(&test.trust).all(all, values![]).await.unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let word: String = row.get("word").unwrap();
            assert!(word.len() == 20 && !word.contains("screen"), "{word}");
        }
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::forget(&mut tx, &case.id).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let rows = test.store.read(&test.trust).all(all, values![]).await.unwrap();
        assert!(rows.is_empty());
    }

    async fn a_view_is_its_owners_alone(test: TestStore) {
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let other = somebody(&test, "other", "Mensah", Role::Staff).await;
        let (me, they) = (teacher.person.clone().unwrap(), other.person.clone().unwrap());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let view = cases::save_view(&mut tx, &teacher, &me, "  Mine  first ", "show=waiting").await.unwrap();
        assert_eq!((view.name.as_str(), view.query.as_str()), ("Mine first", "show=waiting"));
        let again = cases::save_view(&mut tx, &teacher, &me, "Mine first", "").await;
        assert!(matches!(again, Err(ViewError::Taken)));
        let nameless = cases::save_view(&mut tx, &teacher, &me, " ", "").await;
        assert!(matches!(nameless, Err(ViewError::Name)));
        let stranger = cases::delete_view(&mut tx, &other, &they, &view.id).await;
        assert!(matches!(stranger, Err(CaseError::NotFound)));
        tx.commit().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        assert_eq!(cases::views(&mut reader, &me).await.unwrap().len(), 1);
        assert!(cases::views(&mut reader, &they).await.unwrap().is_empty());
        let states = cases::view_states(&mut reader, "", 10).await.unwrap();
        assert_eq!(states[0].1["name"], "Mine first");
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::delete_view(&mut tx, &teacher, &me, &view.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(cases::views(&mut reader, &me).await.unwrap().is_empty());
    }
}
