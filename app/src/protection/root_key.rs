//! The key of an installation from which keyed hashes and derived keys come.

use std::fmt;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::ProtectionError;
use super::cipher::KEY;
use super::keyring::{Keyring, WrappedKey};
use super::sealing::RecordKey;
use crate::randomness::Randomness;

/// Where the wrapped root key stands.
const PLACE: &str = "installation.root_key";

/// Made once, at set-up, and kept in the store wrapped like any record's key.
///
/// It does not change when the master key does: hashes stay findable and people stay signed in. Opening it at the start
/// is the check that the master key is the right one.
#[derive(Clone)]
pub struct RootKey(Arc<RecordKey>);

impl RootKey {
    /// A new root key, and what to keep of it in the store.
    pub fn create(
        keyring: &Keyring,
        randomness: &Randomness,
    ) -> Result<(Self, WrappedKey), ProtectionError> {
        let (key, wrapped) = keyring.new_record_key(PLACE, randomness)?;
        Ok((Self(Arc::new(key)), wrapped))
    }

    /// Opens the root key at the start.
    ///
    /// # Errors
    /// [`ProtectionError::UnknownMasterKey`] when the store was written with a master key that is not at hand: nothing
    /// may be written then.
    pub fn open(keyring: &Keyring, wrapped: &WrappedKey) -> Result<Self, ProtectionError> {
        keyring
            .unwrap(wrapped, PLACE)
            .map(|key| Self(Arc::new(key)))
    }

    /// The same key, wrapped by the current master key.
    pub fn rewrap(
        keyring: &Keyring,
        wrapped: &WrappedKey,
        randomness: &Randomness,
    ) -> Result<WrappedKey, ProtectionError> {
        keyring.rewrap(wrapped, PLACE, randomness)
    }

    /// A key for one purpose (`session-cookie`), of which no other purpose's key can be learnt.
    #[must_use]
    pub fn subkey(&self, purpose: &str) -> Zeroizing<[u8; KEY]> {
        let mut key = Zeroizing::new([0; KEY]);
        key.copy_from_slice(&authenticate(
            self.0.bytes(),
            &[b"probity/subkey/1\0", purpose.as_bytes()],
        ));
        key
    }

    /// Finds a record by a text that is not itself kept (64 hexadecimal digits). Name the trust in the purpose
    /// (`case-subject/<trust>`), so that the same person has different hashes in different trusts.
    #[must_use]
    pub fn keyed_hash(&self, purpose: &str, text: &str) -> String {
        let key = authenticate(
            self.0.bytes(),
            &[b"probity/keyed-hash/1\0", purpose.as_bytes()],
        );
        HEXLOWER.encode(&authenticate(&key, &[text.as_bytes()]))
    }
}

/// HMAC-SHA256 of the parts, one after the other.
fn authenticate(key: &[u8; KEY], parts: &[&[u8]]) -> [u8; KEY] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block(key).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The key, filled up to HMAC's block with zeros, as HMAC itself would (RFC 2104): taken whole, no length can be wrong.
fn block(key: &[u8; KEY]) -> [u8; 64] {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::MasterKey;

    fn ring(seed: u64) -> Keyring {
        Keyring::new(
            MasterKey::generate(&Randomness::repeatable(seed)).unwrap(),
            Vec::new(),
        )
    }

    #[test]
    fn hashes_and_derived_keys_stay_the_same_when_the_master_key_changes() {
        let randomness = Randomness::repeatable(3);
        let old = MasterKey::generate(&randomness).unwrap();
        let ring = Keyring::new(old, Vec::new());
        let (root, wrapped) = RootKey::create(&ring, &randomness).unwrap();
        let hash = root.keyed_hash("case-subject/t1", "person-7");
        assert_eq!(hash.len(), 64);
        ring.add(MasterKey::generate(&randomness).unwrap());
        let rewrapped = RootKey::rewrap(&ring, &wrapped, &randomness).unwrap();
        assert_eq!(rewrapped.master_key(), ring.current());
        let again = RootKey::open(&ring, &rewrapped).unwrap();
        assert_eq!(again.keyed_hash("case-subject/t1", "person-7"), hash);
        assert_eq!(again.subkey("cookie"), root.subkey("cookie"));
    }

    #[test]
    fn another_purpose_text_or_installation_gives_another_hash() {
        let randomness = Randomness::repeatable(3);
        let ring = ring(1);
        let (one, _) = RootKey::create(&ring, &randomness).unwrap();
        let (two, _) = RootKey::create(&ring, &randomness).unwrap();
        let hashes = [
            one.keyed_hash("a", "bc"),
            one.keyed_hash("ab", "c"),
            one.keyed_hash("a", "b"),
            two.keyed_hash("a", "bc"),
            HEXLOWER.encode(one.subkey("a").as_slice()),
            HEXLOWER.encode(one.subkey("ab").as_slice()),
        ];
        let different: std::collections::HashSet<_> = hashes.iter().collect();
        assert_eq!(different.len(), hashes.len());
    }

    #[test]
    fn a_wrong_master_key_is_recognised_at_the_start() {
        let (_, wrapped) = RootKey::create(&ring(1), &Randomness::repeatable(3)).unwrap();
        let refused = RootKey::open(&ring(2), &wrapped).unwrap_err();
        assert!(
            matches!(refused, ProtectionError::UnknownMasterKey { id, .. } if id == ring(1).current())
        );
        let said = refused.to_string();
        assert!(
            said.contains(&ring(1).current().to_string())
                && said.contains(&ring(2).current().to_string())
        );
    }

    #[test]
    fn the_hash_is_hmac_sha256() {
        // RFC 4231, test case 1 has a key of 20 bytes; filled up with zeros it is the same key.
        let mut key = [0; KEY];
        key[..20].fill(0x0b);
        assert_eq!(
            HEXLOWER.encode(&authenticate(&key, &[b"Hi ", b"There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }
}
