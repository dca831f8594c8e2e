//! Asking people to sign, on both engines.

use std::sync::Arc;

use super::round;
use super::store::{self, Coverage};
use crate::authority::{Action, Actor};
use crate::cases::Engine;
use crate::jobs::Worker;
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, SchoolId};
use crate::values;

async fn join(test: &TestStore, id: &str, role: &str) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) VALUES ($1, $2, 'A', 'B', 'b a', 0)",
        values![id],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $3, $4, 'ash')",
        values![format!("role-{id}"), id, role],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

async fn cases(test: &TestStore) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = 'attestation'";
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

on_both! {
    async fn everybody_is_asked_once_and_whoever_joins_is_asked_too(test: TestStore) {
        let policies = Arc::new(Policies::load(None).unwrap());
        let library = policies.library();
        let ash: SchoolId = "ash".parse().unwrap();
        let permit = Actor::operator(test.trust.clone()).permit(Action::ManageAttestation).unwrap();
        let worker = Worker::new(test.store.clone(), super::kinds(&Engine::new(Arc::clone(&policies))));
        join(&test, "one", "staff").await;
        join(&test, "two", "governor").await;

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let refused = round::begin(&mut tx, &permit, &library, &ash, None).await.unwrap_err();
        assert!(matches!(refused, round::RoundError::NoPolicy));
        drop(tx);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
             VALUES ($1, 'f1', 'ash', 'link', 'x', '2026-01-01')",
            values![],
        )
        .await
        .unwrap();
        let begun = round::begin(&mut tx, &permit, &library, &ash, None).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let again = round::begin(&mut tx, &permit, &library, &ash, None).await.unwrap_err();
        assert!(matches!(again, round::RoundError::Begun));
        drop(tx);

        worker.round().await.unwrap();
        assert_eq!(cases(&test).await, 2);
        join(&test, "three", "staff").await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        crate::jobs::enqueue(&mut tx, &round::Ask, crate::jobs::Due::Now).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        worker.round().await.unwrap();
        assert_eq!(cases(&test).await, 3);
        let today = test.store.clock().today();
        let mut reader = test.store.read(&test.trust);
        let coverage = store::coverage(&mut reader, &ash, Some(&begun.id), today).await.unwrap();
        assert_eq!(coverage, Coverage { people: 3, asked: 3, signed: 0 });
        assert_eq!(store::asked(&mut reader, &begun.id).await.unwrap().len(), 3);
    }
}
