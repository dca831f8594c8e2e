use ledger::{Checkpoint, CheckpointError};

use super::{put_back, ring};
use crate::authority::Actor;
use crate::ledger::{
    change_key, checkpoint, checkpoint_all, installation_log, latest_checkpoint, open_epoch,
    verifier_keys,
};
use crate::store::Query as _;
use crate::store::testing::on_both;
use crate::values;

on_both! {
    async fn a_log_signs_itself_once_for_each_size(test: TestStore) {
        let mut reader = test.store.read(&test.trust);
        assert!(latest_checkpoint(&mut reader).await.unwrap().is_none());
        let first = checkpoint(&test.store, &test.trust).await.unwrap();
        assert_eq!(first.checkpoint.size, 1, "the making of the key is an event");
        assert_eq!(checkpoint(&test.store, &test.trust).await.unwrap().note, first.note);
        ring(&test, 3).await;
        let second = checkpoint(&test.store, &test.trust).await.unwrap();
        assert_eq!((second.checkpoint.size, second.checkpoint.epoch()), (4, 1));
        assert_eq!(latest_checkpoint(&mut reader).await.unwrap().unwrap().note, second.note);
        let keys = verifier_keys(&mut reader).await.unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(Checkpoint::verify(&first.note, &keys).unwrap(), first.checkpoint);
        let seeds = reader
            .count("SELECT COUNT(*) AS n FROM ledger_key WHERE trust = $1 AND LENGTH(seed) = 73", values![])
            .await
            .unwrap();
        assert_eq!(seeds, 1, "32 bytes and 41 of the seal");
    }

    async fn a_key_is_changed_by_a_recorded_step_and_old_checkpoints_still_hold(test: TestStore) {
        ring(&test, 1).await;
        let actor = Actor::operator(test.trust.clone());
        let old = checkpoint(&test.store, &test.trust).await.unwrap();
        let key = change_key(&test.store, &test.trust, &actor).await.unwrap();
        let new = checkpoint(&test.store, &test.trust).await.unwrap();
        assert_eq!(new.checkpoint.origin, old.checkpoint.origin);
        assert_eq!(Checkpoint::verify(&new.note, std::slice::from_ref(&key)).unwrap(), new.checkpoint);
        assert_eq!(Checkpoint::verify(&old.note, &[key]), Err(CheckpointError::UnknownKey));
        let mut reader = test.store.read(&test.trust);
        let keys = verifier_keys(&mut reader).await.unwrap();
        assert!(Checkpoint::verify(&old.note, &keys).is_ok());
        let changed = reader
            .count("SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'ledger-key.changed'", values![])
            .await
            .unwrap();
        assert_eq!(changed, 1);
    }

    async fn checkpoints_of_every_log_are_written_to_a_folder_once(test: TestStore) {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept");
        let all = checkpoint_all(&test.store, Some(&kept)).await.unwrap();
        let logs: Vec<_> = all.iter().map(|(log, _)| log.to_string()).collect();
        assert_eq!(logs, ["elm", "installation"]);
        checkpoint_all(&test.store, Some(&kept)).await.unwrap();
        let mut files: Vec<_> = std::fs::read_dir(&kept).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), 2);
        assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), all[0].1.note);
    }

    async fn a_restore_says_openly_what_it_lost(test: TestStore) {
        ring(&test, 2).await;
        checkpoint(&test.store, &test.trust).await.unwrap();
        let size_then = 3;
        ring(&test, 4).await;
        let promised = checkpoint(&test.store, &test.trust).await.unwrap();
        put_back(&test, size_then).await;

        let actor = Actor::operator(test.trust.clone());
        let elsewhere = [promised.note.clone()];
        let opened = open_epoch(&test.store, &test.trust, &actor, &elsewhere).await.unwrap();
        assert_eq!((opened.lost, opened.unverified), (4, 0));
        assert_eq!(opened.first.checkpoint.epoch(), 2);
        ring(&test, 1).await;
        let next = checkpoint(&test.store, &test.trust).await.unwrap();
        assert_eq!(next.checkpoint.follows, opened.first.checkpoint.follows);
    }

    async fn a_change_of_the_installation_goes_into_its_own_log(test: TestStore) {
        let mut tx = test.store.begin_installation().await.unwrap();
        tx.execute("INSERT INTO installation (name, value) VALUES ($1, $2)", values!["x", vec![1_u8]])
            .await
            .unwrap();
        let actor = Actor::operator(installation_log());
        let change = crate::ledger::Change {
            kind: "installation.changed",
            record_kind: "installation",
            record: "x",
            before: None,
            after: None,
        };
        crate::ledger::record_event(&mut tx, &actor, None, change).await.unwrap();
        tx.execute("UPDATE installation SET value = $2 WHERE name = $1", values!["x", vec![2_u8]])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let signed = checkpoint(&test.store, &installation_log()).await.unwrap();
        assert_eq!(signed.checkpoint.size, 2);
    }
}
