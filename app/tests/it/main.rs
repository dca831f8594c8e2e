//! Integration tests: the whole application, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asking;
mod authority;
mod cli;
mod full_disk;
mod guards;
mod kill;
mod mailbox;
mod process;
mod reference;
mod refused;
mod server;
mod setup;
mod site;
mod two_nodes;
mod users;
