use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{SignatureError, Signer as _};
use signed_note::{Signer, StandardVerifier, VerifierError};

/// The type byte of Ed25519 in keys and signatures (C2SP signed-note).
const ED25519: u8 = 1;

/// The name of one log, for ever: a checkpoint's first line and its key's name (C2SP tlog-checkpoint), such as
/// `probity.example.org/trust`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// A text cannot name a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a log's name may not be empty nor hold spaces, line ends or '+'")]
pub struct OriginError;

impl Origin {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        if signed_note::is_key_name_valid(text) && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(OriginError)
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key that signs one log's checkpoints.
pub struct SigningKey {
    origin: Origin,
    id: u32,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key of a 32-byte Ed25519 seed (RFC 8032), which must come from a source of randomness fit for keys.
    #[must_use]
    pub fn from_seed(origin: Origin, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let mut public = vec![ED25519];
        public.extend(key.verifying_key().as_bytes());
        let id = signed_note::key_id(origin.as_str(), &public);
        Self { origin, id, key }
    }

    /// The log that this key signs for.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The text of the [`VerifyingKey`], to be handed to everybody who is to verify this key's checkpoints.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        signed_note::new_ed25519_verifier_key(self.origin.as_str(), &self.key.verifying_key())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}+{:08x})", self.origin, self.id)
    }
}

/// A signing key as the note crate wants it, kept from the crate's own door.
pub(crate) struct Pen<'a>(pub(crate) &'a SigningKey);

impl Signer for Pen<'_> {
    fn name(&self) -> &str {
        self.0.origin.as_str()
    }

    fn key_id(&self) -> u32 {
        self.0.id
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.key.try_sign(text)?.to_vec())
    }
}

/// The public half of a [`SigningKey`], written `name+hash+base64` (a verifier key of C2SP signed-note).
#[derive(Clone)]
pub struct VerifyingKey {
    origin: Origin,
    text: String,
    pub(crate) verifier: StandardVerifier,
}

/// A text is not a verifier key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not written `name+hash+base64`.
    #[error("this is not a verifier key: name+hash+base64 is expected")]
    Form,
    /// Its hash is not that of its name and key: a character was lost or altered.
    #[error("the verifier key is damaged: its hash does not fit its name and key")]
    Damaged,
    /// It is a key of another kind than Ed25519.
    #[error("the verifier key is of a kind that is not known here: Ed25519 is expected")]
    Kind,
    /// Its name cannot name a log.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

impl VerifyingKey {
    /// The log whose checkpoints this key verifies.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let verifier = StandardVerifier::new(text).map_err(|error| match error {
            VerifierError::Format => KeyError::Form,
            VerifierError::Alg => KeyError::Kind,
            VerifierError::Id => KeyError::Damaged,
        })?;
        let origin = signed_note::Verifier::name(&verifier).parse()?;
        let text = text.to_owned();
        Ok(Self {
            origin,
            text,
            verifier,
        })
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for VerifyingKey {}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.text)
    }
}
