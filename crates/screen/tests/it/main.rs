//! Screening, through its door.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod clauses;
mod drafts;
mod forms;
mod hostile;
mod judge;
mod labelled;
mod lists;
mod names;
mod properties;
mod roll;
mod school;
