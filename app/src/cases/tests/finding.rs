//! Finding cases, and saved views.

use std::time::Duration;

use jiff::civil::date;

use super::made::{engine, open, somebody};
use crate::authority::{Actor, Role};
use crate::cases::{self, CaseError, Filter, Sought, Standing, Taking, ViewError};
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

async fn listed(test: &TestStore, actor: &Actor, filter: &Filter) -> Vec<String> {
    let mut reader = test.store.read(&test.trust);
    let part = Part { skip: 0, size: 10 };
    let found = cases::list(&mut reader, &test.store, actor, filter, part)
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

    async fn a_list_is_narrowed_down(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let head = somebody(&test, "head", "Mensah", Role::Head).await;
        let mut heads = head.clone();
        heads.roles[0].school = None;
        let first = open(&test, &engine, &teacher, "note", &[("about", "teacher"), ("title", "A")]).await.unwrap();
        test.hand.advance(Duration::from_secs(1));
        open(&test, &engine, &teacher, "note", &[("about", "head"), ("title", "B")]).await.unwrap();
        test.hand.advance(Duration::from_secs(1));
        open(&test, &engine, &teacher, "worry", &[("about", "teacher"), ("what", "C")]).await.unwrap();
        let taking = Taking {
            step: "look".into(),
            revision: first.revision,
            answers: [("outcome".to_owned(), vec!["talk".to_owned()])].into(),
            ..Taking::default()
        };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::take(&mut tx, &engine, &head, &first.id, taking).await.unwrap();
        tx.commit().await.unwrap();

        let school = |id: &str| Some(id.parse().unwrap());
        let note = || Some("note".to_owned());
        let (one, two, worry) = ("NOT-2026-0001", "NOT-2026-0002", "WOR-2026-0001");
        for (filter, theirs) in [
            (Filter::default(), &[worry, two, one][..]),
            (Filter { oldest_first: true, ..Filter::default() }, &[one, two, worry]),
            (Filter { register: note(), ..Filter::default() }, &[two, one]),
            (Filter { register: note(), state: Some("seen".into()), ..Filter::default() }, &[one]),
            (Filter { school: school("ash"), ..Filter::default() }, &[worry, two, one]),
            (Filter { school: school("elsewhere"), ..Filter::default() }, &[]),
            (Filter { school: school("ash"), register: note(), ..Filter::default() }, &[two, one]),
            (Filter { reference: "not-2026-0002".into(), ..Filter::default() }, &[two]),
            (Filter { reference: "%".into(), ..Filter::default() }, &[]),
            (Filter { standing: Standing::Closed, ..Filter::default() }, &[]),
            (Filter { standing: Standing::All, ..Filter::default() }, &[worry, two, one]),
        ] {
            // Of a case about the head, they see the outline as anybody of whom one is; of the trust's heads as well.
            for actor in [&head, &heads] {
                assert_eq!(listed(&test, actor, &filter).await, theirs, "{filter:?}");
            }
        }
    }

    async fn a_word_that_many_cases_have_is_looked_for_among_theirs(test: TestStore) {
        let engine = engine(&test);
        let teacher = somebody(&test, "teacher", "Okafor", Role::Staff).await;
        let head = somebody(&test, "head", "Mensah", Role::Head).await;
        let elsewhere = somebody(&test, "elsewhere", "Lund", Role::Staff).await;
        let answers = [("about", "teacher"), ("title", "The screenshots")];
        let case = open(&test, &engine, &teacher, "note", &answers).await.unwrap();
        let word = test.store.read(&test.trust).all(
            "SELECT word FROM case_word WHERE trust = $1 AND case_id = $2", values![&case.id]).await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        // As many cases of others as make it no longer worth beginning at the word.
        let others = (0..=1_000).map(|number| format!("01k{number:023}"));
        let others: Vec<String> = others.collect();
        tx.insert_all(
            "INSERT INTO case_file (trust, id, register, rules, reference, state, opened_at, changed_at, revision, paper, \
               filed, disclosed, in_force, answers)",
            "",
            others.iter().map(|id| values![id, "note", &case.rules, id, "open", 0, 0, 1, 0, 0, 0, 0, vec![0_u8]]).collect(),
        )
        .await
        .unwrap();
        let words = word.iter().map(|row| row.get::<String>("word").unwrap());
        let rows = words.flat_map(|word| others.iter().map(move |id| values![&word, id]));
        tx.insert_all("INSERT INTO case_word (trust, word, case_id)", "", rows.collect()).await.unwrap();
        tx.commit_unrecorded().await.unwrap();

        for text in ["screenshot", "NOT-2026", "Ada Okafor"] {
            assert_eq!(by_text(&test, &head, text).await, ["NOT-2026-0001"], "{text}");
            assert_eq!(by_text(&test, &elsewhere, text).await, [""; 0], "{text}");
        }
        assert_eq!(by_text(&test, &head, "screenshot disco").await, [""; 0]);
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
