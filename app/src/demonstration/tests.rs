use std::collections::BTreeSet;

use super::{DemonstrationError, holders, load};
use crate::authority::{Actor, Role};
use crate::policies::Policies;
use crate::schools;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn loaded(test: &TestStore) {
    let policies = Policies::load(None).unwrap();
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    load(&mut tx, &actor, &policies.library(), false)
        .await
        .unwrap();
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
        let policies = Policies::load(None).unwrap();
        let actor = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let again = load(&mut tx, &actor, &policies.library(), false).await;
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
        let policies = Policies::load(None).unwrap();
        let actor = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
             VALUES ($1, 'p1', 'Kate', 'Adeyemi', 0)",
            values![],
        )
        .await
        .unwrap();
        let unsaid = load(&mut tx, &actor, &policies.library(), false).await;
        assert!(matches!(unsaid, Err(DemonstrationError::RealPeople)));
        load(&mut tx, &actor, &policies.library(), true).await.unwrap();
        let sql = "SELECT COUNT(*) AS n FROM person WHERE trust = $1";
        assert!(tx.count(sql, values![]).await.unwrap() > 90);
    }
}
