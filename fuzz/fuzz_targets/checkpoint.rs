//! Any text as a checkpoint or a verifier key that somebody kept: it is read or refused, and nothing passes that the log's key has not signed.

#![no_main]

use std::sync::LazyLock;

use ledger::{Checkpoint, Frontier, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<[VerifyingKey; 1]> = LazyLock::new(|| {
    let origin = "probity.example.org/trust".parse().expect("a log's name");
    // A seed from which no seed file was signed.
    let key = SigningKey::from_seed(origin, &[0xfe; 32]);
    [key.verifier_key().parse().expect("a key's own text")]
});

fuzz_target!(|text: &str| {
    assert!(Checkpoint::verify(text, &*KEYS).is_err());
    if let Ok(origin) = Checkpoint::claimed_origin(text) {
        assert!(text.starts_with(origin.as_str()));
    }
    if let Ok(key) = text.parse::<VerifyingKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(frontier) = Frontier::from_bytes(text.as_bytes()) {
        assert_eq!(frontier.to_bytes(), text.as_bytes());
    }
});
