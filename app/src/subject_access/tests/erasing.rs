//! Erasing: what may go and what must stay, and what goes along.

use std::time::Duration;

use super::*;
use crate::authority::Action;
use crate::cases::{NewDraft, begin, expire_drafts, save_view};
use crate::people;
use crate::subject_access::erasure::{self, May, RECORD};

async fn held(test: &TestStore, scene: &Scene) -> Vec<(String, May, String)> {
    let seen = scene.sight(test, &scene.dan).await.unwrap();
    let mut reader = test.store.read(&test.trust);
    let held = erasure::outlook(&mut reader, &test.store, &scene.dan, &seen)
        .await
        .unwrap();
    held.into_iter()
        .map(|held| (held.title, held.may, held.says))
        .collect()
}

fn may(held: &[(String, May, String)], title: &str) -> May {
    held.iter().find(|held| held.0.contains(title)).unwrap().1
}

async fn of_their_own(test: &TestStore, una: &Actor) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let draft = NewDraft {
        register: "memo".into(),
        ..NewDraft::default()
    };
    begin(&mut tx, una, draft).await.unwrap();
    let person = una.person.clone().unwrap();
    save_view(&mut tx, una, &person, "Viewsecret", "show=all")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn what_must_be_kept_stays_and_what_may_go_goes_with_its_copies(test: TestStore) {
        let scene = Scene::of(&test).await;
        of_their_own(&test, &scene.una).await;
        let memo = [("about", "una"), ("what", "An old one")];
        let old = open(&test, &scene.engine, &scene.tom, "memo", &memo).await.unwrap();
        take(&test, &scene.engine, &scene.tom, &old.id, "end", &[]).await;
        gather(&test, &scene.engine, &scene.dan, &scene.request.id).await;
        let now = held(&test, &scene).await;
        assert_eq!(may(&now, "Their record"), May::Later, "they work here");
        assert_eq!(may(&now, "MEM-2026-0001"), May::Later, "it is open");
        assert_eq!(may(&now, "MEM-2026-0002"), May::Never, "it is about somebody else");
        assert_eq!(may(&now, "MEM-2026-0003"), May::Later, "its time is not over");
        assert!(now.iter().all(|held| !held.0.contains("NOT-") && !held.0.contains("WOR-")));

        test.hand.advance(Duration::from_secs(u64::try_from(YEAR.as_secs()).unwrap()));
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE person SET ends_on = '2027-01-01' WHERE trust = $1 AND id = 'una'", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let now = held(&test, &scene).await;
        assert_eq!(may(&now, "Their record"), May::Now);
        assert_eq!(may(&now, "MEM-2026-0003"), May::Now);
        let seen = scene.sight(&test, &scene.dan).await.unwrap();
        let open = seen.items.iter().find(|item| item.content.title.contains("MEM-2026-0001")).unwrap();
        let chosen = [RECORD.to_owned(), old.id.to_string(), open.of_case.clone().unwrap().to_string()];
        let gone = erasure::erase(&test.store, &scene.dan, &seen, &chosen, "On request").await.unwrap();
        assert_eq!(gone, 2, "what is open stays");
        for (sql, left) in [
            ("SELECT COUNT(*) AS n FROM access_collection WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM access_item WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM case_draft WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM case_view WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM record_key WHERE trust = $1 AND (record LIKE 'case_draft/%' OR record LIKE 'access_collection/%')", 0),
            ("SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = 'memo'", 2),
            ("SELECT COUNT(*) AS n FROM person WHERE trust = $1 AND erased_at IS NOT NULL", 1),
            ("SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'record.erased'", 4),
        ] {
            assert_eq!(count(&test, sql).await, left, "{sql}");
        }
        is_sound(&test).await;
    }

    async fn a_copy_goes_with_its_case_and_the_collection_with_its_request(test: TestStore) {
        let scene = Scene::of(&test).await;
        gather(&test, &scene.engine, &scene.dan, &scene.request.id).await;
        scene.decide(&test, &scene.dan).await;
        let seen = scene.sight(&test, &scene.dan).await.unwrap();
        let memo = seen.items.iter().find(|item| item.content.title.contains("MEM-2026-0001")).unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let of = memo.of_case.clone().unwrap();
        cases::erase(&mut tx, &scene.dan, Action::ManageRetention, &of, "Past its time").await.unwrap();
        tx.commit().await.unwrap();
        let all = texts(&scene.sight(&test, &scene.dan).await.unwrap());
        assert!(!all.contains("Memosecret") && !all.contains("seen.png"));
        is_sound(&test).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::erase(&mut tx, &scene.dan, Action::ManageRetention, &scene.request.id, "Past its time").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM access_collection WHERE trust = $1").await, 0);
        is_sound(&test).await;
    }

    async fn a_form_that_nobody_goes_on_with_is_removed_in_time(test: TestStore) {
        let una = somebody(&test, "una", "Unason", Role::Staff).await;
        of_their_own(&test, &una).await;
        let days = |n: u64| Duration::from_secs(n * 24 * 3_600);
        test.hand.advance(days(89));
        assert_eq!(expire_drafts(&test.store, &test.trust).await.unwrap(), 0);
        test.hand.advance(days(2));
        assert_eq!(expire_drafts(&test.store, &test.trust).await.unwrap(), 1);
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM case_draft WHERE trust = $1").await, 0);
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'case_draft.expired'").await, 1);
        let mut reader = test.store.read(&test.trust);
        assert!(people::find(&mut reader, &una.person.unwrap()).await.unwrap().is_some());
    }
}
