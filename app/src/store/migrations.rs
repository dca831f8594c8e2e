//! The steps of the schema, in order. They run at start, forward only, under a lock: PostgreSQL's
//! advisory lock, or for SQLite the lock on the database's own lock file.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::StoreError;
use super::db::Db;

/// Every step: its number, its name, its SQL; the files of `migrations/`. A step that has been
/// released is never changed.
const STEPS: &[(i64, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The newest step that this program knows.
pub(super) fn newest() -> i64 {
    STEPS.iter().map(|step| step.0).max().unwrap_or(0)
}

/// Brings the schema up to date.
pub(super) async fn run(db: &Db) -> Result<(), StoreError> {
    let steps = STEPS.iter().map(|&(number, name, sql)| {
        let (name, kind) = (Cow::Borrowed(name), MigrationType::Simple);
        Migration::new(number, name, kind, sql.into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(steps.collect());
    let done = match db {
        Db::Sqlite { write, .. } => migrator.run(write).await,
        Db::Postgres(pool) => migrator.run(pool).await,
    };
    done.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > newest() => StoreError::Newer {
            found,
            known: newest(),
        },
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other),
    })
}
