//! The one place where bytes are sealed: XChaCha20-Poly1305 with a nonce drawn at random.
//!
//! A sealed message is `version (1) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`. The associated data are the use (record key
//! or content), so that one kind never passes for the other, and the place where the bytes stand.

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::ProtectionError;
use crate::randomness::Randomness;

/// The length of every key, in bytes.
pub(super) const KEY: usize = 32;
const NONCE: usize = 24;
const TAG: usize = 16;
/// How much longer bytes are sealed than plain.
pub(super) const OVERHEAD: usize = 1 + NONCE + TAG;
const VERSION: u8 = 1;

/// What the bytes are for.
#[derive(Clone, Copy)]
pub(super) enum Use {
    RecordKey,
    Content,
    CustodyKey,
    Secret,
}

impl Use {
    fn associated_data(self, place: &str) -> Vec<u8> {
        let name = match self {
            Self::RecordKey => "probity/record-key/1\0",
            Self::Content => "probity/content/1\0",
            Self::CustodyKey => "probity/custody-key/1\0",
            Self::Secret => "probity/secret/1\0",
        };
        [name.as_bytes(), place.as_bytes()].concat()
    }
}

/// Appends `version ‖ nonce ‖ ciphertext ‖ tag` to `out`.
pub(super) fn seal_onto(
    out: &mut Vec<u8>,
    key: &[u8; KEY],
    (usage, place): (Use, &str),
    plain: &[u8],
    randomness: &Randomness,
) -> Result<(), ProtectionError> {
    let nonce = randomness.bytes::<NONCE>()?;
    out.reserve(1 + NONCE + plain.len() + TAG);
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    let body = out.len();
    out.extend_from_slice(plain);
    let too_large = || ProtectionError::TooLarge {
        place: place.to_owned(),
    };
    let tag = XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(
            &XNonce::from(nonce),
            &usage.associated_data(place),
            out.get_mut(body..).unwrap_or_default().into(),
        )
        .map_err(|_| too_large())?;
    out.extend_from_slice(&tag);
    Ok(())
}

/// Opens what [`seal_onto`] wrote.
pub(super) fn open(
    key: &[u8; KEY],
    (usage, place): (Use, &str),
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, ProtectionError> {
    let unknown_form = || ProtectionError::UnknownForm {
        place: place.to_owned(),
    };
    let altered = || ProtectionError::Altered {
        place: place.to_owned(),
    };
    let (version, rest) = sealed.split_first().ok_or_else(unknown_form)?;
    if *version != VERSION {
        return Err(unknown_form());
    }
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(altered)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(altered)?;
    let mut plain = Zeroizing::new(body.to_vec());
    XChaCha20Poly1305::new(key.into())
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            &usage.associated_data(place),
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| altered())?;
    Ok(plain)
}
