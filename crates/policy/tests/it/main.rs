//! Integration tests of the policy engine, in one binary: the real policies, and random small ones against an
//! interpreter written straight from the reference.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod acceptance;
mod ask;
mod brute;
mod compare;
mod coverage;
mod decide;
mod explain;
mod language;
mod lint;
mod mutation;
mod naive;
mod platforms;
mod possible;
mod quiz;
mod random;
mod real;
mod stated;
