//! Holds: a case is kept beyond its time, for a reason, until somebody lifts the hold.

use serde::Serialize;
use serde_json::Value as Json;

use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{self, Erasure, LedgerError, Record, record};
use crate::store::{PersonId, Query, Row, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A hold.
    HoldId
}

const ACTION: Option<Action> = Some(Action::ManageRetention);

/// A case is held back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Hold {
    pub(super) id: HoldId,
    pub(super) case: CaseId,
    /// Why, in words that name nobody.
    pub(super) reason: String,
    pub(super) held_at: i64,
    pub(super) held_by: Option<PersonId>,
    pub(super) lifted_at: Option<i64>,
}

impl Record for Hold {
    const KIND: &'static str = "retention_hold";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Whole holds; what follows says which.
macro_rules! holds {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, reason, held_at, held_by, lifted_at FROM retention_hold WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Hold, StoreError> {
    Ok(Hold {
        id: row.get("id")?,
        case: row.get("case_id")?,
        reason: row.get("reason")?,
        held_at: row.get("held_at")?,
        held_by: row.get("held_by")?,
        lifted_at: row.get("lifted_at")?,
    })
}

/// Holds a case back.
pub(super) async fn hold(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    reason: &str,
) -> Result<(), LedgerError> {
    let hold = Hold {
        id: tx.fresh()?,
        case: case.clone(),
        reason: reason.trim().to_owned(),
        held_at: tx.now().as_millisecond(),
        held_by: actor.person.clone(),
        lifted_at: None,
    };
    tx.execute(
        "INSERT INTO retention_hold (trust, id, case_id, reason, held_at, held_by) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            &hold.id,
            &hold.case,
            &hold.reason,
            hold.held_at,
            hold.held_by.as_ref()
        ],
    )
    .await?;
    record(tx, actor, ACTION, "retention.held", None, Some(&hold)).await
}

/// Lifts a hold; a hold that is lifted already stays so.
pub(super) async fn lift(tx: &mut Tx, actor: &Actor, before: &Hold) -> Result<(), LedgerError> {
    let after = Hold {
        lifted_at: Some(tx.now().as_millisecond()),
        ..before.clone()
    };
    let lifted = tx
        .execute(
            "UPDATE retention_hold SET lifted_at = $3 WHERE trust = $1 AND id = $2 AND lifted_at IS NULL",
            values![&after.id, after.lifted_at],
        )
        .await?;
    match lifted {
        0 => Ok(()),
        _ => {
            record(
                tx,
                actor,
                ACTION,
                "retention.lifted",
                Some(before),
                Some(&after),
            )
            .await
        }
    }
}

/// A hold that is not lifted.
pub(super) async fn find(query: &mut impl Query, id: &HoldId) -> Result<Option<Hold>, StoreError> {
    let row = query
        .first(holds!("id = $2 AND lifted_at IS NULL"), values![id])
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// The holds that are not lifted, the oldest first.
pub(super) async fn running(query: &mut impl Query) -> Result<Vec<Hold>, StoreError> {
    let rows = query
        .all(holds!("lifted_at IS NULL ORDER BY id"), values![])
        .await?;
    rows.iter().map(read).collect()
}

/// Erases what was noted of the holds of a case that is itself erased.
pub(super) async fn erase_of(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    reason: &str,
) -> Result<(), LedgerError> {
    let rows = tx.all(holds!("case_id = $2"), values![case]).await?;
    for row in &rows {
        let hold = read(row)?;
        let erasure = Erasure {
            record_kind: Hold::KIND,
            record: hold.id.as_str(),
            reason,
        };
        ledger::erase(tx, actor, ACTION, erasure).await?;
        forget(tx, hold.id.as_str()).await?;
    }
    Ok(())
}

/// Forgets a hold: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM retention_hold WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all holds after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let rows = query
        .all(
            holds!("id > $2 ORDER BY id LIMIT $3"),
            values![after, i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let hold = read(row)?;
        Ok((hold.id.to_string(), serde_json::to_value(&hold)?))
    };
    rows.iter().map(state).collect()
}
