//! The store: SQLite or PostgreSQL behind one door, one SQL text for both. It knows no feature.
//!
//! Everything is read through a [`Reader`] and changed through a [`Tx`], each bound to one trust:
//! `$1` of every statement is that trust, filled in here, so that no query can forget it. The few
//! tables of the whole installation are read through [`Store::installation`].
//!
//! A change that a person or the program makes to a record is committed with [`Tx::commit`], which
//! refuses where nothing was entered in the ledger. What is no such change (a session's last use,
//! a job's claim) is committed with [`Tx::commit_unrecorded`].

mod bulk;
mod db;
mod dialect;
mod dump;
mod ids;
mod migrations;
mod open;
mod record_key;
mod root_key;
#[cfg(test)]
mod schema_tests;
mod snapshot;
#[cfg(test)]
mod sql_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod value;

pub use db::{DatabaseUrl, Engine, Store};
pub use dump::{ColumnKind, Dump, Load, Shape};
pub use ids::{
    DelegationId, HeldRoleId, Id, NotAnId, PersonId, RecordId, SchoolId, SessionId, TrustId,
};
pub(crate) use ids::{ids, is_id};
pub(crate) use record_key::unwrapped;
pub use record_key::{KeyError, record_key};
pub(crate) use root_key::ROOT_KEY;
pub use snapshot::Snapshot;
pub use tx::{Query, Reader, Tx};
pub(crate) use value::column;
pub use value::{Column, Row, Value};

use crate::protection::ProtectionError;
use crate::randomness::NoRandomness;

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is not one.
    #[error(
        "'{0}' is no database: give sqlite:FILE or postgres://USER@HOST/NAME in PROBITY_DATABASE_URL"
    )]
    Address(String),
    /// The folder or file of the database cannot be used.
    #[error(
        "cannot use {path}: {source}. Check that the folder exists, has room, and that Probity may write there"
    )]
    Folder {
        /// The folder or file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A newer program has changed this database.
    #[error(
        "this database was made by a newer Probity (its schema has step {found}, this program knows steps up to {known}). Start the newer program, or restore a backup made by this one"
    )]
    Newer {
        /// The newest step found.
        found: i64,
        /// The newest step known.
        known: i64,
    },
    /// There is no database yet, or an empty one.
    #[error("there is no installation in this database yet. 'probity serve' makes one")]
    NotMade,
    /// A step of the schema was changed after it had been applied.
    #[error("the database's schema does not fit this program: {0}")]
    Migration(sqlx::migrate::MigrateError),
    /// Another record has the same key: the name of the index or of its columns.
    #[error("there is already such a record ({0})")]
    Taken(String),
    /// A record that this one names does not exist, or is still needed by others.
    #[error("a record that is named does not exist, or is still in use")]
    Dangling,
    /// Somebody else changed the record in the meantime.
    #[error("the record was changed by somebody else in the meantime")]
    Changed,
    /// The disk is full.
    #[error("the disk of the database is full; free some room, nothing was lost")]
    Full,
    /// The database may not be written to.
    #[error("the database cannot be written to; check the permissions of its file and folder")]
    ReadOnly,
    /// The database does not answer or has no time.
    #[error("the database does not answer: {0}")]
    Unreachable(sqlx::Error),
    /// A column holds something that this program did not write.
    #[error("the column {column} holds a value that cannot be read")]
    Unreadable {
        /// The column.
        column: String,
    },
    /// A change to a record would have left no trace in the ledger: a fault of the program.
    #[error("a change was not entered in the ledger, so it was not made")]
    Unrecorded,
    /// The master key is not the one with which this database was written.
    #[error("the master key does not fit this database: {0}")]
    MasterKey(ProtectionError),
    /// No random bytes for an id or a key.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// Anything else the database says.
    #[error("the database refused: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        dialect::read_error(error)
    }
}
