//! A record's key, and what it seals.

use std::fmt;

use zeroize::Zeroizing;

use super::ProtectionError;
use super::cipher::{self, KEY, Use};
use crate::randomness::{NoRandomness, Randomness};

/// The key of one record: seals its sensitive columns and its attachments. Wiped from memory when dropped.
pub struct RecordKey(Zeroizing<[u8; KEY]>);

/// Sealed bytes, as they stand in the store.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// Names where sealed bytes stand: `case.summary/<trust>/<record>`.
#[must_use]
pub fn place(table: &str, column: &str, trust: &str, record: &str) -> String {
    format!("{table}.{column}/{trust}/{record}")
}

impl RecordKey {
    /// A new key that no master key wraps: for content whose key is itself sealed with a record's key.
    pub fn generate(randomness: &Randomness) -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; KEY]);
        randomness.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; KEY] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(*bytes)))
    }

    pub(super) fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// The same key once more, for what takes a key along.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0.clone())
    }

    /// Seals bytes for one place (see [`place`]); they are 41 bytes longer sealed.
    pub fn seal(
        &self,
        place: &str,
        plain: &[u8],
        randomness: &Randomness,
    ) -> Result<Sealed, ProtectionError> {
        let mut sealed = Vec::new();
        cipher::seal_onto(
            &mut sealed,
            &self.0,
            (Use::Content, place),
            plain,
            randomness,
        )?;
        Ok(Sealed(sealed))
    }

    /// Opens what was sealed with this key for this place.
    pub fn open(
        &self,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, ProtectionError> {
        cipher::open(&self.0, (Use::Content, place), &sealed.0)
    }

    /// Seals another key for one place.
    pub fn seal_key(
        &self,
        place: &str,
        key: &Self,
        randomness: &Randomness,
    ) -> Result<Sealed, ProtectionError> {
        self.seal(place, key.0.as_slice(), randomness)
    }

    /// Opens a key that was sealed with this key for this place.
    pub fn open_key(&self, place: &str, sealed: &Sealed) -> Result<Self, ProtectionError> {
        let bytes = self.open(place, sealed)?;
        Self::from_slice(&bytes).ok_or_else(|| ProtectionError::UnknownForm {
            place: place.to_owned(),
        })
    }

    /// Seals a text for one place.
    pub fn seal_text(
        &self,
        place: &str,
        text: &str,
        randomness: &Randomness,
    ) -> Result<Sealed, ProtectionError> {
        self.seal(place, text.as_bytes(), randomness)
    }

    /// Opens a text that was sealed with this key for this place.
    pub fn open_text(
        &self,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<String>, ProtectionError> {
        let bytes = self.open(place, sealed)?;
        let text = str::from_utf8(&bytes).map_err(|_| ProtectionError::NotText {
            place: place.to_owned(),
        })?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKey")
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(seed: u64) -> (RecordKey, Randomness) {
        let randomness = Randomness::repeatable(seed);
        (RecordKey::generate(&randomness).unwrap(), randomness)
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_and_shows_nothing(plain in proptest::collection::vec(any::<u8>(), 0..600), at in "[a-z./]{1,40}", seed: u64) {
            let (key, randomness) = key(seed);
            let sealed = key.seal(&at, &plain, &randomness).unwrap();
            prop_assert_eq!(sealed.0.len(), plain.len() + 41);
            let opened = key.open(&at, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            if plain.len() > 8 {
                prop_assert!(!sealed.0.windows(plain.len()).any(|part| part == plain));
            }
            prop_assert_ne!(key.seal(&at, &plain, &randomness).unwrap(), sealed, "the same text never looks the same");
        }

        #[test]
        fn one_altered_or_missing_byte_is_refused(plain in proptest::collection::vec(any::<u8>(), 0..200), at: prop::sample::Index, change in 1_u8.., seed: u64) {
            let (key, randomness) = key(seed);
            let sealed = key.seal("case.summary/t/1", &plain, &randomness).unwrap();
            let at = at.index(sealed.0.len());
            let mut altered = sealed.clone();
            altered.0[at] ^= change;
            prop_assert!(key.open("case.summary/t/1", &altered).is_err());
            let mut cut = sealed.clone();
            cut.0.remove(at);
            prop_assert!(key.open("case.summary/t/1", &cut).is_err());
            prop_assert!(key.open("case.summary/t/1", &Sealed(sealed.0[..at].to_vec())).is_err());
        }
    }

    #[test]
    fn sealed_bytes_open_only_in_their_place_and_with_their_key() {
        let (key, randomness) = key(1);
        let here = place("case", "summary", "t1", "c1");
        let sealed = key.seal_text(&here, "a pupil's name", &randomness).unwrap();
        assert_eq!(
            key.open_text(&here, &sealed).unwrap().as_str(),
            "a pupil's name"
        );
        for elsewhere in [
            place("case", "title", "t1", "c1"),
            place("case", "summary", "t2", "c1"),
            place("case", "summary", "t1", "c2"),
        ] {
            let refused = key.open(&elsewhere, &sealed).unwrap_err();
            assert!(
                matches!(refused, ProtectionError::Altered { .. }),
                "{refused}"
            );
        }
        let other = RecordKey::generate(&randomness).unwrap();
        assert!(matches!(
            other.open(&here, &sealed),
            Err(ProtectionError::Altered { .. })
        ));
    }

    #[test]
    fn a_form_of_the_future_and_bytes_that_are_no_text_are_told_apart() {
        let (key, randomness) = key(1);
        let mut sealed = key.seal("x", b"\xff\xfe", &randomness).unwrap();
        assert!(matches!(
            key.open_text("x", &sealed),
            Err(ProtectionError::NotText { .. })
        ));
        sealed.0[0] = 9;
        assert!(matches!(
            key.open("x", &sealed),
            Err(ProtectionError::UnknownForm { .. })
        ));
        assert!(matches!(
            key.open("x", &Sealed(Vec::new())),
            Err(ProtectionError::UnknownForm { .. })
        ));
    }

    #[test]
    fn a_key_can_be_sealed_with_another() {
        let (outer, randomness) = key(1);
        let inner = RecordKey::generate(&randomness).unwrap();
        let sealed = outer.seal_key("x", &inner, &randomness).unwrap();
        let content = inner.seal("y", b"kept", &randomness).unwrap();
        let again = outer.open_key("x", &sealed).unwrap();
        assert_eq!(again.open("y", &content).unwrap().as_slice(), b"kept");
        let no_key = outer.seal("x", b"short", &randomness).unwrap();
        assert!(matches!(
            outer.open_key("x", &no_key),
            Err(ProtectionError::UnknownForm { .. })
        ));
    }

    #[test]
    fn neither_key_nor_content_is_printed() {
        let (key, randomness) = key(1);
        let sealed = key.seal("x", b"secret", &randomness).unwrap();
        assert_eq!(format!("{key:?} {sealed:?}"), "RecordKey Sealed(47 bytes)");
    }
}
