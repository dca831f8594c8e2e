//! What differs between the engines, each with its reason. Everything else is one SQL text.

use sqlx::error::ErrorKind;
use sqlx::sqlite::SqliteError;

use super::StoreError;

/// SQLite takes the write lock when a transaction begins, not at its first change: a transaction
/// that has read before it writes could otherwise fail in the middle with "busy".
pub(super) const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";

/// Whether a table is there: each engine has its own catalogue.
pub(super) const SQLITE_HAS_TABLE: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1";
pub(super) const POSTGRES_HAS_TABLE: &str = "SELECT tablename AS name FROM pg_catalog.pg_tables \
     WHERE schemaname = current_schema() AND tablename = $1";

/// SQLite's primary result codes (the lower eight bits of an extended code).
const SQLITE_BUSY: i32 = 5;
const SQLITE_READONLY: i32 = 8;
const SQLITE_IOERR: i32 = 10;
const SQLITE_FULL: i32 = 13;
const SQLITE_CANTOPEN: i32 = 14;

/// What an error of either engine means.
pub(super) fn read_error(error: sqlx::Error) -> StoreError {
    let database = match &error {
        sqlx::Error::Database(database) => database,
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => return StoreError::Unreachable(error),
        _ => return StoreError::Database(error),
    };
    match database.kind() {
        // SQLite names the columns, PostgreSQL the index.
        ErrorKind::UniqueViolation => {
            return StoreError::Taken(
                database
                    .constraint()
                    .unwrap_or_else(|| database.message())
                    .to_owned(),
            );
        }
        ErrorKind::ForeignKeyViolation => return StoreError::Dangling,
        _ => {}
    }
    let code = database.code().unwrap_or_default().into_owned();
    if database.try_downcast_ref::<SqliteError>().is_some() {
        return match code.parse::<i32>().unwrap_or(0) & 0xff {
            SQLITE_FULL => StoreError::Full,
            SQLITE_READONLY => StoreError::ReadOnly,
            SQLITE_BUSY | SQLITE_CANTOPEN | SQLITE_IOERR => StoreError::Unreachable(error),
            _ => StoreError::Database(error),
        };
    }
    match code.as_str() {
        // disk_full; read_only_sql_transaction; connection exceptions, shutdown and start-up.
        "53100" => StoreError::Full,
        "25006" => StoreError::ReadOnly,
        "53300" | "57P01" | "57P02" | "57P03" => StoreError::Unreachable(error),
        code if code.starts_with("08") => StoreError::Unreachable(error),
        _ => StoreError::Database(error),
    }
}
