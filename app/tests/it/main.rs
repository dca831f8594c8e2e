//! Integration tests: the whole application, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asking;
mod authority;
mod cli;
mod guards;
mod reference;
mod server;
mod site;
