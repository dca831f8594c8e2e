use std::collections::BTreeSet;
use std::sync::Arc;

use super::remove::GOING;
use super::{DemonstrationError, holders, load, remove};
use crate::authority::{Action, Actor, Role};
use crate::cases::Engine;
use crate::policies::Policies;
use crate::schools;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn loaded(test: &TestStore) {
    let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    load(&mut tx, &actor, &engine, false).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn every_role_is_held_at_every_school_and_every_policy_is_followed(test: TestStore) {
        loaded(&test).await;
        let mut reader = test.store.read(&test.trust);
        let holders = holders(&mut reader).await.unwrap();
        let roles = |policy: &str| -> BTreeSet<Role> {
            let at = holders.iter().filter(|holder| holder.policy.as_deref() == Some(policy));
            at.map(|holder| holder.role).collect()
        };
        for policy in ["stivichall", "tlt", "link", "cmat", "yes"] {
            assert_eq!(roles(policy).len(), Role::ALL.len() - 1, "{policy}");
        }
        let administrators = holders.iter().filter(|holder| holder.role == Role::TrustAdministrator);
        assert_eq!(administrators.count(), 1);
        assert!(schools::trust(&mut reader).await.unwrap().demonstration);
    }

    async fn the_same_people_are_invented_every_time_and_only_once(test: TestStore) {
        loaded(&test).await;
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        let actor = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let again = load(&mut tx, &actor, &engine, false).await;
        assert!(matches!(again, Err(DemonstrationError::Loaded)));
        drop(tx);
        let other = TestStore::sqlite().await;
        loaded(&other).await;
        let names = async |test: &TestStore| {
            let holders = holders(&mut test.store.read(&test.trust)).await.unwrap();
            holders.into_iter().map(|holder| holder.name).collect::<BTreeSet<_>>()
        };
        assert_eq!(names(&test).await, names(&other).await);
    }

    async fn beside_real_people_it_is_loaded_only_where_that_was_said(test: TestStore) {
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        let actor = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
             VALUES ($1, 'p1', 'Kate', 'Adeyemi', 0)",
            values![],
        )
        .await
        .unwrap();
        let unsaid = load(&mut tx, &actor, &engine, false).await;
        assert!(matches!(unsaid, Err(DemonstrationError::RealPeople)));
        load(&mut tx, &actor, &engine, true).await.unwrap();
        let sql = "SELECT COUNT(*) AS n FROM person WHERE trust = $1";
        assert!(tx.count(sql, values![]).await.unwrap() > 90);
    }

    async fn it_goes_whole_and_leaves_what_is_real(test: TestStore) {
        loaded(&test).await;
        let permit = Actor::operator(test.trust.clone()).permit(Action::RemoveDemonstration).unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let alone = remove(&mut tx, &permit).await;
        assert!(matches!(alone, Err(DemonstrationError::NoRealAdministrator)));
        for sql in [
            "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
             VALUES ($1, 'p1', 'Kate', 'Adeyemi', 0)",
            "INSERT INTO held_role (trust, id, person, role) \
             VALUES ($1, 'r1', 'p1', 'trust-administrator')",
            "INSERT INTO held_role (trust, id, person, role, school) \
             SELECT $1, 'r2', 'p1', 'head', MIN(id) FROM school WHERE trust = $1 AND demonstration = 1",
        ] {
            tx.execute(sql, values![]).await.unwrap();
        }
        assert!(matches!(remove(&mut tx, &permit).await, Err(DemonstrationError::Tied)));
        tx.execute("DELETE FROM held_role WHERE trust = $1 AND id = 'r2'", values![]).await.unwrap();
        remove(&mut tx, &permit).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        for (sql, left) in [
            ("SELECT COUNT(*) AS n FROM person WHERE trust = $1", 1),
            ("SELECT COUNT(*) AS n FROM pupil WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM guardian WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM delegation WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM school WHERE trust = $1", 2),
            ("SELECT COUNT(*) AS n FROM school_policy WHERE trust = $1", 0),
            ("SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'pupil.removed'", 150),
            ("SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'demonstration.removed'", 1),
        ] {
            assert_eq!(reader.count(sql, values![]).await.unwrap(), left, "{sql}");
        }
        assert!(!schools::trust(&mut reader).await.unwrap().demonstration);
    }
}

#[tokio::test]
async fn whatever_names_a_person_or_a_pupil_goes_with_them() {
    let test = TestStore::sqlite().await;
    let mut installation = test.store.installation();
    let rows = installation
        .all(
            "SELECT DISTINCT m.name AS tab FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" IN ('person', 'pupil', 'guardian')",
            values![],
        )
        .await
        .unwrap();
    for row in rows {
        let table: String = row.get("tab").unwrap();
        let start = format!("DELETE FROM {table} ");
        assert!(
            GOING.iter().any(|sql| sql.starts_with(&start)),
            "{table} is forgotten"
        );
    }
}
