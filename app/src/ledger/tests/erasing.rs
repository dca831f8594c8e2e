use super::ring;
use crate::authority::Actor;
use crate::ledger::{
    Asked, Erasure, ErasureList, LedgerError, RecordKind, erase, list_erasures, reapply_erasures,
};
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Tx};
use crate::values;

fn forgotten<'a>(tx: &'a mut Tx, record: &'a str) -> Asked<'a, ()> {
    Box::pin(async move {
        let sql = "DELETE FROM installation WHERE name = $2 AND $1 <> ''";
        tx.execute(sql, values![record]).await?;
        Ok(())
    })
}

fn kinds() -> Vec<RecordKind> {
    vec![RecordKind {
        kind: "bell",
        states: |_, _| Box::pin(async { Ok(Vec::new()) }),
        remove: Some(forgotten),
    }]
}

async fn erase_bell(test: &TestStore) {
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let erasure = Erasure {
        record_kind: "bell",
        record: "bell",
        reason: "kept for three years",
    };
    assert_eq!(erase(&mut tx, &actor, None, erasure).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

async fn kept_contents(test: &TestStore) -> u64 {
    test.store
        .read(&test.trust)
        .count(
            "SELECT COUNT(*) AS n FROM ledger_event \
             WHERE trust = $1 AND record_kind = 'bell' AND (content IS NOT NULL OR salt IS NOT NULL)",
            values![],
        )
        .await
        .unwrap()
}

on_both! {
    async fn what_is_erased_goes_with_its_key_and_is_listed_once(test: TestStore) {
        ring(&test, 2).await;
        assert_eq!(kept_contents(&test).await, 2);
        erase_bell(&test).await;
        assert_eq!(kept_contents(&test).await, 0);
        let keys = test.store.read(&test.trust)
            .count("SELECT COUNT(*) AS n FROM record_key WHERE trust = $1 AND record = 'bell/bell'", values![])
            .await
            .unwrap();
        assert_eq!(keys, 0);

        let folder = tempfile::tempdir().unwrap();
        let list = ErasureList::at(folder.path().join("kept/erasures.jsonl"));
        assert_eq!(list.read().unwrap(), Vec::new());
        assert_eq!(list_erasures(&test.store, &list).await.unwrap(), 1);
        assert_eq!(list_erasures(&test.store, &list).await.unwrap(), 0);
        let listed = list.read().unwrap();
        assert_eq!((listed.len(), listed[0].record.as_str()), (1, "bell"));
    }

    async fn an_older_copy_forgets_again_what_the_list_names(test: TestStore) {
        ring(&test, 2).await;
        erase_bell(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let list = ErasureList::at(folder.path().join("erasures.jsonl"));
        list_erasures(&test.store, &list).await.unwrap();
        assert_eq!(reapply_erasures(&test.store, &list, &kinds()).await.unwrap(), Vec::new());

        // The older copy: what the list names is there, and no erasure is known.
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("DELETE FROM ledger_erasure WHERE trust = $1", values![]).await.unwrap();
        tx.execute("INSERT INTO installation (name, value) SELECT 'bell', $2 WHERE $1 <> ''", values![vec![1_u8]])
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        ring(&test, 2).await;
        assert_eq!(kept_contents(&test).await, 2);
        let done = reapply_erasures(&test.store, &list, &kinds()).await.unwrap();
        assert_eq!(done.len(), 1);
        assert_eq!(kept_contents(&test).await, 0);
        let rows = test.store.installation()
            .count("SELECT COUNT(*) AS n FROM installation WHERE name = 'bell'", values![])
            .await
            .unwrap();
        assert_eq!(rows, 0);
        assert_eq!(reapply_erasures(&test.store, &list, &kinds()).await.unwrap(), Vec::new());
    }
}

#[test]
fn a_line_that_was_cut_off_spoils_no_other_and_a_foreign_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let list = ErasureList::at(folder.path().join("erasures.jsonl"));
    let line = |id: &str| {
        format!(
            r#"{{"log":"elm","id":"{id}","record_kind":"bell","record":"b","at":"2026-11-20T12:00:00Z"}}"#
        )
    };
    std::fs::write(
        list.path(),
        format!(
            "{}\n{{\"log\":\"e#cut off\n{}\n{{\"lo",
            line("1"),
            line("2")
        ),
    )
    .unwrap();
    assert_eq!(list.read().unwrap().len(), 2);
    std::fs::write(list.path(), format!("{}\nnothing\n", line("1"))).unwrap();
    let refused = list.read().unwrap_err();
    assert!(matches!(refused, LedgerError::ErasureLine { line: 2, .. }));
}
