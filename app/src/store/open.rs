//! A transaction that is open, on either engine: what a statement needs of its engine is said here, once.

use futures_util::TryStreamExt as _;
use sqlx::{Postgres, SqlSafeStr, Sqlite, Transaction};

use super::db::{Db, Engine};
use super::value::{self, Row, Value};
use super::{StoreError, dialect};

/// Dropped without a commit, nothing of it happened.
#[derive(Debug)]
pub(super) enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Open {
    /// Begins a change.
    pub(super) async fn change(db: &Db) -> Result<Self, StoreError> {
        Ok(match db {
            Db::Sqlite { write, .. } => {
                Self::Sqlite(write.begin_with(dialect::SQLITE_BEGIN).await?)
            }
            Db::Postgres(pool) => Self::Postgres(pool.begin().await?),
        })
    }

    /// Begins to read what is there at one moment. Nobody waits for it.
    pub(super) async fn snapshot(db: &Db) -> Result<Self, StoreError> {
        Ok(match db {
            Db::Sqlite { read, .. } => {
                Self::Sqlite(read.begin_with(dialect::SQLITE_SNAPSHOT).await?)
            }
            Db::Postgres(pool) => {
                Self::Postgres(pool.begin_with(dialect::POSTGRES_SNAPSHOT).await?)
            }
        })
    }

    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Executes a statement; gives the number of rows it changed.
    pub(super) async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_with(sql, value::sqlite(values)?);
                query.execute(&mut **tx).await?.rows_affected()
            }
            Self::Postgres(tx) => {
                let query = sqlx::query_with(sql, value::postgres(values)?);
                query.execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// All rows of the result.
    pub(super) async fn all(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_with(sql, value::sqlite(values)?);
                let rows = query.fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                let query = sqlx::query_with(sql, value::postgres(values)?);
                let rows = query.fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Gives each row of the result, one after the other, never all at once.
    pub(super) async fn each<E: From<StoreError>>(
        &mut self,
        sql: impl SqlSafeStr,
        mut each: impl FnMut(Row) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        match self {
            Self::Sqlite(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    each(Row::Sqlite(row))?;
                }
            }
            Self::Postgres(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    each(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
