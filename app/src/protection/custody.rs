//! The key of custody: what people sign in to official accounts with is sealed under it, and under no record's key.

use std::fmt;

use zeroize::Zeroizing;

use super::ProtectionError;
use super::cipher::{self, KEY, Use};
use super::keyring::{Keyring, WrappedKey};
use super::sealing::Sealed;
use crate::randomness::Randomness;

/// The key of a trust's custody. Wiped from memory when dropped; can be neither cloned nor printed. It is told apart
/// from a record's key by its type here and by what is authenticated with every seal: neither opens what the other
/// sealed, nor is one unwrapped where the other is asked for.
pub struct CustodyKey(Zeroizing<[u8; KEY]>);

impl Keyring {
    /// A new key of custody, and what to keep of it in the store at `place`.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn new_custody_key(
        &self,
        place: &str,
        randomness: &Randomness,
    ) -> Result<(CustodyKey, WrappedKey), ProtectionError> {
        let mut bytes = Zeroizing::new([0; KEY]);
        randomness.fill(bytes.as_mut_slice())?;
        let wrapped = self.wrap((Use::CustodyKey, place), &bytes, randomness)?;
        Ok((CustodyKey(bytes), wrapped))
    }

    /// The key of custody, unwrapped by the master key that the bytes name.
    ///
    /// # Errors
    /// Where that key is not at hand, or the bytes were altered or are of another use.
    pub fn custody_key(
        &self,
        wrapped: &WrappedKey,
        place: &str,
    ) -> Result<CustodyKey, ProtectionError> {
        let plain = self.unwrapped((Use::CustodyKey, place), wrapped)?;
        let bytes: &[u8; KEY] =
            plain
                .as_slice()
                .try_into()
                .map_err(|_| ProtectionError::Altered {
                    place: place.to_owned(),
                })?;
        Ok(CustodyKey(Zeroizing::new(*bytes)))
    }

    /// The same key of custody, wrapped by the current master key.
    ///
    /// # Errors
    /// As [`Keyring::custody_key`].
    pub fn rewrap_custody_key(
        &self,
        wrapped: &WrappedKey,
        place: &str,
        randomness: &Randomness,
    ) -> Result<WrappedKey, ProtectionError> {
        let key = self.custody_key(wrapped, place)?;
        self.wrap((Use::CustodyKey, place), &key.0, randomness)
    }
}

impl CustodyKey {
    /// Seals a secret for one place.
    ///
    /// # Errors
    /// Where there are no random bytes.
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
            (Use::Secret, place),
            plain,
            randomness,
        )?;
        Ok(Sealed(sealed))
    }

    /// Opens a secret that was sealed with this key for this place.
    ///
    /// # Errors
    /// Where it was altered, or moved there from elsewhere.
    pub fn open(
        &self,
        place: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, ProtectionError> {
        cipher::open(&self.0, (Use::Secret, place), &sealed.0)
    }
}

impl fmt::Debug for CustodyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustodyKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::{MasterKey, RecordKey};

    #[test]
    fn neither_kind_of_key_passes_for_the_other() {
        let randomness = Randomness::repeatable(4);
        let ring = Keyring::new(MasterKey::generate(&randomness).unwrap(), Vec::new());
        let (key, wrapped) = ring.new_custody_key("x", &randomness).unwrap();
        let (_, of_record) = ring.new_record_key("x", &randomness).unwrap();
        assert!(
            ring.unwrap(&wrapped, "x").is_err(),
            "a custody key is no record's"
        );
        assert!(
            ring.custody_key(&of_record, "x").is_err(),
            "nor the other way"
        );
        let sealed = key.seal("y", b"a log-in", &randomness).unwrap();
        let same_bytes = RecordKey::from_slice(key.0.as_slice()).unwrap();
        assert!(
            same_bytes.open("y", &sealed).is_err(),
            "not even with the same bytes"
        );
        ring.add(MasterKey::generate(&randomness).unwrap());
        let again = ring.rewrap_custody_key(&wrapped, "x", &randomness).unwrap();
        assert_eq!(again.master_key(), ring.current());
        let again = ring.custody_key(&again, "x").unwrap();
        assert_eq!(again.open("y", &sealed).unwrap().as_slice(), b"a log-in");
        assert!(again.open("z", &sealed).is_err());
    }
}
