use std::fs;
use std::path::Path;

use axum::body::Bytes;
use http_body_util::BodyExt as _;

use super::*;
use crate::attachments::{Attachment, Attachments, Owner};
use crate::authority::Actor;
use crate::ledger::{Change, Erasure, checkpoint_all, erase, record_event};
use crate::protection::{Keyring, MasterKey};
use crate::randomness::Randomness;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Store, record_key};
use crate::values;

fn attachments(test: &TestStore) -> Attachments {
    Attachments::new(test.folder().join("attachments"), 1_000_000)
}

fn beside(test: &TestStore) -> Beside {
    Beside {
        attachments: attachments(test),
        erasures: ErasureList::at(test.folder().join("erasures.jsonl")),
        checkpoints: test.folder().join("checkpoints"),
        mailed_to: Vec::new(),
        kinds: &[],
    }
}

/// Records of every sort: text with every sort of character, nothing, bytes, a row that names a later one.
async fn fill(test: &TestStore) -> Attachment {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    for (id, manager) in [("p1", None), ("p2", Some("p1")), ("p0", Some("p2"))] {
        let name = "Zo\u{eb} \"\\\u{1F642}\n";
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, line_manager, demonstration) \
             VALUES ($1, $2, $3, 'O''Neill', $4, 0)",
            values![id, name, manager],
        )
        .await
        .unwrap();
    }
    // The first inserted row now names the last.
    tx.execute(
        "UPDATE person SET line_manager = 'p0' WHERE trust = $1 AND id = 'p1'",
        values![],
    )
    .await
    .unwrap();
    let key = tx.record_key("case/c1").await.unwrap();
    drop(key);
    tx.commit_unrecorded().await.unwrap();

    let picture = [&b"\x89PNG\r\n\x1a\n"[..], &[9; 100_000]].concat();
    let body = futures_util::stream::iter([Ok::<_, io::Error>(Bytes::from(picture))]);
    let received = attachments(test)
        .receive(&test.store, &test.trust, "a.png", body)
        .await
        .unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let actor = Actor::operator(test.trust.clone());
    let owner = Owner {
        kind: "case",
        id: "c1",
    };
    let kept = attachments(test)
        .keep(&mut tx, &actor, owner, received)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    kept
}

async fn made(test: &TestStore) -> Made {
    let file = test.folder().join(file_name(test.store.clock().now()));
    make(&test.store, &beside(test), &file).await.unwrap()
}

/// Everything that is backed up, as text.
async fn everything(store: &Store) -> Vec<String> {
    let mut dump = store.dump().await.unwrap();
    let mut all = Vec::new();
    for shape in dump.shapes().to_vec() {
        // The ledger goes on: a backup is an event, and so is a restore.
        let goes_on = shape.table.starts_with("ledger_") || shape.table == "record_key";
        if !NOT_KEPT.contains(&shape.table.as_str()) && !goes_on {
            let add = |row| {
                all.push(format!("{} {row:?}", shape.table));
                Ok::<(), StoreError>(())
            };
            dump.rows(&shape, add).await.unwrap();
        }
    }
    all.sort();
    all
}

/// An empty store of the other engine, or of the same where there is no other.
async fn elsewhere(test: &TestStore) -> TestStore {
    let other = match test.url {
        crate::store::DatabaseUrl::Sqlite(_) => TestStore::postgres().await,
        crate::store::DatabaseUrl::Postgres(_) => Some(TestStore::sqlite().await),
    };
    match other {
        Some(other) => other,
        None => TestStore::sqlite().await,
    }
}

async fn again(test: &TestStore, keyring: &Keyring) -> Store {
    let randomness = Randomness::repeatable(5);
    Store::open(
        &test.url,
        keyring.clone(),
        test.store.clock().clone(),
        randomness,
    )
    .await
    .unwrap()
}

fn alter(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    let at = at % bytes.len();
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

on_both! {
    async fn a_backup_queues_a_letter_with_its_checkpoints_to_each_address(test: TestStore) {
        let addresses = ["one@elsewhere.example", "two@elsewhere.example"];
        let beside = Beside {
            mailed_to: addresses.map(str::to_owned).to_vec(),
            ..beside(&test)
        };
        make(&test.store, &beside, &test.folder().join("all.backup")).await.unwrap();
        let kind = "SELECT COUNT(*) AS n FROM job WHERE trust = $1 AND kind = $2";
        let mut reader = test.store.read(&test.trust);
        let queued = reader.count(kind, values!["ledger.send-checkpoints"]).await;
        assert_eq!(queued.unwrap(), 2);
    }

    async fn what_was_there_is_there_again_on_the_other_engine(test: TestStore) {
        let attachment = fill(&test).await;
        let made = made(&test).await;
        assert_eq!(made.contents.files, 1);
        let checked = check(&made.file, test.store.keyring()).await.unwrap();
        assert_eq!(checked.contents, made.contents);

        let other = elsewhere(&test).await;
        other.store.keyring().add(MasterKey::generate(&Randomness::repeatable(8)).unwrap());
        let store = again(&other, other.store.keyring()).await;
        let refused = restore(&store, &beside(&other), &made.file, false).await.unwrap_err();
        assert!(matches!(refused, BackupError::NotEmpty), "{refused}");
        let before = everything(&store).await;
        assert_ne!(before, everything(&test.store).await);

        let restored = restore(&store, &beside(&other), &made.file, true).await.unwrap();
        assert_eq!(restored.contents, made.contents);
        let store = again(&other, other.store.keyring()).await;
        assert_eq!(everything(&store).await, everything(&test.store).await);
        assert_eq!(store.root_key().keyed_hash("x", "y"), test.store.root_key().keyed_hash("x", "y"));
        let actor = Actor::operator(test.trust.clone());
        let opened = attachments(&other).open(&store, &actor, &attachment.id).await.unwrap().unwrap();
        assert_eq!(opened.attachment, attachment);
        assert_eq!(opened.content.collect().await.unwrap().to_bytes().len(), 100_008);
    }

    async fn what_was_lost_is_said_and_what_was_erased_stays_erased(test: TestStore) {
        fill(&test).await;
        let event = async |record: &str| {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let change = Change { kind: "case.noted", record_kind: "case", record, before: None, after: None };
            record_event(&mut tx, &Actor::operator(test.trust.clone()), None, change).await.unwrap();
            tx.commit().await.unwrap();
        };
        event("c1").await;
        event("c2").await;
        let made = made(&test).await;
        for _ in 0..3 {
            event("c2").await;
        }
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let erasure = Erasure { record_kind: "case", record: "c1", reason: "retention" };
        erase(&mut tx, &Actor::operator(test.trust.clone()), None, erasure).await.unwrap();
        tx.commit().await.unwrap();
        checkpoint_all(&test.store, None).await.unwrap();

        let restored = restore(&test.store, &beside(&test), &made.file, true).await.unwrap();
        assert_eq!(restored.erased, 1);
        for log in &restored.verified {
            assert!(log.is_sound(), "{}: {:?}", log.log, log.faults);
        }
        let epoch = restored.epochs.iter().find(|epoch| epoch.log == test.trust).unwrap();
        // Three notes and the erasure.
        assert_eq!((epoch.number, epoch.lost, epoch.unverified), (2, 4, 0));
        let mut reader = test.store.read(&test.trust);
        assert!(record_key(&mut reader, &test.store, &test.trust, "case/c1").await.unwrap().is_none());
        assert!(record_key(&mut reader, &test.store, &test.trust, "case/c2").await.unwrap().is_some());
        let count = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = $2";
        assert_eq!(reader.count(count, values!["ledger.restored"]).await.unwrap(), 1);
        assert_eq!(reader.count(count, values!["case.noted"]).await.unwrap(), 2);

        let again = restore(&test.store, &beside(&test), &made.file, true).await.unwrap();
        assert_eq!(again.epochs.iter().find(|epoch| epoch.log == test.trust).unwrap().number, 3);
    }

    async fn a_backup_shows_nothing_without_the_master_key(test: TestStore) {
        fill(&test).await;
        let made = made(&test).await;
        let bytes = fs::read(&made.file).unwrap();
        for secret in ["O'Neill", "Elm Trust", "Ash Primary"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
        let wrong = Keyring::new(MasterKey::generate(&Randomness::repeatable(8)).unwrap(), Vec::new());
        let refused = check(&made.file, &wrong).await.unwrap_err().to_string();
        assert!(refused.contains(&test.store.keyring().current().to_string()), "{refused}");
    }

    async fn a_damaged_backup_changes_nothing(test: TestStore) {
        fill(&test).await;
        let made = made(&test).await;
        let before = everything(&test.store).await;
        let whole = fs::read(&made.file).unwrap();
        let length = whole.len();
        for at in [0, 20, 200, length / 3, length / 2, length - 1] {
            alter(&made.file, at);
            let refused = restore(&test.store, &beside(&test), &made.file, true).await;
            assert!(refused.is_err(), "{at}");
            fs::write(&made.file, &whole).unwrap();
        }
        for cut in [0, 10, 300, length / 2, length - 1] {
            fs::write(&made.file, &whole[..cut]).unwrap();
            let refused = restore(&test.store, &beside(&test), &made.file, true).await;
            assert!(refused.is_err(), "{cut}");
        }
        assert_eq!(everything(&test.store).await, before);
    }

    async fn what_happens_while_a_backup_is_made_is_not_in_it(test: TestStore) {
        fill(&test).await;
        let mut dump = test.store.dump().await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE school SET name = 'Later' WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let shape = dump.shapes().iter().find(|shape| shape.table == "school").unwrap().clone();
        let mut rows = Vec::new();
        dump.rows(&shape, |row| { rows.push(format!("{row:?}")); Ok::<(), StoreError>(()) }).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert!(!rows.concat().contains("Later"), "{rows:?}");
    }

    async fn nothing_is_written_over_and_nothing_half_is_left(test: TestStore) {
        let first = made(&test).await;
        let file = first.file.clone();
        let refused = make(&test.store, &beside(&test), &file).await.unwrap_err();
        assert!(matches!(refused, BackupError::Exists(_)), "{refused}");
        let nowhere = test.folder().join("no/such/folder/x.backup");
        let refused = make(&test.store, &beside(&test), &nowhere).await.unwrap_err();
        assert!(refused.to_string().contains("could not be written"), "{refused}");
        #[cfg(target_os = "linux")]
        {
            // Writing to it always says that the disk is full.
            let full = test.folder().join("full.part");
            std::os::unix::fs::symlink("/dev/full", &full).unwrap();
            let refused = make(&test.store, &beside(&test), &test.folder().join("full.backup")).await;
            assert!(refused.unwrap_err().to_string().contains("No space left"));
            assert!(!full.exists() && !test.folder().join("full.backup").exists());
        }
    }

    async fn sessions_are_not_kept_and_a_lost_file_is_named(test: TestStore) {
        let attachment = fill(&test).await;
        let sql = "INSERT INTO session (trust, id, person, secret_hash, created_at, seen_at, authenticated_at, \
             expires_at, method, agent) VALUES ($1, 's1', 'p1', '', 0, 0, 0, 0, '', '')";
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(sql, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        fs::remove_file(attachments(&test).sealed_file(&test.trust, &attachment.id)).unwrap();
        let made = made(&test).await;
        assert_eq!(made.contents.missing, [format!("elm/{}", attachment.id)]);
        restore(&test.store, &beside(&test), &made.file, true).await.unwrap();
        let count = "SELECT COUNT(*) AS n FROM session WHERE trust = $1";
        assert_eq!(test.store.read(&test.trust).count(count, values![]).await.unwrap(), 0);
    }
}

#[test]
fn what_is_no_backup_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.backup");
    let keyring = Keyring::new(
        MasterKey::generate(&Randomness::repeatable(8)).unwrap(),
        Vec::new(),
    );
    for content in [
        "",
        "probity backup 1\n",
        "probity backup 1\n{}\n",
        "SQLite format 3",
        "probity backup 9\n{}\n",
    ] {
        fs::write(&file, content).unwrap();
        let refused = archive::ArchiveReader::open(fs::File::open(&file).unwrap(), &keyring)
            .err()
            .unwrap();
        assert!(
            matches!(refused, BackupError::NotABackup),
            "{content}: {refused}"
        );
    }
}
