use proptest::prelude::*;

use super::*;
use crate::protection::{Sealed, add_to_key_file, create_key_file, place};

fn master(seed: u64) -> MasterKey {
    MasterKey::generate(&Randomness::repeatable(seed)).unwrap()
}

fn at() -> String {
    place("record_key", "wrapped", "t1", "c1")
}

#[test]
fn an_older_key_still_reads_and_rewrapping_moves_to_the_new_one() {
    let randomness = Randomness::repeatable(9);
    let ring = Keyring::new(master(1), Vec::new());
    let (key, wrapped) = ring.new_record_key(&at(), &randomness).unwrap();
    let sealed = key.seal("x", b"kept", &randomness).unwrap();

    let clone = ring.clone();
    ring.add(master(2));
    assert_eq!(
        clone.ids(),
        [master(2).id(), master(1).id()],
        "clones share the keys"
    );
    assert_eq!(
        ring.unwrap(&wrapped, &at())
            .unwrap()
            .open("x", &sealed)
            .unwrap()
            .as_slice(),
        b"kept"
    );

    let rewrapped = ring.rewrap(&wrapped, &at(), &randomness).unwrap();
    assert_eq!(rewrapped.master_key(), master(2).id());
    let only_new = Keyring::new(master(2), Vec::new());
    assert_eq!(
        only_new
            .unwrap(&rewrapped, &at())
            .unwrap()
            .open("x", &sealed)
            .unwrap()
            .as_slice(),
        b"kept"
    );
    let refused = only_new.unwrap(&wrapped, &at()).unwrap_err();
    assert!(
        matches!(refused, ProtectionError::UnknownMasterKey { id, .. } if id == master(1).id())
    );
}

#[test]
fn a_wrapped_key_opens_only_in_its_place_and_is_not_content() {
    let randomness = Randomness::repeatable(9);
    let ring = Keyring::new(master(1), Vec::new());
    let (key, wrapped) = ring.new_record_key(&at(), &randomness).unwrap();
    let elsewhere = place("record_key", "wrapped", "t1", "c2");
    assert!(matches!(
        ring.unwrap(&wrapped, &elsewhere),
        Err(ProtectionError::Altered { .. })
    ));
    assert!(key.open(&at(), &Sealed(wrapped.sealed().to_vec())).is_err());
}

#[test]
fn bytes_that_are_no_wrapped_key_are_refused() {
    for bytes in [vec![], vec![1; 7], vec![1; 80], vec![1; 82]] {
        assert!(matches!(
            WrappedKey::from_bytes(bytes, "x"),
            Err(ProtectionError::UnknownForm { .. })
        ));
    }
}

#[test]
fn a_key_added_to_the_source_is_found_when_a_record_names_it() {
    let randomness = Randomness::repeatable(9);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    create_key_file(&path, &master(1)).unwrap();
    let source = MasterKeySource::File(path.clone());
    let running = Keyring::load(&source).unwrap();

    add_to_key_file(&path, &master(2)).unwrap();
    let other = Keyring::load(&source).unwrap();
    assert_eq!(other.current(), master(2).id());
    let (_, wrapped) = other.new_record_key("x", &randomness).unwrap();
    assert!(running.unwrap(&wrapped, "x").is_ok());
    assert_eq!(running.ids(), [master(2).id(), master(1).id()]);

    let (_, lost) = Keyring::new(master(3), Vec::new())
        .new_record_key("x", &randomness)
        .unwrap();
    for _ in 0..2 {
        assert!(matches!(
            running.unwrap(&lost, "x"),
            Err(ProtectionError::UnknownMasterKey { .. })
        ));
    }
    std::fs::write(&path, "nonsense").unwrap();
    assert!(running.reload().is_err());
    assert_eq!(
        running.ids(),
        [master(2).id(), master(1).id()],
        "the keys stay as they were"
    );
}

#[test]
fn no_key_is_printed() {
    let randomness = Randomness::repeatable(9);
    let ring = Keyring::new(master(1), vec![master(2)]);
    let (_, wrapped) = ring.new_record_key("x", &randomness).unwrap();
    let (one, two) = (master(1).id(), master(2).id());
    assert_eq!(
        format!("{ring:?} {wrapped:?}"),
        format!("Keyring({one}, {two}) WrappedKey(by {one})")
    );
}

proptest! {
    #[test]
    fn one_altered_byte_is_refused(at: prop::sample::Index, change in 1_u8.., seed: u64) {
        let randomness = Randomness::repeatable(seed);
        let ring = Keyring::new(master(1), Vec::new());
        let (_, wrapped) = ring.new_record_key("x", &randomness).unwrap();
        let mut bytes = wrapped.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        let altered = WrappedKey::from_bytes(bytes, "x").unwrap();
        prop_assert!(ring.unwrap(&altered, "x").is_err());
    }
}
