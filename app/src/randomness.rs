//! Randomness, passed in like the clock: secrets, salts and identifiers come from here alone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fills bytes nobody can foresee.
#[derive(Clone)]
pub struct Randomness(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) -> Result<(), NoRandomness> + Send + Sync;

/// The operating system gave no randomness; nothing that needs a secret may go on.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

impl Randomness {
    /// The operating system's source.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(|bytes| {
            getrandom::fill(bytes).map_err(|_| NoRandomness)
        }))
    }

    /// The same bytes in every run (SplitMix64): for tests, never for a secret.
    #[must_use]
    pub fn repeatable(seed: u64) -> Self {
        let state = AtomicU64::new(seed);
        Self(Arc::new(move |bytes| {
            for chunk in bytes.chunks_mut(8) {
                let step = 0x9E37_79B9_7F4A_7C15;
                let mut z = state.fetch_add(step, Ordering::SeqCst).wrapping_add(step);
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                z ^= z >> 31;
                for (byte, random) in chunk.iter_mut().zip(z.to_le_bytes()) {
                    *byte = random;
                }
            }
            Ok(())
        }))
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes)?;
        Ok(bytes)
    }

    /// Fills a slice.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        (self.0)(bytes)
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness")
    }
}

#[cfg(test)]
mod tests {
    use super::Randomness;

    #[test]
    fn the_system_never_says_the_same_twice_and_the_repeatable_source_always_does() {
        let system = Randomness::system();
        assert_ne!(system.bytes::<16>().unwrap(), system.bytes::<16>().unwrap());
        let first = Randomness::repeatable(7).bytes::<20>().unwrap();
        assert_eq!(first, Randomness::repeatable(7).bytes::<20>().unwrap());
        assert_ne!(first, Randomness::repeatable(8).bytes::<20>().unwrap());
    }
}
