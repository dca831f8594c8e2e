//! A master key: 32 random bytes that wrap the keys of records.

use std::fmt;

use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::cipher::KEY;
use crate::randomness::{NoRandomness, Randomness};

/// How many different bytes a key has at least; a random one has fewer about once in 10^19 keys.
const DIFFERENT_BYTES: usize = 16;

/// A master key. Wiped from memory when dropped; neither shown nor compared, only named by its [`KeyId`].
pub struct MasterKey {
    bytes: Zeroizing<[u8; KEY]>,
    id: KeyId,
}

/// Names a master key without telling it: the first 8 bytes of a hash of it, shown as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(super) [u8; 8]);

/// Why a text is not a master key. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMasterKey {
    /// Not 32 bytes as hexadecimal digits or base64.
    #[error(
        "a master key is 32 random bytes, written as 64 hexadecimal digits or as base64 \
         (`openssl rand -hex 32` makes one); this is something else"
    )]
    Form,
    /// Too few different bytes to be random.
    #[error("this master key is not random; make one with `openssl rand -hex 32`")]
    NotRandom,
}

impl MasterKey {
    /// A new random key.
    pub fn generate(randomness: &Randomness) -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; KEY]);
        randomness.fill(bytes.as_mut_slice())?;
        Ok(Self::from_bytes(bytes))
    }

    /// Reads 64 hexadecimal digits or base64 (either alphabet, with or without padding).
    pub fn parse(text: &str) -> Result<Self, NotAMasterKey> {
        let encoded = text.as_bytes();
        let encodings = match encoded.len() {
            64 => &[HEXLOWER_PERMISSIVE][..],
            44 => &[BASE64, BASE64URL][..],
            43 => &[BASE64_NOPAD, BASE64URL_NOPAD][..],
            _ => &[][..],
        };
        let mut bytes = Zeroizing::new([0; KEY]);
        let decoded = encodings
            .iter()
            .find_map(|encoding| encoding.decode(encoded).ok())
            .map(Zeroizing::new)
            .ok_or(NotAMasterKey::Form)?;
        if decoded.len() != KEY {
            return Err(NotAMasterKey::Form);
        }
        bytes.copy_from_slice(&decoded);
        let mut different = Zeroizing::new(*bytes);
        different.sort_unstable();
        if different.chunk_by(|a, b| a == b).count() < DIFFERENT_BYTES {
            return Err(NotAMasterKey::NotRandom);
        }
        Ok(Self::from_bytes(bytes))
    }

    /// The key as 64 hexadecimal digits, for the file in which an administrator keeps it.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(HEXLOWER.encode(self.bytes.as_slice()))
    }

    /// The name of this key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn bytes(&self) -> &[u8; KEY] {
        &self.bytes
    }

    fn from_bytes(bytes: Zeroizing<[u8; KEY]>) -> Self {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"probity/master-key-id/1\0")
            .chain_update(bytes.as_slice())
            .finalize()
            .into();
        let id = digest.first_chunk().copied().map_or(KeyId([0; 8]), KeyId);
        Self { bytes, id }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_hexadecimal_or_any_base64_and_keeps_its_name() {
        let key = MasterKey::generate(&Randomness::repeatable(1)).unwrap();
        let bytes = key.bytes().as_slice();
        for text in [
            key.reveal().to_string(),
            key.reveal().to_uppercase(),
            BASE64.encode(bytes),
            BASE64URL.encode(bytes),
            BASE64_NOPAD.encode(bytes),
            BASE64URL_NOPAD.encode(bytes),
        ] {
            assert_eq!(MasterKey::parse(&text).unwrap().id(), key.id(), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_being_repeated() {
        for text in [
            "",
            "correct horse battery staple",
            &"g".repeat(64),
            &"ab".repeat(31),
        ] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), NotAMasterKey::Form);
        }
        assert_eq!(
            MasterKey::parse(&"00".repeat(32)).unwrap_err(),
            NotAMasterKey::NotRandom
        );
        assert_eq!(
            MasterKey::parse(&"0123456789abcdef".repeat(4)).unwrap_err(),
            NotAMasterKey::NotRandom
        );
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = MasterKey::generate(&Randomness::repeatable(1)).unwrap();
        let printed = format!("{key:?} {:?} {}", key.id(), key.id());
        let begins = HEXLOWER.encode(&key.bytes()[..4]);
        assert!(!printed.contains(&begins), "{printed}");
        assert_eq!(printed.matches(&key.id().to_string()).count(), 3);
    }
}
