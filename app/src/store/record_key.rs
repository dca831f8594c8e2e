//! The key of each record: made with the first sealed value, kept wrapped by the master key.

use super::StoreError;
use super::tx::{Query, Tx};
use crate::protection::{ProtectionError, RecordKey, WrappedKey, place};
use crate::values;

const FIND: &str = "SELECT wrapped FROM record_key WHERE trust = $1 AND record = $2";

/// A key that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key could not be unwrapped.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
}

/// The key under which the sealed values of a record lie; `record` is its kind and id, as in
/// `person/01j...`. Nothing where the record has none, or where it was erased.
pub async fn record_key(
    query: &mut impl Query,
    store: &super::Store,
    trust: &super::TrustId,
    record: &str,
) -> Result<Option<RecordKey>, KeyError> {
    let Some(row) = query.first(FIND, values![record]).await? else {
        return Ok(None);
    };
    Ok(Some(unwrapped(store, trust, record, row.get("wrapped")?)?))
}

/// The key of a record from its row, where another statement has read it already.
pub(crate) fn unwrapped(
    store: &super::Store,
    trust: &super::TrustId,
    record: &str,
    wrapped: Vec<u8>,
) -> Result<RecordKey, KeyError> {
    let at = place("record_key", "wrapped", trust.as_str(), record);
    let wrapped = WrappedKey::from_bytes(wrapped, &at)?;
    Ok(store.keyring().unwrap(&wrapped, &at)?)
}

impl Tx {
    /// The key of a record, made where it has none yet.
    pub async fn record_key(&mut self, record: &str) -> Result<RecordKey, KeyError> {
        let store = self.store().clone();
        let trust = self.trust().cloned().ok_or(StoreError::Unrecorded)?;
        if let Some(key) = record_key(self, &store, &trust, record).await? {
            return Ok(key);
        }
        let at = place("record_key", "wrapped", trust.as_str(), record);
        let (key, wrapped) = store.keyring().new_record_key(&at, store.randomness())?;
        self.execute(
            "INSERT INTO record_key (trust, record, wrapped, master) VALUES ($1, $2, $3, $4)",
            values![
                record,
                wrapped.as_bytes().to_vec(),
                wrapped.master_key().to_string()
            ],
        )
        .await?;
        Ok(key)
    }

    /// Destroys the key of a record: what was sealed under it can never be read again.
    pub async fn destroy_record_key(&mut self, record: &str) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM record_key WHERE trust = $1 AND record = $2",
            values![record],
        )
        .await?;
        Ok(())
    }
}
