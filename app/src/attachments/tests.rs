use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, StoreError};
use crate::values;

const OWNER: Owner<'_> = Owner {
    kind: "case",
    id: "c1",
};

fn attachments(test: &TestStore) -> Attachments {
    Attachments::new(test.folder().join("attachments"), 1_000_000)
}

/// A picture of so many bytes, whose end says something that must not lie open on the disk.
fn picture(length: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(length, 7);
    bytes.extend_from_slice(b"what the pupil wrote");
    bytes
}

async fn receive(test: &TestStore, name: &str, bytes: &[u8]) -> Result<Received, AttachmentError> {
    let pieces: Vec<_> = bytes
        .chunks(10_000)
        .map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)))
        .collect();
    let body = futures_util::stream::iter(pieces);
    attachments(test)
        .receive(&test.store, &test.trust, name, body)
        .await
}

async fn attach(test: &TestStore, name: &str, bytes: &[u8]) -> Attachment {
    let received = receive(test, name, bytes).await.unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let actor = Actor::operator(test.trust.clone());
    let attachment = attachments(test)
        .keep(&mut tx, &actor, OWNER, received)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    attachment
}

async fn open(test: &TestStore, id: &AttachmentId) -> Result<Option<Opened>, AttachmentError> {
    let actor = Actor::operator(test.trust.clone());
    attachments(test).open(&test.store, &actor, id).await
}

async fn events(test: &TestStore, kind: &str) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = $2";
    test.store
        .read(&test.trust)
        .count(sql, values![kind])
        .await
        .unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

fn age(path: &Path, hours: u64) {
    // The tests' clock stands at noon of this day.
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_176_000);
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(noon - Duration::from_hours(hours))
        .unwrap();
}

on_both! {
    async fn a_file_comes_back_as_it_went_in_and_lies_sealed(test: TestStore) {
        for length in [10, 65_536, 200_000] {
            let bytes = picture(length);
            let attachment = attach(&test, "../Zo\u{eb}.png", &bytes).await;
            assert_eq!(attachment.name, "Zo\u{eb}.png");
            assert_eq!(attachment.media_type, "image/png");
            assert_eq!(attachment.sha256, HEXLOWER.encode(&Sha256::digest(&bytes)));

            let opened = open(&test, &attachment.id).await.unwrap().unwrap();
            assert_eq!(opened.attachment, attachment);
            let response = opened.into_response();
            let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), "application/octet-stream");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("content-disposition"), "attachment; filename=\"Zo_.png\"; filename*=UTF-8''Zo%C3%AB.png");
            assert_eq!(header("content-length"), bytes.len().to_string());
            let content = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(content, bytes);
        }
        for path in files(&test.folder().join("attachments")) {
            let sealed = fs::read(path).unwrap();
            assert!(!sealed.windows(5).any(|part| part == b"pupil"));
        }
        let row = test.store.read(&test.trust)
            .first("SELECT details FROM attachment WHERE trust = $1", values![]).await.unwrap().unwrap();
        let details: Vec<u8> = row.get("details").unwrap();
        assert!(!details.windows(4).any(|part| part == b".png"));
        let all = attachments(&test).of(&test.store, &test.trust, OWNER).await.unwrap();
        assert_eq!(all.len(), 3);
        let other = Owner { kind: "case", id: "c2" };
        assert_eq!(attachments(&test).of(&test.store, &test.trust, other).await.unwrap(), []);
        assert_eq!((events(&test, "attachment.added").await, events(&test, "attachment.opened").await), (3, 3));
    }

    async fn what_is_refused_leaves_nothing(test: TestStore) {
        let refused = receive(&test, "a.png", b"<html><script>alert(1)</script>").await;
        assert!(matches!(refused, Err(AttachmentError::Refused(Refused::Markup))));
        let refused = receive(&test, "a.png", &picture(1_000_001)).await;
        assert!(matches!(refused, Err(AttachmentError::TooLarge { largest_bytes: 1_000_000 })));
        let broken = [Ok(Bytes::from_static(b"\x89PNG\r\n\x1a\n")), Err(io::Error::other("gone"))];
        let body = futures_util::stream::iter(broken);
        let refused = attachments(&test).receive(&test.store, &test.trust, "a.png", body).await;
        assert!(matches!(refused, Err(AttachmentError::Interrupted(_))));
        assert_eq!(files(test.folder()).iter().filter(|path| path.starts_with(test.folder().join("attachments"))).count(), 0);
    }

    async fn a_file_that_would_fill_the_disk_is_refused_before_it_is_written(test: TestStore) {
        let folder = test.folder().join("attachments");
        let attachments = Attachments::new(folder.clone(), u64::MAX);
        let body = futures_util::stream::iter([Ok::<_, io::Error>(Bytes::from(picture(100)))]);
        let refused = attachments.receive(&test.store, &test.trust, "a.png", body).await;
        assert!(matches!(refused, Err(AttachmentError::NoRoom)));
        assert_eq!(files(&folder), Vec::<std::path::PathBuf>::new());
    }

    async fn a_crash_between_file_and_row_shows_nothing_and_is_swept(test: TestStore) {
        let kept = attach(&test, "a.png", &picture(100)).await;
        let received = receive(&test, "b.png", &picture(100)).await.unwrap();
        let (id, folder) = (received.id.clone(), test.folder().join("attachments"));
        // The second step is begun and never committed.
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let actor = Actor::operator(test.trust.clone());
        attachments(&test).keep(&mut tx, &actor, OWNER, received).await.unwrap();
        drop(tx);
        // A file that a killed process was still writing.
        let half = folder.join("elm/zz/half.part");
        fs::create_dir_all(half.parent().unwrap()).unwrap();
        fs::write(&half, "half").unwrap();

        assert!(open(&test, &id).await.unwrap().is_none());
        assert_eq!(attachments(&test).of(&test.store, &test.trust, OWNER).await.unwrap(), std::slice::from_ref(&kept));
        files(&folder).iter().for_each(|path| age(path, 23));
        let swept = attachments(&test).sweep(&test.store, &test.trust).await.unwrap();
        assert_eq!(swept, Swept::default(), "what is young may still be kept");
        files(&folder).iter().for_each(|path| age(path, 25));
        let swept = attachments(&test).sweep(&test.store, &test.trust).await.unwrap();
        assert_eq!(swept.removed, 2);
        let left = files(&folder);
        assert_eq!(left.len(), 1);
        assert!(open(&test, &kept.id).await.unwrap().is_some());

        fs::remove_file(&left[0]).unwrap();
        let swept = attachments(&test).sweep(&test.store, &test.trust).await.unwrap();
        assert_eq!(swept.missing, std::slice::from_ref(&kept.id));
        let refused = open(&test, &kept.id).await.unwrap_err();
        assert!(matches!(refused, AttachmentError::FileMissing { .. }), "{refused}");
    }

    async fn an_altered_or_exchanged_file_is_not_given_out_whole(test: TestStore) {
        let one = attach(&test, "a.png", &picture(100_000)).await;
        let two = attach(&test, "b.png", &picture(100_000)).await;
        let at = |id| attachments(&test).files.path(&test.trust, id);
        fs::copy(at(&two.id), at(&one.id)).unwrap();
        let content = open(&test, &one.id).await.unwrap().unwrap().content;
        assert!(content.collect().await.is_err());
        let mut sealed = fs::read(at(&two.id)).unwrap();
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        fs::write(at(&two.id), sealed).unwrap();
        let content = open(&test, &two.id).await.unwrap().unwrap().content;
        assert!(content.collect().await.is_err());
    }

    async fn what_is_removed_or_erased_is_gone_and_another_trust_never_had_it(test: TestStore) {
        let attachment = attach(&test, "a.png", &picture(100)).await;
        let actor = Actor::operator("fir".parse().unwrap());
        assert!(attachments(&test).open(&test.store, &actor, &attachment.id).await.unwrap().is_none());

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let actor = Actor::operator(test.trust.clone());
        assert!(attachments(&test).remove(&mut tx, &actor, &attachment.id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(open(&test, &attachment.id).await.unwrap().is_none());
        assert_eq!(events(&test, "attachment.removed").await, 1);

        let erased = attach(&test, "a.png", &picture(100)).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.destroy_record_key(&format!("attachment/{}", erased.id)).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert!(open(&test, &erased.id).await.unwrap().is_none());
        assert_eq!(attachments(&test).of(&test.store, &test.trust, OWNER).await.unwrap(), []);
    }

    async fn the_states_are_those_that_the_ledger_has_and_erasing_takes_all_of_a_record(test: TestStore) {
        let one = attach(&test, "a.png", &picture(100)).await;
        let two = attach(&test, "b.png", &picture(100)).await;
        let of = (&test.store, &test.trust);
        let mut reader = test.store.read(&test.trust);
        let all = states(&mut reader, of, "", 10).await.unwrap();
        assert_eq!(all.len(), 2);
        for attachment in [&one, &two] {
            let state = serde_json::to_value(attachment).unwrap();
            assert!(all.contains(&(attachment.id.clone(), state)));
        }
        let rest = states(&mut reader, of, all[0].0.as_str(), 10).await.unwrap();
        assert_eq!(rest, all[1..]);

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let actor = Actor::operator(test.trust.clone());
        let erased = erase_of(&mut tx, &actor, None, OWNER, "kept long enough").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(erased, 2);
        assert_eq!(states(&mut reader, of, "", 10).await.unwrap(), []);
        assert!(open(&test, &one.id).await.unwrap().is_none());
    }

    async fn a_file_received_for_one_trust_is_not_kept_in_another(test: TestStore) {
        let received = receive(&test, "a.png", &picture(100)).await.unwrap();
        let mut tx = test.store.begin(&"fir".parse().unwrap()).await.unwrap();
        let actor = Actor::operator("fir".parse().unwrap());
        let refused = attachments(&test).keep(&mut tx, &actor, OWNER, received).await;
        assert!(matches!(refused, Err(AttachmentError::Store(StoreError::Dangling))));
    }
}
