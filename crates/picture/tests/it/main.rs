//! The crate from outside.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod cleaned;
mod found;
mod hidden;
mod made;
mod refused;
mod sized;
