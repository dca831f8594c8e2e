//! What a post is published under.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// How a [`Key`] is written: the digits of AT Protocol's base32, in their order.
const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const MICROSECONDS: u64 = 1_000_000;
/// The bits of a TID that say which of several clocks made it.
const CLOCK_BITS: u32 = 10;

/// The name of one intent to publish: kept before the first request, the same in every later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: String,
    first: Timestamp,
}

impl Key {
    /// `name` is whoever calls' own, one for each intent: the draft, its version and its account. `first` is when it was
    /// first to be published, kept with it.
    #[must_use]
    pub fn new(name: impl Into<String>, first: Timestamp) -> Self {
        Self {
            name: name.into(),
            first,
        }
    }

    /// When it was first to be published.
    #[must_use]
    pub fn first(&self) -> Timestamp {
        self.first
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.name.as_bytes()).into()
    }

    /// As Mastodon's `Idempotency-Key`: says nothing of what it was made from.
    pub(crate) fn header(&self) -> String {
        use std::fmt::Write as _;
        self.hash().iter().fold(String::new(), |mut text, byte| {
            // Writing into a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// As a record key of Bluesky: a TID whose second is the intent's, and whose finer digits and clock are of the name.
    /// Two names of one account's same second share one once in a thousand million pairs.
    pub(crate) fn tid(&self) -> String {
        let second = u64::try_from(self.first.as_second()).unwrap_or_default();
        let [a, b, c, d, ..] = self.hash();
        let (fine, clock) = (u32::from_be_bytes([0, a, b, c]), u32::from(d));
        let fine = u64::from(fine) % MICROSECONDS;
        let clock = u64::from(clock | (u32::from(c) & 0b11) << 8);
        let number = ((second * MICROSECONDS + fine) << CLOCK_BITS | clock) & (u64::MAX >> 1);
        (0..13)
            .rev()
            .filter_map(|place| DIGITS.get(usize::try_from(number >> (5 * place) & 31).ok()?))
            .map(|digit| char::from(*digit))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, first: &str) -> Key {
        Key::new(name, first.parse().unwrap())
    }

    #[test]
    fn the_same_intent_has_the_same_key_and_another_another() {
        let moment = "2026-09-01T08:30:00Z";
        let first = key("post 1", moment);
        assert_eq!(first.tid(), key("post 1", moment).tid());
        assert_ne!(first.tid(), key("post 2", moment).tid());
        assert_ne!(first.header(), key("post 2", moment).header());
        assert_eq!(first.header().len(), 64);
        assert!(first.tid() < key("post 1", "2026-09-01T08:30:01Z").tid());
    }

    #[test]
    fn a_record_key_is_a_tid() {
        let tid: atrium_api::types::string::Tid =
            key("post", "2026-09-01T08:30:00Z").tid().parse().unwrap();
        assert_eq!(tid.as_str().len(), 13);
    }
}
