//! Which log an event belongs to: each trust has its own, and so has the installation.

use std::str::FromStr as _;

use ledger::{Frontier, Origin};

use super::LedgerError;
use crate::store::{Id as _, Query, StoreError, TrustId, Tx};
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
