//! Reading a trust as it is at one moment, however long the reading takes.

use super::db::Store;
use super::open::Open;
use super::tx::{Query, Scope};
use super::value::{Row, Value};
use super::{StoreError, TrustId};

/// A read transaction: every statement sees what was committed when the first one began, and nobody
/// waits for it. It ends when it is dropped.
#[derive(Debug)]
pub struct Snapshot {
    open: Open,
    scope: Scope,
}

impl Store {
    /// Reads within one trust, as it is now: `$1` of every statement is this trust.
    pub async fn snapshot(&self, trust: &TrustId) -> Result<Snapshot, StoreError> {
        let open = Open::snapshot(self.db()).await?;
        let scope = Scope::Trust(trust.clone());
        Ok(Snapshot { open, scope })
    }
}

impl Query for Snapshot {
    async fn all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let values = self.scope.values(values);
        self.open.all(sql, values).await
    }
}
