//! Secrets that are handed out once and never kept: 32 random bytes, known again by their hash.

use data_encoding::BASE64URL_NOPAD as BASE64;
use sha2::{Digest as _, Sha256};

use crate::randomness::{NoRandomness, Randomness};
use crate::store::{Id, TrustId};

/// A new secret.
pub(crate) fn secret(randomness: &Randomness) -> Result<String, NoRandomness> {
    Ok(BASE64.encode(&randomness.bytes::<32>()?))
}

/// The hash under which a secret is kept. A plain hash does: nobody guesses 32 random bytes, and
/// whoever compares the hash learns nothing from how long that takes.
pub(crate) fn secret_hash(secret: &str) -> String {
    BASE64.encode(&Sha256::digest(secret.as_bytes()))
}

/// What somebody outside holds: `trust.id.secret`.
#[derive(Debug)]
pub(crate) struct Token<I> {
    pub(crate) id: I,
    pub(crate) hash: String,
}

impl<I: Id + std::str::FromStr> Token<I> {
    /// Reads a token of this trust; nothing where it is not one.
    pub(crate) fn read(text: &str, trust: &TrustId) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (of_trust, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        (of_trust == trust.as_str()).then_some(())?;
        Some(Self {
            id: id.parse().ok()?,
            hash: secret_hash(secret),
        })
    }
}

/// The text of a token.
pub(crate) fn token(trust: &TrustId, id: &impl std::fmt::Display, secret: &str) -> String {
    format!("{trust}.{id}.{secret}")
}
