//! The ledger: an append-only Merkle log whose content can be erased without breaking it.
//!
//! - [`leaf`] turns an event into a leaf: a salted commitment, so that the log holds no content and content with its salt can be
//!   erased, while what is kept still proves itself.
//! - [`Frontier`] is all of the log that a store needs to append: the size and at most 64 hashes.
//! - [`Checkpoint`] states size and root at a time, signed, to be kept where the store cannot reach it.
//! - [`Audit`] reads a whole log once and says what was altered, dropped, reordered, added, cut off or put back.
//!
//! Records are numbered from 0, as leaves are in RFC 6962. Everything here is pure: salts, seeds and times are passed in.

mod audit;
mod checkpoint;
mod frontier;
mod hash;
mod key;
mod leaf;

pub use audit::{Audit, Content, Finding, Held, Loss, Proved, Report};
pub use checkpoint::{Checkpoint, CheckpointError, Follows};
pub use frontier::{Frontier, FrontierError};
pub use hash::{Hash, HashError};
pub use key::{KeyError, Origin, OriginError, SigningKey, VerifyingKey};
pub use leaf::{Salt, leaf};
