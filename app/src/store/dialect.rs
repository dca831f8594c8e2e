//! What differs between the engines, each with its reason. Everything else is one SQL text.

use sqlx::error::ErrorKind;
use sqlx::sqlite::SqliteError;

use super::StoreError;

/// SQLite takes the write lock when a transaction begins, not at its first change: a transaction
/// that has read before it writes could otherwise fail in the middle with "busy".
pub(super) const SQLITE_BEGIN: &str = "BEGIN IMMEDIATE";

/// A read that sees one moment throughout: SQLite's every read transaction does; PostgreSQL's must be
/// told to.
pub(super) const SQLITE_SNAPSHOT: &str = "BEGIN DEFERRED";
pub(super) const POSTGRES_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Whether a table is there: each engine has its own catalogue.
pub(super) const SQLITE_HAS_TABLE: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1";
pub(super) const POSTGRES_HAS_TABLE: &str = "SELECT tablename AS name FROM pg_catalog.pg_tables \
     WHERE schemaname = current_schema() AND tablename = $1";

/// Every column of every table, by table and place: each engine has its own catalogue.
pub(super) const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind \
     FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
       AND m.name <> '_sqlx_migrations' ORDER BY m.name, c.cid";
pub(super) const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text AS kind \
     FROM information_schema.columns AS c \
     JOIN pg_catalog.pg_tables AS t ON t.schemaname = c.table_schema AND t.tablename = c.table_name \
     WHERE c.table_schema = current_schema() AND c.table_name <> '_sqlx_migrations' \
     ORDER BY c.table_name, c.ordinal_position";

/// The steps that made the schema.
pub(super) const STEPS: &str =
    "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// Lets rows name others that come later in the same transaction.
pub(super) const SQLITE_DEFER: &str = "PRAGMA defer_foreign_keys = ON";
/// Keeps up to 128 MiB of changed pages at hand until the connection is given back, so that a large transaction
/// writes each of them once.
pub(super) const SQLITE_ROOM: &str = "PRAGMA cache_size = -131072";
/// The 2 MB that a connection has as a rule.
pub(super) const SQLITE_USUAL_ROOM: &str = "PRAGMA cache_size = -2000";
/// How many indexes SQLite knows nothing of. Without statistics it takes a trust for ten rows, and reads all of it where
/// an index has the very ones that are wanted. PostgreSQL keeps statistics by itself.
pub(super) const SQLITE_UNKNOWN_INDEXES: &str = "SELECT COUNT(*) FROM sqlite_master AS t, pragma_index_list(t.name) AS i \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' \
       AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 AS s WHERE s.idx = i.name)";
/// Makes the table of statistics. With a limit no samples are kept, which would hold names that were erased since.
pub(super) const SQLITE_ANALYZE: &str = "PRAGMA analysis_limit = 1; ANALYZE";
/// The same picture for every table and for ever, so that a plan does not hang on when it was looked: of a million rows
/// a trust has a tenth, the next column names 400 of them, one after that 40, then 8; a whole unique key names one.
pub(super) const SQLITE_STATISTICS: &str = "DELETE FROM sqlite_stat1; \
     INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT t.name, i.name, '1000000 ' || ( \
         SELECT group_concat(CASE \
             WHEN i.\"unique\" = 1 AND c.seqno = (SELECT MAX(l.seqno) FROM pragma_index_info(i.name) AS l) THEN 1 \
             WHEN c.seqno = 0 AND c.name = 'trust' THEN 100000 \
             WHEN c.seqno < 2 THEN 400 WHEN c.seqno = 2 THEN 40 ELSE 8 END, ' ') \
         FROM pragma_index_info(i.name) AS c) \
     FROM sqlite_master AS t, pragma_index_list(t.name) AS i \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'; \
     ANALYZE sqlite_schema";
/// Checks now what was let pass so far.
pub(super) const POSTGRES_CHECK_NOW: &str = "SET CONSTRAINTS ALL IMMEDIATE";
/// The foreign keys by table and name, quoted where they need it.
pub(super) const POSTGRES_FOREIGN_KEYS: &str = "SELECT conrelid::regclass::text AS table_name, quote_ident(conname) AS name \
     FROM pg_catalog.pg_constraint \
     WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";

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
