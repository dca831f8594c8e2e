use super::testing::on_both;
use super::{Engine, Query as _, StoreError};
use crate::values;

on_both! {
    async fn every_kind_of_value_comes_back_as_it_went_in(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO record_key (trust, record, wrapped, master) VALUES ($1, $2, $3, $4)",
            values!["a/1", vec![0_u8, 255], ""],
        )
        .await
        .unwrap();
        let row = tx
            .first(
                "SELECT wrapped, master, CAST(COUNT(*) OVER () AS BIGINT) AS n, \
                   CAST(NULL AS TEXT) AS absent FROM record_key WHERE trust = $1",
                values![],
            )
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.get::<Vec<u8>>("wrapped").unwrap(), [0, 255]);
        assert_eq!(row.get::<String>("master").unwrap(), "");
        assert_eq!(row.get::<u64>("n").unwrap(), 1);
        assert_eq!(row.get::<Option<String>>("absent").unwrap(), None);
        assert!(matches!(row.get::<String>("absent"), Err(StoreError::Unreadable { .. })));
    }

    async fn a_transaction_that_is_dropped_never_happened(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("DELETE FROM school WHERE trust = $1", values![]).await.unwrap();
        assert_eq!(tx.count("SELECT COUNT(*) AS n FROM school WHERE trust = $1", values![]).await.unwrap(), 0);
        drop(tx);
        let mut reader = test.store.read(&test.trust);
        assert_eq!(reader.count("SELECT COUNT(*) AS n FROM school WHERE trust = $1", values![]).await.unwrap(), 2);
    }

    async fn errors_are_told_apart(test: TestStore) {
        let insert = "INSERT INTO school (trust, id, name, phase, nation) VALUES ($1, $2, '', '', '')";
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert!(matches!(tx.execute(insert, values!["ash"]).await, Err(StoreError::Taken(_))));
        drop(tx);
        let mut tx = test.store.begin(&"fir".parse().unwrap()).await.unwrap();
        assert!(matches!(tx.execute(insert, values!["ash"]).await, Err(StoreError::Dangling)));
    }

    async fn a_record_is_found_by_its_own_index_and_not_among_all_of_the_trust(test: TestStore) {
        if test.store.engine() != Engine::Sqlite {
            return;
        }
        for (sql, index) in [
            ("EXPLAIN QUERY PLAN SELECT audience, outline FROM case_access WHERE trust = $1 AND case_id = $2", "case_access_case"),
            ("EXPLAIN QUERY PLAN SELECT id FROM case_file WHERE trust = $1 AND subject = $2 ORDER BY id", "case_file_subject"),
            ("EXPLAIN QUERY PLAN SELECT word FROM case_word WHERE trust = $1 AND case_id = $2", "case_word_case"),
        ] {
            let plan = test.store.read(&test.trust).all(sql, values!["x"]).await.unwrap();
            let detail: String = plan[0].get("detail").unwrap();
            assert!(detail.contains(&format!("INDEX {index} (trust=? AND ")), "{detail}");
        }
    }
}
