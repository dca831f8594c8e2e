use super::*;
use crate::protection::{Keyring, create_key_file};
use crate::randomness::Randomness;
use crate::store::record_key;
use crate::store::testing::{TestStore, on_both};

/// The test's database, opened with a key file that begins with the key it was made with.
async fn with_key_file(test: &TestStore) -> Store {
    let first = MasterKey::generate(&Randomness::repeatable(1)).unwrap();
    assert_eq!(first.id(), test.store.keyring().current());
    let path = test.folder().join("master.key");
    create_key_file(&path, &first).unwrap();
    open(test).await
}

async fn open(test: &TestStore) -> Store {
    let source = MasterKeySource::File(test.folder().join("master.key"));
    let keyring = Keyring::load(&source).unwrap();
    let randomness = Randomness::repeatable(9);
    Store::open(&test.url, keyring, test.store.clock().clone(), randomness)
        .await
        .unwrap()
}

async fn add_records(store: &Store, trust: &TrustId, from: u32, to: u32) {
    let mut tx = store.begin(trust).await.unwrap();
    for number in from..to {
        tx.record_key(&format!("case/{number:05}")).await.unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
}

async fn opens(store: &Store, trust: &TrustId, record: &str) -> bool {
    let mut reader = store.read(trust);
    matches!(
        record_key(&mut reader, store, trust, record).await,
        Ok(Some(_))
    )
}

on_both! {
    async fn the_key_is_changed_beside_a_running_node(test: TestStore) {
        let running = with_key_file(&test).await;
        // More than one batch.
        add_records(&running, &test.trust, 0, 1203).await;
        let old = running.keyring().current();
        let hash = running.root_key().keyed_hash("x", "y");

        let command = open(&test).await;
        let new = add(&command).unwrap();
        assert_eq!(command.keyring().ids(), [new, old]);
        let uses = status(&command).await.unwrap();
        assert_eq!(uses[0], Use { key: new.to_string(), at_hand: true, current: true, records: 0 });
        assert_eq!(uses[1].records, 1204);

        assert_eq!(rewrap(&command).await.unwrap(), 1204);
        assert_eq!(rewrap(&command).await.unwrap(), 0);
        let records = |uses: Vec<Use>| uses.iter().map(|one| one.records).collect::<Vec<_>>();
        assert_eq!(records(status(&command).await.unwrap()), [1204, 0]);

        // The running node takes the new key up when it meets it, and what it wrote before with the old one is found.
        assert_eq!(running.keyring().current(), old);
        add_records(&running, &test.trust, 2000, 2001).await;
        assert!(opens(&command, &test.trust, "case/02000").await);
        assert!(opens(&running, &test.trust, "case/00007").await);
        assert_eq!(running.keyring().current(), new);
        assert_eq!(rewrap(&running).await.unwrap(), 1);
        assert_eq!(open(&test).await.root_key().keyed_hash("x", "y"), hash);
    }

    async fn a_lost_key_is_said_and_nothing_is_changed(test: TestStore) {
        let running = with_key_file(&test).await;
        add_records(&running, &test.trust, 0, 3).await;
        let old = running.keyring().current();
        add(&running).unwrap();
        rewrap_root(&running).await.unwrap();
        // Somebody drops the older key too early.
        let path = test.folder().join("master.key");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.lines().next().unwrap()).unwrap();
        let store = open(&test).await;
        let lost = status(&store).await.unwrap();
        assert_eq!(lost[1], Use { key: old.to_string(), at_hand: false, current: false, records: 3 });
        let refused = rewrap(&store).await.unwrap_err();
        assert!(matches!(refused, KeysError::Protection(ProtectionError::UnknownMasterKey { id, .. }) if id == old));
        std::fs::write(&path, text).unwrap();
        assert_eq!(rewrap(&open(&test).await).await.unwrap(), 3);
    }

    async fn only_a_file_can_be_added_to(test: TestStore) {
        assert!(matches!(add(&test.store), Err(KeysError::NotAFile(_))));
    }
}
