//! Nothing waits that nobody owns, and nothing stays overdue that nobody above hears of.

use std::time::Duration;

use super::made::{engine, open, somebody};
use crate::authority::{Actor, Role};
use crate::cases::{self, CaseId, Waits, kinds};
use crate::jobs::Worker;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn waits(test: &TestStore, case: &CaseId) -> Vec<Waits> {
    cases::waiting_for(&mut test.store.read(&test.trust), case)
        .await
        .unwrap()
}

async fn told(test: &TestStore, who: &Actor) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = $2";
    let mut reader = test.store.read(&test.trust);
    reader
        .count(sql, values![who.person.as_ref()])
        .await
        .unwrap()
}

async fn later(test: &TestStore, hours: u64) {
    test.hand.advance(Duration::from_hours(hours));
    let worker = Worker::new(test.store.clone(), kinds(&engine(test)));
    worker.round().await.unwrap();
}

on_both! {
    async fn what_is_overdue_rises_to_the_head_and_then_to_the_trust(test: TestStore) {
        let staff = somebody(&test, "sam", "Staff", Role::Staff).await;
        let leader = somebody(&test, "lea", "Lead", Role::SeniorLeader).await;
        let head = somebody(&test, "hal", "Head", Role::Head).await;
        let mut trust = somebody(&test, "tia", "Trust", Role::TrustAdministrator).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE held_role SET school = NULL WHERE trust = $1 AND id = 'role-tia'", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        trust.roles[0].school = None;
        let note = open(&test, &engine(&test), &staff, "note", &[("about", "sam"), ("title", "A word")]).await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::assign(&mut tx, &head, &note.id, note.revision, leader.person.clone()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(waits(&test, &note.id).await, [Waits::Person(leader.person.clone().unwrap())]);
        let before = told(&test, &head).await;
        later(&test, 25).await;
        assert!(waits(&test, &note.id).await.contains(&Waits::Role(Role::Head)), "overdue");
        assert_eq!(told(&test, &head).await, before + 1);
        assert_eq!(told(&test, &trust).await, 0, "not yet");
        later(&test, 24 * 7 + 1).await;
        assert!(waits(&test, &note.id).await.contains(&Waits::Role(Role::TrustAdministrator)));
        assert_eq!(told(&test, &trust).await, 1);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let seen = cases::see(&mut tx, &trust, &note.id).await.unwrap();
        assert!(seen.outline && seen.case.answers.is_empty(), "that it waits, not what it says");
    }

    async fn what_nobody_looks_after_waits_for_the_head_and_without_one_for_the_trust(test: TestStore) {
        let staff = somebody(&test, "sam", "Staff", Role::Staff).await;
        let note = [("about", "sam"), ("title", "A word")];
        let note = open(&test, &engine(&test), &staff, "note", &note).await.unwrap();
        let waiting = waits(&test, &note.id).await;
        assert!(waiting.contains(&Waits::Role(Role::Head)) && waiting.contains(&Waits::Role(Role::TrustAdministrator)));
    }

    async fn that_a_permission_ends_is_told_to_whom_it_is_for(test: TestStore) {
        let ann = somebody(&test, "ann", "Abel", Role::Staff).await;
        let head = somebody(&test, "hal", "Head", Role::Head).await;
        let answers = [
            ("kind", "pupils"), ("scope", "Blogs"), ("reason", "To write"), ("pupils", "Year 9"),
            ("pupils_old_enough", "yes"), ("until", "2026-12-10"),
        ];
        let made = engine(&test);
        let case = open(&test, &made, &ann, "permission", &answers).await.unwrap();
        for (step, answers) in [
            ("set-terms", vec![("scope", "Blogs"), ("until", "2026-12-10"), ("conditions", "In class")]),
            ("grant-pupils", vec![]),
        ] {
            let answers = answers.into_iter();
            let answers = answers.map(|(name, value): (&str, &str)| (name.to_owned(), vec![value.to_owned()]));
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let revision = cases::see(&mut tx, &head, &case.id).await.unwrap().case.revision;
            let taking = cases::Taking { step: step.into(), revision, note: String::new(), answers: answers.collect() };
            cases::take(&mut tx, &made, &head, &case.id, taking).await.unwrap();
            tx.commit().await.unwrap();
        }
        let before = told(&test, &ann).await;
        later(&test, 24 * 14).await;
        assert_eq!(told(&test, &ann).await, before + 1, "7 days before its last day");
    }
}
