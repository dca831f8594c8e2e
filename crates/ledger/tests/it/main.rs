//! Integration tests of the ledger, in one binary: known answers of RFC 6962 and signed-note, and random logs with random faults.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod audit;
mod checkpoint;
mod epochs;
mod frontier;
mod log;
