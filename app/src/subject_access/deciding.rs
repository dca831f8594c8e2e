//! Writing down what was decided about a thing.

use super::AccessError;
use super::collection::{place_of, sealed_under};
use super::item::{Decision, Exemption};
use crate::cases::CaseId;
use crate::ledger::LedgerError;
use crate::store::{StoreError, Tx};
use crate::values;

/// Writes what was decided about an item, or that nothing is.
pub(super) async fn decide(
    tx: &mut Tx,
    case: &CaseId,
    number: i64,
    decision: Option<&Decision>,
) -> Result<(), AccessError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let marks = match decision {
        None => None,
        Some(decision) => {
            let key = tx.record_key(&sealed_under(case)).await?;
            let plain = serde_json::to_vec(&decision.marks).map_err(LedgerError::from)?;
            let at = place_of(&trust, "marks", case, &number.to_string());
            Some(key.seal(&at, &plain, tx.store().randomness())?.0)
        }
    };
    let at = decision.map(|_| tx.now().as_millisecond());
    let changed = tx
        .execute(
            "UPDATE access_item SET choice = $4, exemption = $5, marks = $6, decided_at = $7 \
             WHERE trust = $1 AND case_id = $2 AND number = $3",
            values![
                case,
                number,
                decision.map(|decision| decision.choice.name()),
                decision
                    .and_then(|decision| decision.exemption)
                    .map(Exemption::name),
                marks,
                at
            ],
        )
        .await?;
    match changed {
        1 => Ok(()),
        _ => Err(AccessError::NotFound),
    }
}

/// Says what was decided last.
pub(super) async fn said(tx: &mut Tx, case: &CaseId, says: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE access_collection SET last_decided = $3 WHERE trust = $1 AND case_id = $2",
        values![case, says],
    )
    .await?;
    Ok(())
}
