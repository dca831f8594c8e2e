//! Integration tests of the policy engine, in one binary.

mod acceptance;
mod real;
