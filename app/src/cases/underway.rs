//! The cases that are open in a register at a school, for what the program does of itself: it sees all of them.

use super::case::{Case, CaseId};
use super::{CaseError, row};
use crate::store::{Query as _, SchoolId, Tx};
use crate::values;

/// The open cases of a register at a school, whole.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn underway(
    tx: &mut Tx,
    register: &str,
    school: &SchoolId,
) -> Result<Vec<Case>, CaseError> {
    let rows = tx
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND register = $2 AND school = $3 AND closed_at IS NULL ORDER BY id",
            values![register, school],
        )
        .await?;
    let (store, Some(trust)) = (tx.store().clone(), tx.trust().cloned()) else {
        return Ok(Vec::new());
    };
    let mut cases = Vec::new();
    for row in &rows {
        let id: CaseId = row.get("id")?;
        cases.extend(row::find(tx, &store, &trust, &id).await?);
    }
    Ok(cases)
}
