//! Changing the master key while the program runs, and saying which master keys are still needed.
//!
//! A new key is first put on the keyring of every node, where it already reads; then every record's key is wrapped anew,
//! in small batches, each a short transaction of its own. What is cut off in between is simply gone on with: either
//! key opens what it wrapped.

mod jobs;
#[cfg(test)]
mod tests;

pub(crate) use jobs::jobs;

use std::collections::BTreeMap;

use crate::credentials::{self, RewrapError};
use crate::ledger::logs;
use crate::protection::{
    KeyId, MasterKey, MasterKeySource, ProtectionError, RootKey, SourceError, WrappedKey,
    add_to_key_file, place,
};
use crate::randomness::NoRandomness;
use crate::store::{Query as _, ROOT_KEY, Store, StoreError, TrustId};
use crate::values;

/// Keys that one transaction wraps anew: about a tenth of a second.
const BATCH: i64 = 500;

/// A master key that cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The source is none that the program can write to.
    #[error(
        "{0} gives the master key, and Probity cannot add a new one there. Make one with `openssl rand -hex 32`, let the \
         new key come first and the present one in the line below it, and run this again"
    )]
    NotAFile(String),
    /// The source cannot be read or written.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A record's key does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// A master key, and how much it protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Its name.
    pub key: String,
    /// Whether it is at hand.
    pub at_hand: bool,
    /// Whether it wraps what is new.
    pub current: bool,
    /// How many records need it.
    pub records: u64,
}

/// Which master keys there are and how much each protects: the current one first, lost ones last.
pub async fn status(store: &Store) -> Result<Vec<Use>, KeysError> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for trust in logs(store).await? {
        let rows = store
            .read(&trust)
            .all(
                "SELECT master, CAST(COUNT(*) AS BIGINT) AS n FROM record_key \
                 WHERE trust = $1 GROUP BY master",
                values![],
            )
            .await?;
        for row in rows {
            let count = counts.entry(row.get("master")?).or_default();
            *count = count.saturating_add(row.get("n")?);
        }
        if let Some(master) = credentials::wrapped_by(&mut store.read(&trust)).await? {
            let count = counts.entry(master).or_default();
            *count = count.saturating_add(1);
        }
    }
    if let Some(root) = wrapped_root(store).await? {
        let count = counts.entry(root.master_key().to_string()).or_default();
        *count = count.saturating_add(1);
    }
    let current = store.keyring().current();
    let mut uses: Vec<Use> = Vec::new();
    for key in store.keyring().ids() {
        let name = key.to_string();
        let records = counts.remove(&name).unwrap_or(0);
        uses.push(Use {
            key: name,
            at_hand: true,
            current: key == current,
            records,
        });
    }
    let lost = counts.into_iter().map(|(key, records)| Use {
        key,
        at_hand: false,
        current: false,
        records,
    });
    uses.extend(lost);
    Ok(uses)
}

/// Makes a new master key and puts it first in the key file. Nothing is wrapped with it before [`rewrap`], or before the
/// program reads the file again.
pub fn add(store: &Store) -> Result<KeyId, KeysError> {
    match store.keyring().source() {
        Some(MasterKeySource::File(path)) => {
            let key = MasterKey::generate(store.randomness())?;
            add_to_key_file(&path, &key)?;
            store.keyring().reload()?;
            Ok(key.id())
        }
        other => {
            let source = other.map_or_else(|| "the program".to_owned(), |source| source.in_words());
            Err(KeysError::NotAFile(source))
        }
    }
}

/// Wraps the key of every record with the current master key; gives how many were wrapped by an older one. May be cut off
/// and run again at any time, and beside a running server.
pub async fn rewrap(store: &Store) -> Result<u64, KeysError> {
    let mut all = rewrap_root(store).await?;
    for trust in logs(store).await? {
        all = all.saturating_add(rewrap_log(store, &trust).await?);
        all = all.saturating_add(rewrap_custody(store, &trust).await?);
    }
    Ok(all)
}

/// Wraps a trust's key of custody.
async fn rewrap_custody(store: &Store, trust: &TrustId) -> Result<u64, KeysError> {
    credentials::rewrap(store, trust)
        .await
        .map_err(|error| match error {
            RewrapError::Store(error) => error.into(),
            RewrapError::Protection(error) => error.into(),
        })
}

/// Wraps the keys of one log's records.
async fn rewrap_log(store: &Store, trust: &TrustId) -> Result<u64, KeysError> {
    let (mut all, mut after) = (0_u64, String::new());
    while let Some((last, count)) = rewrap_batch(store, trust, &after).await? {
        after = last;
        all = all.saturating_add(count);
    }
    Ok(all)
}

/// Wraps the next keys of a trust, in the order of their records; gives the last record and how many there were.
async fn rewrap_batch(
    store: &Store,
    trust: &TrustId,
    after: &str,
) -> Result<Option<(String, u64)>, KeysError> {
    let current = store.keyring().current().to_string();
    let mut tx = store.begin(trust).await?;
    let rows = tx
        .all(
            "SELECT record, wrapped FROM record_key \
             WHERE trust = $1 AND master <> $2 AND record > $3 ORDER BY record LIMIT $4",
            values![&current, after, BATCH],
        )
        .await?;
    let mut done = None;
    for row in rows {
        let record: String = row.get("record")?;
        let old: Vec<u8> = row.get("wrapped")?;
        let at = place("record_key", "wrapped", trust.as_str(), &record);
        let wrapped = WrappedKey::from_bytes(old.clone(), &at)?;
        let wrapped = store.keyring().rewrap(&wrapped, &at, store.randomness())?;
        // A key that was destroyed in the meantime stays destroyed.
        let changed = tx
            .execute(
                "UPDATE record_key SET wrapped = $3, master = $4 \
                 WHERE trust = $1 AND record = $2 AND wrapped = $5",
                values![
                    &record,
                    wrapped.as_bytes().to_vec(),
                    wrapped.master_key().to_string(),
                    old
                ],
            )
            .await?;
        let (_, before) = done.take().unwrap_or_default();
        done = Some((record, changed.saturating_add(before)));
    }
    // How a key is wrapped is no part of any record.
    tx.commit_unrecorded().await?;
    Ok(done)
}

async fn rewrap_root(store: &Store) -> Result<u64, KeysError> {
    let Some(old) = wrapped_root(store).await? else {
        return Ok(0);
    };
    if old.master_key() == store.keyring().current() {
        return Ok(0);
    }
    let new = RootKey::rewrap(store.keyring(), &old, store.randomness())?;
    let mut tx = store.begin_installation().await?;
    let sql = "UPDATE installation SET value = $2 WHERE name = $1 AND value = $3";
    let values = values![ROOT_KEY, new.as_bytes().to_vec(), old.as_bytes().to_vec()];
    let changed = tx.execute(sql, values).await?;
    tx.commit_unrecorded().await?;
    Ok(changed)
}

async fn wrapped_root(store: &Store) -> Result<Option<WrappedKey>, KeysError> {
    let sql = "SELECT value FROM installation WHERE name = $1";
    match store.installation().first(sql, values![ROOT_KEY]).await? {
        Some(row) => Ok(Some(WrappedKey::from_bytes(row.get("value")?, ROOT_KEY)?)),
        None => Ok(None),
    }
}
