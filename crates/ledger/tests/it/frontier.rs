use ledger::{Frontier, FrontierError, Hash, Salt, leaf};
use proptest::prelude::*;

/// The leaves with which Certificate Transparency's reference implementation is tested.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of their first 0 to 8.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// The definition of section 2.1, as it is written.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Hash::of_node(naive(left), naive(right))
        }
    }
}

fn frontier(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    frontier.append_many(leaves.iter().copied());
    frontier
}

#[test]
fn rfc_6962_known_answers() {
    let mut log = Frontier::new();
    assert_eq!(format!("{:x}", log.root()), ROOTS[0]);
    for (data, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        log.append(Hash::of_leaf(data));
        assert_eq!(format!("{:x}", log.root()), *root);
    }
    assert_eq!(log.size(), 8);
}

/// Computed apart, with the HMAC of another language's library.
#[test]
fn leaf_known_answers() {
    let salt = Salt::new(std::array::from_fn(|byte| u8::try_from(byte).unwrap()));
    assert_eq!(
        format!("{:x}", leaf(0, &salt, b"")),
        "b2acfc4487712a9629ba751fc16ac6c24599039b3cba68fc7f8a313f32f61bd8"
    );
    assert_eq!(
        format!("{:x}", leaf(7, &salt, b"opened a declaration")),
        "2b7b02cc3db4f21feb78fbb65ce6ba2ff99778a1e47b827c732698fac86bd1f8"
    );
    assert_eq!(format!("{salt:?}"), "Salt(..)");
}

#[test]
fn hashes_are_read_as_they_are_shown() {
    let hash = Hash::of_leaf(b"");
    assert_eq!(
        hash.to_string(),
        "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
    );
    assert_eq!(hash.to_string().parse(), Ok(hash));
    for bad in ["", "bjQL", "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0"] {
        assert!(bad.parse::<Hash>().is_err());
    }
}

#[test]
fn damaged_bytes_are_refused() {
    let bytes = frontier(&[Hash::EMPTY; 5]).to_bytes();
    assert_eq!(bytes.len(), 8 + 2 * 32);
    assert_eq!(
        Frontier::from_bytes(&bytes[..7]),
        Err(FrontierError::Short(7))
    );
    let cut = Frontier::from_bytes(&bytes[..71]).unwrap_err();
    assert_eq!(
        cut.to_string(),
        "the log's frontier has 63 bytes of hashes, where a log of 5 leaves has 64"
    );
    assert_eq!(
        Frontier::from_bytes(&[0xff; 8 + 64 * 32]),
        Err(FrontierError::Size(u64::MAX))
    );
}

proptest! {
    #[test]
    fn the_root_is_that_of_the_definition(leaves in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..300)) {
        let log = frontier(&leaves);
        prop_assert_eq!(log.root(), naive(&leaves));
        prop_assert_eq!(log.size(), leaves.len() as u64);
    }

    #[test]
    fn bytes_round_trip_and_the_log_goes_on(size in 0_usize..300, more in 0_usize..70) {
        let leaves: Vec<_> = (0..size + more).map(|n| Hash::of_leaf(&n.to_be_bytes())).collect();
        let mut log = Frontier::from_bytes(&frontier(&leaves[..size]).to_bytes()).unwrap();
        prop_assert_eq!(&log, &frontier(&leaves[..size]));
        log.append_many(leaves[size..].iter().copied());
        prop_assert_eq!(log.root(), naive(&leaves));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(mut log) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(log.to_bytes(), bytes);
            log.append(Hash::EMPTY);
            prop_assert_ne!(log.root(), Hash::EMPTY);
        }
    }

    #[test]
    fn a_leaf_changes_with_number_salt_and_content(
        number: u64, salt: [u8; 32], content: Vec<u8>, other_number: u64, other_salt: [u8; 32], other_content: Vec<u8>,
    ) {
        let own = leaf(number, &Salt::new(salt), &content);
        prop_assert_eq!(own == leaf(other_number, &Salt::new(salt), &content), number == other_number);
        prop_assert_eq!(own == leaf(number, &Salt::new(other_salt), &content), salt == other_salt);
        prop_assert_eq!(own == leaf(number, &Salt::new(salt), &other_content), content == other_content);
    }
}
