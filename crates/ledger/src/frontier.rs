use crate::Hash;

const HASH: usize = 32;
const SIZE: usize = 8;

/// The right edge of the Merkle tree of RFC 6962: the root of each full subtree, largest first, one for each bit that is set in the size.
///
/// It is all that appending needs. A store keeps [`Frontier::to_bytes`] (8 + 32 bytes for each bit, 232 bytes for a log of 127 leaves,
/// at most 2 KB) and writes it again in the transaction that adds a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Bytes are not a frontier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// There are too few bytes even for the size.
    #[error("the log's frontier is cut short: {0} bytes, where 8 and more are expected")]
    Short(usize),
    /// The number of hashes does not fit the size.
    #[error(
        "the log's frontier has {found} bytes of hashes, where a log of {size} leaves has {expected}"
    )]
    Length {
        /// The size that the bytes state.
        size: u64,
        /// Bytes after the size.
        found: usize,
        /// Bytes that a log of this size has there.
        expected: usize,
    },
    /// The size is beyond what a database's signed 64-bit column holds.
    #[error("the log's frontier states {0} leaves, which no log has")]
    Size(u64),
}

impl Frontier {
    /// The frontier of a log without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the log has, which is the number of the next one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf: one hash on average, one for each level of the tree at most.
    pub fn append(&mut self, leaf: Hash) {
        let mut peak = leaf;
        // Each trailing bit is a full subtree that this leaf completes to one of twice its size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                peak = Hash::of_node(left, peak);
            }
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    /// Adds leaves in their order.
    pub fn append_many(&mut self, leaves: impl IntoIterator<Item = Hash>) {
        for leaf in leaves {
            self.append(leaf);
        }
    }

    /// The root of the log: the Merkle tree hash of RFC 6962, section 2.1.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| Hash::of_node(left, right))
            .unwrap_or(Hash::EMPTY)
    }

    /// The size (8 bytes, big-endian), then the hashes, largest subtree first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE + HASH * self.peaks.len());
        bytes.extend(self.size.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend(peak.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a frontier. Altered hashes are found by an [`crate::Audit`] only.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes
            .split_first_chunk::<SIZE>()
            .ok_or(FrontierError::Short(bytes.len()))?;
        let size = u64::from_be_bytes(*size);
        if i64::try_from(size).is_err() {
            return Err(FrontierError::Size(size));
        }
        let (peaks, rest) = hashes.as_chunks::<HASH>();
        if !rest.is_empty() || u32::try_from(peaks.len()) != Ok(size.count_ones()) {
            return Err(FrontierError::Length {
                size,
                found: hashes.len(),
                expected: HASH * size.count_ones() as usize,
            });
        }
        let peaks = peaks.iter().copied().map(Hash).collect();
        Ok(Self { size, peaks })
    }
}
