use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Hash;

/// Sets the commitments of a ledger apart from every other use of HMAC, and this way of making them from later ones.
const LABEL: &[u8] = b"probity ledger event 1\n";

/// The block of SHA-256, to which HMAC pads its key with zeros (RFC 2104).
const BLOCK: usize = 64;

/// The 32 random bytes that hide one event's content. Kept beside the content and erased with it; never used twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// A salt of bytes from a source of randomness fit for keys.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The bytes, to be stored beside the content.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// The leaf of the event with this number (from 0) in its log: the RFC 6962 leaf hash of a commitment to number and content.
///
/// The commitment is HMAC-SHA256 with the salt as key, over a label, the number (8 bytes, big-endian) and the content. It *hides*:
/// without the salt it is the output of a pseudo-random function under an unknown key, so once content and salt are erased not even a
/// guess of the content can be tested. It *binds*: a salt is 32 bytes always and number and label have fixed lengths, so a second
/// opening would be a collision of SHA-256. The number is in it so that an event cannot be moved to another place with its leaf.
#[must_use]
pub fn leaf(number: u64, salt: &Salt, content: &[u8]) -> Hash {
    let mut key = [0; BLOCK];
    for (padded, byte) in key.iter_mut().zip(salt.0) {
        *padded = byte;
    }
    let mut commitment = Hmac::<Sha256>::new(&key.into());
    commitment.update(LABEL);
    commitment.update(&number.to_be_bytes());
    commitment.update(content);
    Hash::of_leaf(&commitment.finalize().into_bytes())
}
