//! Integration tests of registers, in one binary: the real ones, made ones, and random lives.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod answers;
mod faults;
mod kinds;
mod made;
mod misused;
mod real;
mod walk;
