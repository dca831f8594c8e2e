//! Which log an event belongs to: each trust has its own, and so has the installation.

use std::str::FromStr as _;

use ledger::{Frontier, Origin};

use super::LedgerError;
use crate::protection::RecordKey;
use crate::store::{Id as _, Query, StoreError, TrustId, Tx, unwrapped};
use crate::values;

/// The name under which the installation's own log stands beside those of the trusts: what
/// concerns no trust, or all of them (a backup, a restore, a new master key). No trust is called so.
const INSTALLATION: &str = "installation";

/// The installation's own log, to be given where a trust's log is asked for.
#[must_use]
pub fn installation_log() -> TrustId {
    TrustId::from_fresh(INSTALLATION.to_owned())
}

/// Every log of the installation: those of its trusts by name, then its own.
pub async fn logs(store: &crate::store::Store) -> Result<Vec<TrustId>, StoreError> {
    let rows = store
        .installation()
        .all("SELECT trust FROM trust ORDER BY trust", values![])
        .await?;
    let mut logs = Vec::with_capacity(rows.len() + 1);
    for row in &rows {
        logs.push(row.get("trust")?);
    }
    logs.push(installation_log());
    Ok(logs)
}

/// The head of the log, locked until the end of the transaction: events of one log are entered
/// one after the other.
pub(super) async fn head(tx: &mut Tx) -> Result<Frontier, LedgerError> {
    if let Some(frontier) = locked_head(tx).await? {
        return Ok(frontier);
    }
    // The first event of this log. Of two nodes that come here at once one waits for the other.
    tx.execute(
        "INSERT INTO ledger_head (trust, size, frontier) VALUES ($1, 0, $2) \
         ON CONFLICT (trust) DO NOTHING",
        values![Frontier::new().to_bytes()],
    )
    .await?;
    Ok(locked_head(tx).await?.unwrap_or_default())
}

async fn locked_head(tx: &mut Tx) -> Result<Option<Frontier>, LedgerError> {
    let row = tx
        .locked(
            "SELECT frontier FROM ledger_head WHERE trust = $1",
            "SELECT frontier FROM ledger_head WHERE trust = $1 FOR UPDATE",
            values![],
        )
        .await?;
    row.map(|row| Ok(Frontier::from_bytes(&row.get::<Vec<u8>>("frontier")?)?))
        .transpose()
}

/// The head of the log as [`head`] gives it, and a record's key, made where it has none.
///
/// SQLite gives both in one statement. PostgreSQL shows the key as it was before the wait for the lock,
/// and whoever held it may have erased the record: there the key is looked for afterwards.
pub(super) async fn head_and_key(
    tx: &mut Tx,
    log: &TrustId,
    record: &str,
) -> Result<(Frontier, RecordKey), LedgerError> {
    let row = tx
        .locked(
            "SELECT h.frontier, k.wrapped FROM ledger_head h LEFT JOIN record_key k \
               ON k.trust = h.trust AND k.record = $2 WHERE h.trust = $1",
            "SELECT frontier, CAST(NULL AS BYTEA) AS wrapped FROM ledger_head \
             WHERE trust = $1 AND $2 <> '' FOR UPDATE",
            values![record],
        )
        .await?;
    let Some(row) = row else {
        return Ok((head(tx).await?, tx.record_key(record).await?));
    };
    let frontier = Frontier::from_bytes(&row.get::<Vec<u8>>("frontier")?)?;
    let key = match row.get::<Option<Vec<u8>>>("wrapped")? {
        Some(wrapped) => unwrapped(tx.store(), log, record, wrapped)?,
        None => tx.record_key(record).await?,
    };
    Ok((frontier, key))
}

/// The head of the log as it is now, without holding anybody up.
pub(super) async fn present_head(query: &mut impl Query) -> Result<Frontier, LedgerError> {
    let row = query
        .first(
            "SELECT frontier FROM ledger_head WHERE trust = $1",
            values![],
        )
        .await?;
    match row {
        Some(row) => Ok(Frontier::from_bytes(&row.get::<Vec<u8>>("frontier")?)?),
        None => Ok(Frontier::new()),
    }
}

/// A name for a log that no other log in the world has.
pub(super) fn new_origin(log: &TrustId, random: [u8; 5]) -> Result<Origin, LedgerError> {
    let random = data_encoding::BASE32_NOPAD.encode(&random).to_lowercase();
    Origin::from_str(&format!("probity/{log}/{random}")).map_err(LedgerError::Origin)
}
