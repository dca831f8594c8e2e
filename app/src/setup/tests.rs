use std::sync::Arc;

use super::{Administrator, FirstSchool, Plan, SetupError, is_set_up, set_up};
use crate::cases::Engine;
use crate::policies::Policies;
use crate::schools::{self, Nation, Phase, Reading, SchoolDetails, TrustSettings};
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Store, TrustId};
use crate::values;

fn plan(demonstration: bool) -> Plan {
    Plan {
        trust: TrustSettings {
            name: "Fir Trust".to_owned(),
            host: None,
            nation: Nation::England,
            reading: Reading::Open,
        },
        school: Some(FirstSchool {
            details: SchoolDetails {
                name: "Fir Primary".to_owned(),
                urn: None,
                dfe_number: None,
                phase: Phase::Primary,
                nation: Nation::England,
            },
            policy: "tlt".to_owned(),
        }),
        administrator: Some(Administrator {
            given_name: "Kate".parse().unwrap(),
            family_name: "Adeyemi".parse().unwrap(),
            email: "kate@fir.example".parse().unwrap(),
        }),
        demonstration,
    }
}

/// The store without the trust that every test store has.
async fn empty(test: &TestStore) -> Store {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    for sql in [
        "DELETE FROM school WHERE trust = $1",
        "DELETE FROM trust WHERE trust = $1",
    ] {
        tx.execute(sql, values![]).await.unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
    test.store.clone()
}

async fn only_trust(store: &Store) -> TrustId {
    let mut installation = store.installation();
    let rows = installation
        .all("SELECT trust FROM trust", values![])
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].get("trust").unwrap()
}

async fn link_kinds(store: &Store, trust: &TrustId) -> Vec<String> {
    let sql = "SELECT kind FROM sign_in_link WHERE trust = $1";
    let rows = store.read(trust).all(sql, values![]).await.unwrap();
    rows.iter().map(|row| row.get("kind").unwrap()).collect()
}

on_both! {
    async fn trust_school_policy_and_administrator_are_there_at_once(test: TestStore) {
        let store = empty(&test).await;
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        assert!(!is_set_up(&store).await.unwrap());
        let ready = set_up(&store, &engine, &plan(true)).await.unwrap();
        assert!(ready.link.starts_with("/sign-in/link/"), "{}", ready.link);
        let trust = only_trust(&store).await;
        assert_eq!(link_kinds(&store, &trust).await, ["invitation"], "a password is chosen");
        let mut reader = store.read(&trust);
        assert!(schools::trust(&mut reader).await.unwrap().demonstration);
        let all = schools::all(&mut reader).await.unwrap();
        assert_eq!(all.len(), 6);
        let own = all.iter().find(|school| !school.demonstration).unwrap();
        let today = store.clock().today();
        let following = schools::policy_on(&mut reader, &own.id, today).await.unwrap().unwrap();
        assert_eq!(following.policy, "tlt");
        let again = set_up(&store, &engine, &plan(false)).await;
        assert!(matches!(again, Err(SetupError::Already)));
    }

    async fn the_invented_administrator_signs_in_without_a_password(test: TestStore) {
        let store = empty(&test).await;
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        let invented = Plan { school: None, administrator: None, ..plan(true) };
        set_up(&store, &engine, &invented).await.unwrap();
        let trust = only_trust(&store).await;
        assert_eq!(link_kinds(&store, &trust).await, ["one-time"]);
    }

    async fn what_cannot_be_finished_leaves_nothing_behind(test: TestStore) {
        let store = empty(&test).await;
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        let mut unknown = plan(false);
        unknown.school.as_mut().unwrap().policy = "no-such-policy".to_owned();
        assert!(matches!(set_up(&store, &engine, &unknown).await, Err(SetupError::NoPolicy(_))));
        let mut nobody = plan(false);
        nobody.administrator = None;
        assert!(matches!(set_up(&store, &engine, &nobody).await, Err(SetupError::NoAdministrator)));
        assert!(!is_set_up(&store).await.unwrap());
    }

    async fn of_two_at_the_same_moment_one_is_refused(test: TestStore) {
        let store = empty(&test).await;
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        let plan = plan(false);
        let (one, two) = tokio::join!(
            set_up(&store, &engine, &plan),
            set_up(&store, &engine, &plan)
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
        assert!(matches!(one.err().or(two.err()), Some(SetupError::Already)));
        only_trust(&store).await;
    }
}
