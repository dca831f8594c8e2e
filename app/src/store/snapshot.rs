//! Reading a trust as it is at one moment, however long the reading takes.

use sqlx::{Postgres, Sqlite, Transaction};

use super::db::{Db, Store};
use super::tx::{Query, Scope};
use super::value::{self, Row, Value};
use super::{StoreError, TrustId, dialect};

/// A read transaction: every statement sees what was committed when the first one began, and nobody
/// waits for it. It ends when it is dropped.
#[derive(Debug)]
pub struct Snapshot {
    open: Open,
    scope: Scope,
}

#[derive(Debug)]
enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Reads within one trust, as it is now: `$1` of every statement is this trust.
    pub async fn snapshot(&self, trust: &TrustId) -> Result<Snapshot, StoreError> {
        let open = match self.db() {
            Db::Sqlite { read, .. } => {
                Open::Sqlite(read.begin_with(dialect::SQLITE_SNAPSHOT).await?)
            }
            Db::Postgres(pool) => {
                Open::Postgres(pool.begin_with(dialect::POSTGRES_SNAPSHOT).await?)
            }
        };
        let scope = Scope::Trust(trust.clone());
        Ok(Snapshot { open, scope })
    }
}

impl Query for Snapshot {
    async fn all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let values = self.scope.values(values);
        match &mut self.open {
            Open::Sqlite(tx) => {
                let query = sqlx::query_with(sql, value::sqlite(values)?);
                let rows = query.fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Open::Postgres(tx) => {
                let query = sqlx::query_with(sql, value::postgres(values)?);
                let rows = query.fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}
