mod checkpoints;
mod erasing;
mod verifying;

use ledger::{Frontier, Hash};
use serde::Serialize;

use super::{Coming, Kept, Record, prepare, record, record_prepared, verify};
use crate::authority::Actor;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, StoreError};
use crate::values;

#[derive(Serialize)]
struct Bell {
    id: String,
    rings: u32,
}

impl Record for Bell {
    const KIND: &'static str = "bell";

    fn id(&self) -> &str {
        &self.id
    }
}

fn bell(rings: u32) -> Bell {
    Bell {
        id: "bell".to_owned(),
        rings,
    }
}

/// Enters so many events about the one bell.
async fn ring(test: &TestStore, times: u32) {
    let actor = Actor::operator(test.trust.clone());
    for rings in 0..times {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let before = (rings > 0).then(|| bell(rings - 1));
        let after = bell(rings);
        record(
            &mut tx,
            &actor,
            None,
            "bell.rung",
            before.as_ref(),
            Some(&after),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
}

/// Puts the log back to what it was when it had so many events, as an older copy would.
async fn put_back(test: &TestStore, size: usize) {
    let rows = test
        .store
        .read(&test.trust)
        .all(
            "SELECT leaf FROM ledger_event WHERE trust = $1 ORDER BY seq",
            values![],
        )
        .await
        .unwrap();
    let mut frontier = Frontier::new();
    for row in rows.iter().take(size) {
        frontier.append(Hash(
            row.get::<Vec<u8>>("leaf").unwrap().try_into().unwrap(),
        ));
    }
    let size = i64::try_from(size).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "DELETE FROM ledger_event WHERE trust = $1 AND seq >= $2",
        values![size],
    )
    .await
    .unwrap();
    tx.execute(
        "DELETE FROM ledger_checkpoint WHERE trust = $1 AND size > $2",
        values![size],
    )
    .await
    .unwrap();
    tx.execute(
        "UPDATE ledger_head SET size = $2, frontier = $3 WHERE trust = $1",
        values![size, frontier.to_bytes()],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

on_both! {
    async fn the_head_is_the_root_of_all_leaves(test: TestStore) {
        let actor = Actor::operator(test.trust.clone());
        for rings in 0..5 {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let before = (rings > 0).then(|| bell(rings - 1));
            record(&mut tx, &actor, None, "bell.rung", before.as_ref(), Some(&bell(rings)))
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        let mut reader = test.store.read(&test.trust);
        let rows = reader
            .all("SELECT leaf, content FROM ledger_event WHERE trust = $1 ORDER BY seq", values![])
            .await
            .unwrap();
        let mut frontier = Frontier::new();
        for row in &rows {
            let leaf: Vec<u8> = row.get("leaf").unwrap();
            frontier.append(Hash(leaf.try_into().unwrap()));
            let sealed: Vec<u8> = row.get("content").unwrap();
            assert!(!sealed.windows(4).any(|part| part == b"bell"));
        }
        let head = reader
            .first("SELECT size, frontier FROM ledger_head WHERE trust = $1", values![])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(head.get::<i64>("size").unwrap(), 5);
        assert_eq!(head.get::<Vec<u8>>("frontier").unwrap(), frontier.to_bytes());
    }

    async fn a_change_that_the_ledger_knows_nothing_of_is_not_made(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE trust SET name = 'Changed' WHERE trust = $1", values![])
            .await
            .unwrap();
        assert!(matches!(tx.commit().await, Err(StoreError::Unrecorded)));
        let row = test
            .store
            .read(&test.trust)
            .first("SELECT name FROM trust WHERE trust = $1", values![])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.get::<String>("name").unwrap(), "Elm Trust");
    }

    async fn many_events_at_once_are_like_one_after_the_other(test: TestStore) {
        let actor = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        record(&mut tx, &actor, None, "bell.rung", None, Some(&bell(0))).await.unwrap();
        tx.commit().await.unwrap();
        let count: u32 = std::env::var("PROBITY_TEST_EVENTS").map_or(1_234, |n| n.parse().unwrap());
        let coming = (0..count).map(|rings| Coming {
            kind: "bell.rung",
            record_kind: "bell",
            record: if rings == 0 { "bell".to_owned() } else { format!("bell-{rings}") },
            before: None,
            after: Some(serde_json::to_value(bell(rings)).unwrap()),
        });
        let begun = std::time::Instant::now();
        let prepared = prepare(&test.store, &test.trust, coming.collect()).await.unwrap();
        let ready = begun.elapsed();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let first = record_prepared(&mut tx, &actor, None, prepared).await.unwrap();
        let entered = begun.elapsed();
        tx.commit().await.unwrap();
        println!("prepared {ready:?}, entered {:?}, committed {:?}", entered - ready, begun.elapsed() - entered);
        assert_eq!(first, 1);
        let rows = test
            .store
            .read(&test.trust)
            .all("SELECT leaf FROM ledger_event WHERE trust = $1 ORDER BY seq", values![])
            .await
            .unwrap();
        let mut frontier = Frontier::new();
        for row in &rows {
            frontier.append(Hash(row.get::<Vec<u8>>("leaf").unwrap().try_into().unwrap()));
        }
        assert_eq!(frontier.size(), u64::from(count) + 1);
        let head = test
            .store
            .read(&test.trust)
            .first("SELECT frontier FROM ledger_head WHERE trust = $1", values![])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(head.get::<Vec<u8>>("frontier").unwrap(), frontier.to_bytes());
    }

    async fn events_sealed_ahead_stand_where_the_log_ends_by_then(test: TestStore) {
        let actor = Actor::operator(test.trust.clone());
        let mut size = 0;
        for somebody_was_first in [false, true] {
            let coming = (0..5).map(|rings| Coming {
                kind: "bell.rung",
                record_kind: "bell",
                record: format!("bell-{rings}"),
                before: None,
                after: Some(serde_json::to_value(bell(rings)).unwrap()),
            });
            let prepared = prepare(&test.store, &test.trust, coming.collect()).await.unwrap();
            let prepared = prepared.sealed_ahead(&test.store, &test.trust, &actor, None).await.unwrap();
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            if somebody_was_first {
                record(&mut tx, &actor, None, "bell.rung", None, Some(&bell(9))).await.unwrap();
                size += 1;
            }
            let first = record_prepared(&mut tx, &actor, None, prepared).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(first, size);
            size += 5;
        }
        let verified = verify(&test.store, &test.trust, &[], &Kept::default()).await.unwrap();
        assert!(verified.is_sound(), "{verified:?}");
        assert_eq!(i64::try_from(verified.size).unwrap(), size);
    }
}
