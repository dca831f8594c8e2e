//! Acting behind the program's back, by SQL: what was done is caught, and named.

use serde::Serialize;

use super::{put_back, ring};
use crate::authority::Actor;
use crate::ledger::{
    After, Asked, Erasure, Kept, PAGE, Record, RecordKind, State, Verified, checkpoint, erase,
    open_epoch, record, verify, verify_all,
};
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Row, Snapshot, Value};
use crate::values;

#[derive(Serialize)]
struct School {
    id: String,
    name: String,
}

impl Record for School {
    const KIND: &'static str = "school";

    fn id(&self) -> &str {
        &self.id
    }
}

fn schools<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let sql = "SELECT id, name FROM school WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3";
        let rows = snapshot
            .all(sql, values![&after.id, i64::from(PAGE)])
            .await?;
        let state = |row: &Row| {
            let school = School {
                id: row.get("id")?,
                name: row.get("name")?,
            };
            Ok((school.id.clone(), serde_json::to_value(&school)?))
        };
        rows.iter().map(state).collect()
    })
}

const KINDS: &[RecordKind] = &[RecordKind {
    kind: "school",
    states: schools,
    remove: None,
}];

/// Two events of schools, then three of the bell: numbers 0 to 4.
async fn recorded(test: &TestStore) {
    let actor = Actor::operator(test.trust.clone());
    for (id, name) in [("ash", "Ash Primary"), ("oak", "Oak High")] {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let (id, name) = (id.to_owned(), name.to_owned());
        let school = School { id, name };
        record(&mut tx, &actor, None, "school.added", None, Some(&school))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    ring(test, 3).await;
}

async fn act(test: &TestStore, sql: &'static str, values: Vec<Value>) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    assert!(tx.execute(sql, values).await.unwrap() > 0, "{sql}");
    tx.commit_unrecorded().await.unwrap();
}

async fn verified(test: &TestStore, notes: &[String]) -> Verified {
    let kept = Kept {
        notes: notes
            .iter()
            .map(|note| ("kept".to_owned(), note.clone()))
            .collect(),
        keys: Vec::new(),
    };
    verify(&test.store, &test.trust, KINDS, &kept)
        .await
        .unwrap()
}

/// What is said first, without a checkpoint.
async fn said(test: &TestStore) -> String {
    let verified = verified(test, &[]).await;
    let fault = verified.faults.first().expect("it is caught");
    assert!(!fault.advice().is_empty());
    fault.to_string()
}

async fn exchange(test: &TestStore, one: i64, other: i64) {
    let renumber = "UPDATE ledger_event SET seq = $3 WHERE trust = $1 AND seq = $2";
    for (from, to) in [(one, 900), (other, one), (900, other)] {
        act(test, renumber, values![from, to]).await;
    }
}

on_both! {
    async fn a_sound_log_is_proved_and_what_is_proved_is_said(test: TestStore) {
        recorded(&test).await;
        let signed = checkpoint(&test.store, &test.trust).await.unwrap();
        let alone = verified(&test, &[]).await;
        assert_eq!(alone.faults, Vec::new());
        assert_eq!((alone.size, alone.records, alone.proved_elsewhere), (6, 3, None));
        let with = verified(&test, &[signed.note]).await;
        assert_eq!((with.faults, with.proved_elsewhere), (Vec::new(), Some(6)));
    }

    async fn an_altered_record_is_named(test: TestStore) {
        recorded(&test).await;
        act(&test, "UPDATE school SET name = 'Elm' WHERE trust = $1 AND id = 'ash'", values![]).await;
        assert_eq!(
            said(&test).await,
            "The school ash was altered: it is not what its last event (0) says."
        );
    }

    async fn a_missing_record_is_named(test: TestStore) {
        recorded(&test).await;
        act(&test, "DELETE FROM school WHERE trust = $1 AND id = 'oak'", values![]).await;
        assert_eq!(
            said(&test).await,
            "The school oak is missing: its last event (1) says that it is there."
        );
    }

    async fn a_record_without_an_event_is_named(test: TestStore) {
        recorded(&test).await;
        act(
            &test,
            "INSERT INTO school (trust, id, name, phase, nation) \
             VALUES ($1, 'yew', 'Yew', 'primary', 'england')",
            values![],
        )
        .await;
        assert_eq!(said(&test).await, "The school yew was added: no event tells of it.");
    }

    async fn an_altered_leaf_or_content_is_named(test: TestStore) {
        recorded(&test).await;
        act(
            &test,
            "UPDATE ledger_event SET leaf = $2 WHERE trust = $1 AND seq = 3",
            values![vec![7_u8; 32]],
        )
        .await;
        assert_eq!(
            said(&test).await,
            "Event 3 was altered: its content does not match its leaf."
        );
        act(
            &test,
            "UPDATE ledger_event SET content = $2 WHERE trust = $1 AND seq = 2",
            values![vec![1_u8; 80]],
        )
        .await;
        assert_eq!(
            said(&test).await,
            "Event 2 was altered: its content does not match its leaf. It is the first of 2."
        );
    }

    async fn an_altered_column_beside_the_content_is_named(test: TestStore) {
        recorded(&test).await;
        act(&test, "UPDATE ledger_event SET at = at + 1 WHERE trust = $1 AND seq = 4", values![]).await;
        assert_eq!(
            said(&test).await,
            "Event 4 was altered: its column 'at' is not what was recorded."
        );
    }

    async fn a_missing_event_is_named_renumbered_or_not(test: TestStore) {
        recorded(&test).await;
        act(&test, "DELETE FROM ledger_event WHERE trust = $1 AND seq = 2", values![]).await;
        assert_eq!(said(&test).await, "Event 2 is missing.");
        for seq in [3_i64, 4] {
            act(
                &test,
                "UPDATE ledger_event SET seq = seq - 1 WHERE trust = $1 AND seq = $2",
                values![seq],
            )
            .await;
        }
        assert_eq!(said(&test).await, "Event 2 is missing.");
    }

    async fn exchanged_events_are_named_near_and_far(test: TestStore) {
        recorded(&test).await;
        ring(&test, 25).await;
        exchange(&test, 1, 3).await;
        assert_eq!(
            said(&test).await,
            "Event 1 is not in its place: it was exchanged with event 3."
        );
        exchange(&test, 1, 3).await;
        assert!(verified(&test, &[]).await.is_sound());
        exchange(&test, 4, 27).await;
        assert_eq!(
            said(&test).await,
            "Event 4 is not in its place: it was exchanged with event 27."
        );
    }

    async fn an_added_event_is_named(test: TestStore) {
        recorded(&test).await;
        act(
            &test,
            "INSERT INTO ledger_event \
               (trust, seq, at, kind, record_kind, record, person, salt, content, leaf) \
             SELECT trust, 5, at, kind, record_kind, record, person, salt, $2, leaf \
             FROM ledger_event WHERE trust = $1 AND seq = 4",
            values![vec![1_u8; 80]],
        )
        .await;
        let said = said(&test).await;
        assert!(said.starts_with("Event 5 was added"), "{said}");
    }

    async fn a_cut_end_is_seen_against_a_kept_checkpoint_alone(test: TestStore) {
        recorded(&test).await;
        let signed = checkpoint(&test.store, &test.trust).await.unwrap();
        put_back(&test, 4).await;
        act(&test, "DELETE FROM ledger_key WHERE trust = $1", values![]).await;
        assert!(verified(&test, &[]).await.is_sound());

        // The copy is older than its own key: then the checkpoint is of no log that is here.
        let kept = Kept { notes: vec![("kept".to_owned(), signed.note)], keys: Vec::new() };
        let all = verify_all(&test.store, KINDS, &kept).await.unwrap();
        let fault = all.last().unwrap().faults.first().unwrap().to_string();
        assert!(fault.starts_with("The checkpoint in kept does not fit: it is of the log"), "{fault}");
    }

    async fn an_old_copy_put_back_is_named(test: TestStore) {
        checkpoint(&test.store, &test.trust).await.unwrap();
        recorded(&test).await;
        let signed = checkpoint(&test.store, &test.trust).await.unwrap();
        put_back(&test, 4).await;
        assert!(verified(&test, &[]).await.is_sound());
        let verified = verified(&test, &[signed.note]).await;
        assert_eq!(
            verified.faults.first().unwrap().to_string(),
            "The end of the log was cut off, or an old copy was put back: there are 4 events, and a \
             checkpoint covers 6."
        );
    }

    async fn a_restore_that_says_so_is_no_fault(test: TestStore) {
        checkpoint(&test.store, &test.trust).await.unwrap();
        recorded(&test).await;
        let signed = checkpoint(&test.store, &test.trust).await.unwrap();
        put_back(&test, 4).await;
        let actor = Actor::operator(test.trust.clone());
        let notes = [signed.note];
        let opened = open_epoch(&test.store, &test.trust, &actor, &notes).await.unwrap();
        assert_eq!(opened.lost, 2);
        let verified = verified(&test, &notes).await;
        assert_eq!(verified.faults, Vec::new());
        assert_eq!(verified.losses.len(), 1);
    }

    async fn erased_content_needs_its_erasure_and_an_erasure_its_erased_content(test: TestStore) {
        recorded(&test).await;
        let row = test.store.read(&test.trust)
            .first("SELECT salt, content FROM ledger_event WHERE trust = $1 AND seq = 3", values![])
            .await
            .unwrap()
            .unwrap();
        let (salt, content): (Vec<u8>, Vec<u8>) = (row.get("salt").unwrap(), row.get("content").unwrap());
        act(
            &test,
            "UPDATE ledger_event SET salt = NULL, content = NULL WHERE trust = $1 AND seq = 3",
            values![],
        )
        .await;
        assert_eq!(
            said(&test).await,
            "The content of event 3 is gone, and no erasure of it was recorded."
        );
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let erasure = Erasure { record_kind: "bell", record: "bell", reason: "three years" };
        let actor = Actor::operator(test.trust.clone());
        erase(&mut tx, &actor, None, erasure).await.unwrap();
        tx.commit().await.unwrap();
        let sound = verified(&test, &[]).await;
        assert_eq!((sound.faults, sound.erased), (Vec::new(), 3));
        act(
            &test,
            "UPDATE ledger_event SET salt = $2, content = $3 WHERE trust = $1 AND seq = 3",
            values![salt, content],
        )
        .await;
        let said: Vec<_> = verified(&test, &[]).await.faults.iter().map(ToString::to_string).collect();
        let wanted = "The content of event 3 was erased by a recorded step, and is there again.";
        assert!(said.iter().any(|said| said == wanted), "{said:?}");
    }

    async fn an_altered_checkpoint_head_or_key_is_named(test: TestStore) {
        recorded(&test).await;
        checkpoint(&test.store, &test.trust).await.unwrap();
        act(
            &test,
            "UPDATE ledger_checkpoint SET note = REPLACE(note, 'epoch 1', 'epoch 2') WHERE trust = $1",
            values![],
        )
        .await;
        let said_of_checkpoint = said(&test).await;
        assert!(
            said_of_checkpoint.starts_with("A checkpoint of 6 events that is kept in the store was altered"),
            "{said_of_checkpoint}"
        );
        act(&test, "DELETE FROM ledger_checkpoint WHERE trust = $1", values![]).await;
        act(&test, "UPDATE ledger_key SET verifier = verifier || 'x' WHERE trust = $1", values![]).await;
        let said_of_key = said(&test).await;
        assert!(said_of_key.contains("ledger key 1 was altered"), "{said_of_key}");
        act(&test, "UPDATE ledger_head SET frontier = $2 WHERE trust = $1", values![vec![1_u8]]).await;
        let all: Vec<_> = verified(&test, &[]).await.faults.iter().map(ToString::to_string).collect();
        let head = "The stored head of the log cannot be read: it was altered.";
        assert!(all.iter().any(|said| said == head), "{all:?}");
        assert_eq!(all.len(), 3, "{all:?}");
    }
}
