use jiff::Timestamp;
use ledger::{
    Checkpoint, CheckpointError, Follows, Hash, KeyError, Origin, SigningKey, VerifyingKey,
};
use proptest::prelude::*;
use proptest::sample::Index;

const LOG: &str = "probity.example.org/trust";

fn key(origin: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(origin.parse().unwrap(), &[seed; 32])
}

fn verifying(key: &SigningKey) -> VerifyingKey {
    key.verifier_key().parse().unwrap()
}

fn checkpoint(follows: Option<Follows>) -> Checkpoint {
    Checkpoint {
        origin: LOG.parse().unwrap(),
        size: 1003,
        root: Hash::of_leaf(b"root"),
        follows,
        time: "2026-11-20T10:19:27Z".parse().unwrap(),
    }
}

fn second_epoch() -> Follows {
    Follows {
        epoch: 1,
        size: 1042,
        root: Hash::of_leaf(b"last"),
        kept: 1000,
    }
}

/// The key and the note with which the reference implementation of signed notes (Go's sumdb/note) is documented.
#[test]
fn signed_note_known_answers() {
    let seed = [
        0x81, 0x0a, 0x14, 0x02, 0xd5, 0x14, 0x6c, 0x8d, 0x84, 0xf2, 0x44, 0x33, 0x30, 0xf5, 0x40,
        0x80, 0xeb, 0xf9, 0x8e, 0xe1, 0x7d, 0x9c, 0x74, 0xf6, 0x25, 0x2f, 0xc5, 0xd5, 0xc7, 0x28,
        0x31, 0x73,
    ];
    let key = SigningKey::from_seed("PeterNeumann".parse().unwrap(), &seed);
    assert_eq!(
        key.verifier_key(),
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    );
    assert_eq!(format!("{key:?}"), "SigningKey(PeterNeumann+c74f20a3)");
}

#[test]
fn the_text_is_a_tlog_checkpoint() {
    let note = checkpoint(Some(second_epoch())).sign(&key(LOG, 1)).unwrap();
    let (text, signature) = note.rsplit_once("\n\n").unwrap();
    assert_eq!(
        text,
        "probity.example.org/trust\n\
         1003\n\
         PAb5plclr2BSYfY2ZyyWINQJcx2JpFHXRV/pxK4WeCk=\n\
         epoch 2\n\
         follows 1 1042 d1SsqaoczNRGH7JHfo58uCVY00EVp+IrcLedzKE5WhM=\n\
         kept 1000\n\
         time 2026-11-20T10:19:27Z"
    );
    assert!(signature.starts_with("— probity.example.org/trust "));
    let first = checkpoint(None).sign(&key(LOG, 1)).unwrap();
    assert!(first.contains("\nepoch 1\ntime 2026-11-20T10:19:27Z\n\n"));
}

#[test]
fn what_was_signed_is_read_again() {
    let key = key(LOG, 1);
    for follows in [None, Some(second_epoch())] {
        let checkpoint = checkpoint(follows);
        let note = checkpoint.sign(&key).unwrap();
        let keys = [verifying(&key), verifying(&key)];
        assert_eq!(Checkpoint::verify(&note, &keys), Ok(checkpoint));
        assert_eq!(Checkpoint::claimed_origin(&note).unwrap().as_str(), LOG);
    }
}

#[test]
fn an_old_key_still_verifies_beside_the_new() {
    let (old, new) = (key(LOG, 1), key(LOG, 2));
    let note = checkpoint(None).sign(&old).unwrap();
    assert!(Checkpoint::verify(&note, &[verifying(&new), verifying(&old)]).is_ok());
    assert_eq!(
        Checkpoint::verify(&note, &[verifying(&new)]),
        Err(CheckpointError::UnknownKey)
    );
}

#[test]
fn another_logs_key_neither_signs_nor_verifies() {
    let other = key("probity.example.org/other", 1);
    let refused = checkpoint(None).sign(&other).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the checkpoint is of the log 'probity.example.org/trust', but the key is that of 'probity.example.org/other'"
    );
    // A note whose first line was made to name this log before the other log's key signed it.
    let mut theirs = checkpoint(None);
    theirs.origin = other.origin().clone();
    let note = theirs.sign(&other).unwrap();
    let forged = note.replacen("/other", "/trust", 1);
    let keys = [verifying(&key(LOG, 1)), verifying(&other)];
    assert!(matches!(
        Checkpoint::verify(&forged, &keys),
        Err(CheckpointError::Signature(_))
    ));
}

#[test]
fn an_epoch_that_contradicts_itself_is_not_signed() {
    let follows = |epoch, kept| {
        Some(Follows {
            epoch,
            kept,
            ..second_epoch()
        })
    };
    for bad in [follows(0, 1), follows(u32::MAX, 1), follows(1, 1004)] {
        let signed = checkpoint(bad).sign(&key(LOG, 1));
        assert_eq!(signed, Err(CheckpointError::Epoch));
    }
}

/// Signs any text as the log would: what its key has signed is still read with care.
fn signed(text: &str) -> Result<Checkpoint, CheckpointError> {
    use signed_note::{Note, Signer, StandardSigner};
    let signer = StandardSigner::new(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    )
    .unwrap();
    let mut note = Note::new(text.as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer as &dyn Signer]).unwrap();
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let note = String::from_utf8(note.to_bytes()).unwrap();
    Checkpoint::verify(&note, &[key.parse().unwrap()])
}

#[test]
fn one_checkpoint_has_one_text() {
    const HASH: &str = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=";
    let good = format!("PeterNeumann\n3\n{HASH}\nepoch 1\ntime 2026-11-20T10:19:27Z\n");
    assert!(signed(&good).is_ok());
    let spellings = [
        ("epoch 1\n", ""),
        ("epoch 1\n", "epoch 2\n"),
        ("epoch 1\n", "epoch 01\n"),
        ("\n3\n", "\n03\n"),
        ("10:19:27Z", "10:19:27.0Z"),
        ("T10:19:27Z", "T11:19:27+01:00"),
        ("time", "kept 3\ntime"),
        ("time 2026-11-20T10:19:27Z\n", ""),
        ("epoch 1", "time 2026-11-20T10:19:27Z\nepoch 1"),
    ];
    for (from, to) in spellings {
        assert_eq!(
            signed(&good.replace(from, to)),
            Err(CheckpointError::Text),
            "{from} {to}"
        );
    }
    assert_eq!(
        signed(&good.replace("time", "witness 1\ntime")),
        Err(CheckpointError::Line("witness 1".into()))
    );
    assert!(matches!(
        signed(&good.replace("PeterNeumann", "Other")),
        Err(CheckpointError::Origin { .. })
    ));
}

#[test]
fn names_and_keys_are_checked() {
    for bad in ["", "two words", "plus+plus", "line\nend", "bell\u{7}"] {
        assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
    }
    let good = key(LOG, 1).verifier_key();
    let read = |text: &str| text.parse::<VerifyingKey>().unwrap_err();
    assert_eq!(read("nothing"), KeyError::Form);
    assert_eq!(read(&good.replace("trust", "other")), KeyError::Damaged);
    assert_eq!(
        good.parse::<VerifyingKey>().unwrap().to_string(),
        good,
        "a key is written as it was read"
    );
}

proptest! {
    #[test]
    fn every_checkpoint_round_trips(
        size: u64, root: [u8; 32], restored: Option<(u32, u64, [u8; 32], u64)>, seconds in -9_999_999_999_i64..99_999_999_999,
    ) {
        let follows = restored.map(|(epoch, last, root, kept)| Follows {
            epoch: epoch.clamp(1, u32::MAX - 1),
            size: last,
            root: Hash(root),
            kept: kept.min(size),
        });
        let time = Timestamp::from_second(seconds).unwrap();
        let checkpoint = Checkpoint { size, root: Hash(root), time, ..checkpoint(follows) };
        let key = key(LOG, 1);
        let note = checkpoint.sign(&key).unwrap();
        prop_assert_eq!(Checkpoint::verify(&note, &[verifying(&key)]), Ok(checkpoint));
    }

    #[test]
    fn any_altered_character_is_refused(at: Index, new: char) {
        let key = key(LOG, 1);
        let note = checkpoint(Some(second_epoch())).sign(&key).unwrap();
        let mut altered: Vec<char> = note.chars().collect();
        *at.get_mut(&mut altered) = new;
        let altered: String = altered.into_iter().collect();
        prop_assume!(altered != note);
        prop_assert!(Checkpoint::verify(&altered, &[verifying(&key)]).is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|\n|— |probity.example.org/trust|epoch |time ){0,40}") {
        prop_assert!(Checkpoint::verify(&text, &[verifying(&key(LOG, 1))]).is_err());
        let _ = Checkpoint::claimed_origin(&text);
    }
}
