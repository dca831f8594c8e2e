//! Reading and changing, each within one trust.

use std::future::Future;

use jiff::Timestamp;

use super::db::{Db, Engine, Store};
use super::open::Open;
use super::value::{self, Row, Value};
use super::{Id, StoreError, TrustId, ids};

/// What `$1` stands for.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    Trust(TrustId),
    Installation,
}

impl Scope {
    pub(super) fn values(&self, values: Vec<Value>) -> Vec<Value> {
        match self {
            Self::Installation => values,
            Self::Trust(trust) => std::iter::once(Value::from(trust)).chain(values).collect(),
        }
    }
}

/// What can be asked: of a [`Reader`], or of a [`Tx`], which sees its own changes.
pub trait Query: Send {
    /// All rows of the result.
    fn all(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// The first row, if there is one.
    fn first(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        async move { Ok(self.all(sql, values).await?.into_iter().next()) }
    }

    /// How many: the number that a `SELECT COUNT(*) AS n` gives.
    fn count(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        async move {
            match self.first(sql, values).await? {
                Some(row) => row.get("n"),
                None => Ok(0),
            }
        }
    }
}

/// Reads. Each statement sees what is committed when it begins.
#[derive(Clone, Debug)]
pub struct Reader {
    db: Db,
    scope: Scope,
}

impl Reader {
    pub(super) fn new(db: Db, scope: Scope) -> Self {
        Self { db, scope }
    }
}

impl Query for Reader {
    async fn all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let values = self.scope.values(values);
        match &self.db {
            Db::Sqlite { read, .. } => {
                let query = sqlx::query_with(sql, value::sqlite(values)?);
                let rows = query.fetch_all(read).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Db::Postgres(pool) => {
                let query = sqlx::query_with(sql, value::postgres(values)?);
                let rows = query.fetch_all(pool).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}

/// A change: all of it happens or nothing does. Dropped without a commit, it never happened.
#[derive(Debug)]
pub struct Tx {
    open: Open,
    scope: Scope,
    store: Store,
    recorded: bool,
    ring: bool,
}

impl Tx {
    pub(super) async fn begin(store: &Store, scope: Scope) -> Result<Self, StoreError> {
        Ok(Self {
            open: Open::change(store.db()).await?,
            scope,
            store: store.clone(),
            recorded: false,
            ring: false,
        })
    }

    /// Executes a statement; gives the number of rows it changed.
    pub async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let values = self.scope.values(values);
        self.open.execute(sql, values).await
    }

    /// What stands before a statement's own values: the trust.
    pub(super) fn before_values(&self) -> Vec<Value> {
        self.scope.values(Vec::new())
    }

    /// Executes a statement whose text was put together here, of parts that no request has any
    /// part in, with these values and no others.
    pub(super) async fn execute_text(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        self.open.execute(sql, values).await
    }

    /// Commits a change to records. Refuses where the ledger knows nothing of it.
    pub async fn commit(self) -> Result<(), StoreError> {
        if !self.recorded {
            return Err(StoreError::Unrecorded);
        }
        self.commit_unrecorded().await
    }

    /// Commits what the ledger need not know: the program's own bookkeeping.
    pub async fn commit_unrecorded(self) -> Result<(), StoreError> {
        self.open.commit().await?;
        if self.ring {
            self.store.bell().notify_one();
        }
        Ok(())
    }

    /// Rings the store's bell once this is committed: only the queue calls it.
    pub(crate) fn ring_after_commit(&mut self) {
        self.ring = true;
    }

    /// Binds a change of the installation's own tables to the installation's log while an event is
    /// entered there: only the ledger calls it.
    pub(crate) fn lend(&mut self, log: Option<TrustId>) {
        self.scope = log.map_or(Scope::Installation, Scope::Trust);
    }

    /// Says that the ledger has an entry: only the ledger calls it.
    pub(crate) fn mark_recorded(&mut self) {
        self.recorded = true;
    }

    /// Takes the lock on a row, which lasts until the end of the transaction, where the engine
    /// does not lock the whole database anyway: PostgreSQL's `FOR UPDATE` and SQLite's plain
    /// text of the same statement.
    pub(crate) async fn locked(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        let sql = match self.open.engine() {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        };
        self.first(sql, values).await
    }

    /// The trust of this change. Changes of the whole installation have none.
    #[must_use]
    pub fn trust(&self) -> Option<&TrustId> {
        match &self.scope {
            Scope::Trust(trust) => Some(trust),
            Scope::Installation => None,
        }
    }

    /// The store, for its clock, randomness and keys.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// This moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.store.clock().now()
    }

    /// A new identifier.
    pub fn fresh<T: Id>(&self) -> Result<T, StoreError> {
        let text = ids::fresh(self.now(), self.store.randomness())?;
        Ok(T::from_fresh(text))
    }
}

impl Query for Tx {
    async fn all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let values = self.scope.values(values);
        self.open.all(sql, values).await
    }
}
