//! Cases that the program opens by itself, once for each occasion, however often it looks and on however many nodes.

use super::case::{Case, CaseId};
use super::change::{self, Opening};
use super::{CaseError, Engine};
use crate::authority::Actor;
use crate::store::{PersonId, Query, StoreError, Tx};
use crate::values;

/// Opens a case for somebody, where none was opened for that occasion; gives it. Where two nodes do so at once, the
/// transaction of one of them fails.
///
/// # Errors
/// As [`change::open`].
pub async fn open_once(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    (person, occasion): (&PersonId, &str),
    opening: Opening,
) -> Result<Option<Case>, CaseError> {
    if opened_for(tx, person, occasion).await?.is_some() {
        return Ok(None);
    }
    let case = change::open(tx, engine, program, opening).await?;
    note_occasion(tx, person, occasion, &case.id).await?;
    Ok(Some(case))
}

/// Notes that a case stands for an occasion.
///
/// # Errors
/// Where the store fails, or the occasion has one already.
pub async fn note_occasion(
    tx: &mut Tx,
    person: &PersonId,
    occasion: &str,
    case: &CaseId,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO case_once (trust, person, occasion, case_id) VALUES ($1, $2, $3, $4)",
        values![person, occasion, case],
    )
    .await?;
    Ok(())
}

/// The case that stands for an occasion; it may be over, or erased by now.
///
/// # Errors
/// Where the store fails.
pub async fn opened_for(
    query: &mut impl Query,
    person: &PersonId,
    occasion: &str,
) -> Result<Option<CaseId>, StoreError> {
    let row = query
        .first(
            "SELECT case_id FROM case_once WHERE trust = $1 AND person = $2 AND occasion = $3",
            values![person, occasion],
        )
        .await?;
    row.map(|row| row.get("case_id")).transpose()
}

/// The open cases of a register about somebody, the latest first, each with its state: for the program.
///
/// # Errors
/// Where the store fails.
pub async fn open_about(
    query: &mut impl Query,
    register: &str,
    person: &PersonId,
) -> Result<Vec<(CaseId, String)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, state FROM case_file WHERE trust = $1 AND subject = $2 AND register = $3 \
               AND subject_kind = 'person' AND closed_at IS NULL ORDER BY id DESC",
            values![person, register],
        )
        .await?;
    let one = rows
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("state")?)));
    one.collect()
}
