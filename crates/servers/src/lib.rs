//! Real servers that tests are run against: a PostgreSQL, a mail server, an OpenID provider, and what posts are published
//! on. Each is on this machine alone and gone with whoever started it, however that one ends.
//!
//! Where a server's programs are missing, a test calls [`not_run`] and returns: `cargo xtask test` counts those.

mod node;
mod postgres;
mod programs;

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

pub use node::NodeServer;
pub use postgres::{Durability, Postgres};
pub use programs::Programs;

/// Names the address of the PostgreSQL that store tests share.
pub const POSTGRES: &str = "PROBITY_TEST_POSTGRES";

/// Names the folder of `mail.js` and `openid.js`, if it is not the project's own.
pub const SERVERS: &str = "PROBITY_TEST_SERVERS";

/// Names the folder of `bluesky.js` and `mastodon.js`, if it is not the project's own.
pub const PEERS: &str = "PROBITY_TEST_PEERS";

/// Names the file in which tests that could not be run are listed.
pub const NOT_RUN: &str = "PROBITY_TEST_NOT_RUN";

/// Why a server could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine lacks something; the text says what, and how it is got.
    #[error("{0}")]
    Missing(String),
    /// A file, a folder or a process made trouble.
    #[error("{what}: {why}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system answered.
        why: io::Error,
    },
    /// A server did not start, or ended.
    #[error("{what}. It said last:\n{log}")]
    Ended {
        /// Which, and when.
        what: String,
        /// Its last lines.
        log: String,
    },
}

impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |why| Self::Io { what, why }
    }
}

/// The folder that holds the servers' scripts and npm packages.
#[must_use]
pub fn folder() -> PathBuf {
    named(SERVERS, "e2e/servers")
}

/// The folder that holds the large servers: their scripts, npm packages and Python programs.
#[must_use]
pub fn peers() -> PathBuf {
    named(PEERS, "e2e/peers")
}

fn named(variable: &str, usual: &str) -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    env::var_os(variable).map_or_else(
        || project.unwrap_or(Path::new("")).join(usual),
        PathBuf::from,
    )
}

/// Says, past the test runner's capture, that the calling test was not run and why, and lists it in the file that
/// [`NOT_RUN`] names.
pub fn not_run(why: impl std::fmt::Display) {
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("{test}: {why}\n");
    let listed = env::var_os(NOT_RUN).map(|file| {
        let file = OpenOptions::new().append(true).create(true).open(file);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
    });
    if !matches!(listed, Some(Ok(()))) {
        // Nothing is left to tell when this fails as well.
        let _ = io::stderr().write_all(format!("NOT RUN: {line}").as_bytes());
    }
}
