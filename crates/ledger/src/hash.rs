use std::fmt;
use std::str::FromStr;

use tlog_tiles::tlog;

/// A SHA-256 hash: a leaf, a node or a root of the Merkle tree of RFC 6962, section 2.1.
///
/// Shown and read in base64, as a checkpoint shows it; `{:x}` shows it in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

/// A text is not a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a hash: 32 bytes in base64 are expected")]
pub struct HashError;

impl Hash {
    /// The root of a log without leaves: SHA-256 of nothing.
    pub const EMPTY: Self = Self(tlog::EMPTY_HASH.0);

    /// The leaf hash of some data: SHA-256 of 0x00 and the data.
    #[must_use]
    pub fn of_leaf(data: &[u8]) -> Self {
        Self(tlog::record_hash(data).0)
    }

    /// The hash of a node: SHA-256 of 0x01, the left child and the right child.
    #[must_use]
    pub fn of_node(left: Self, right: Self) -> Self {
        Self(tlog::node_hash(tlog::Hash(left.0), tlog::Hash(right.0)).0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tlog::Hash(self.0).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::LowerHex for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        tlog::Hash::parse_hash(text)
            .map(|hash| Self(hash.0))
            .map_err(|_| HashError)
    }
}
