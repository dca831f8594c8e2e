//! Protection at rest: what is sensitive is sealed with a key of its record, and that key is wrapped by the
//! installation's master key, which is never in the store.
//!
//! - [`MasterKeySource`] says where the master keys come from; [`Keyring`] holds them: one that writes, and older ones
//!   that still read, so that a new key can be taken up while the program runs.
//! - [`Keyring::new_record_key`] gives a [`RecordKey`] and its [`WrappedKey`]; the wrapped one stands in the store.
//!   Dropping the wrapped key makes everything that its record key sealed unreadable for good.
//! - [`RecordKey::seal`] and [`RecordKey::open`] take a [`place`]: sealed bytes moved to another column or another
//!   record do not open.
//! - [`CustodyKey`] seals what people sign in to official accounts with: no record's key opens it.
//! - [`SealingWriter`] and [`OpeningReader`] do the same for content that is never whole in memory.
//! - [`owner_only`] and [`make_folder`] make files and folders that no other account of the machine can read.
//! - [`RootKey`] is made once for an installation and kept wrapped in the store. It recognises a lost or wrong master
//!   key at the start, before anything is written, and hashes and derived keys come from it, so that they stay the
//!   same when the master key changes.

mod cipher;
mod custody;
mod key_file;
mod keyring;
mod master_key;
mod owner_only;
mod root_key;
mod sealing;
mod source;
mod stream;

pub use custody::CustodyKey;
pub use key_file::{add_to_key_file, create_key_file};
pub use keyring::{Keyring, WrappedKey};
pub use master_key::{KeyId, MasterKey, NotAMasterKey};
pub use owner_only::{
    claim_folder, first_open_to_others, is_open_to_others, make_folder, open_to, owner_only,
};
pub use root_key::RootKey;
pub use sealing::{RecordKey, Sealed, place};
pub use source::{MasterKeySource, SourceError};
pub use stream::{OpeningReader, PieceSealer, SealingWriter};

use crate::randomness::NoRandomness;

/// Why something could not be sealed, opened, wrapped or unwrapped.
#[derive(Debug, thiserror::Error)]
pub enum ProtectionError {
    /// The key that the bytes name is not on the keyring.
    #[error(
        "this was protected with master key {id}, and the keys at hand are {known}. \
         Put that key back beside the new one; until then nothing protected with it can be read, and nothing is changed"
    )]
    UnknownMasterKey {
        /// The key that is missing.
        id: KeyId,
        /// The keys at hand, the current one first.
        known: String,
    },
    /// The bytes were altered, cut, moved from another place, or sealed with another key.
    #[error("what is kept at {place} does not open: it was altered, or moved there from elsewhere")]
    Altered {
        /// Where the bytes stand.
        place: String,
    },
    /// Bytes that no version of this program wrote, or only a newer one.
    #[error("what is kept at {place} is not in a form that this version can read")]
    UnknownForm {
        /// Where the bytes stand.
        place: String,
    },
    /// What was opened as text is not text.
    #[error("what is kept at {place} is not text")]
    NotText {
        /// Where the bytes stand.
        place: String,
    },
    /// More bytes than one seal may hold (256 GiB).
    #[error("what belongs at {place} is too large to seal in one piece")]
    TooLarge {
        /// Where the bytes were to stand.
        place: String,
    },
    /// No random bytes, so nothing may be sealed.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
