//! What goes with a pupil, and with a parent or carer.

use super::REGISTER;
use crate::authority::{Action, Actor};
use crate::cases::{self, CaseError};
use crate::ledger::{self, Erasure, LedgerError};
use crate::pupils::{GuardianId, PupilId};
use crate::store::{Query as _, Row, Tx};
use crate::values;

/// Why answers go with whoever gave them.
const GIVER_GONE: &str = "The parent or carer is no longer on record";

/// Erases what a parent or carer said, and their links: they are no longer on record.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn erase_of_guardian(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    guardian: &GuardianId,
) -> Result<(), LedgerError> {
    let rows = tx
        .all(
            "SELECT 'consent_answer' AS kind, id FROM consent_answer WHERE trust = $1 AND guardian = $2 \
             UNION ALL SELECT 'consent_link' AS kind, id FROM consent_link WHERE trust = $1 AND guardian = $2",
            values![guardian],
        )
        .await?;
    for row in &rows {
        let (record_kind, record): (String, String) = (row.get("kind")?, row.get("id")?);
        let erasure = Erasure {
            record_kind: &record_kind,
            record: &record,
            reason: GIVER_GONE,
        };
        ledger::erase(tx, actor, action, erasure).await?;
    }
    for sql in [
        "DELETE FROM consent_answer WHERE trust = $1 AND guardian = $2",
        "DELETE FROM consent_link WHERE trust = $1 AND guardian = $2",
    ] {
        tx.execute(sql, values![guardian]).await?;
    }
    Ok(())
}

/// Erases the consents of a pupil, with all that was said for them: the pupil is erased.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn erase_of_pupil(
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    (pupil, reason): (&PupilId, &str),
) -> Result<(), LedgerError> {
    let rows = tx
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND subject = $2 AND register = $3 AND subject_kind = 'pupil' \
             ORDER BY id",
            values![pupil, REGISTER],
        )
        .await?;
    for row in &rows {
        let erased = cases::erase(tx, actor, action, &row.get("id")?, reason).await;
        erased.map_err(of_case)?;
    }
    Ok(())
}

fn of_case(error: CaseError) -> LedgerError {
    match error {
        CaseError::Store(error) => error.into(),
        CaseError::Ledger(error) => error,
        CaseError::Key(error) => error.into(),
        CaseError::Protection(error) => error.into(),
        _ => Row::unreadable("case_file").into(),
    }
}
