//! What of a post is sealed: under the key of its case, so that it goes when the case is erased.

use crate::cases::{Case, CaseId};
use crate::ledger::Record as _;
use crate::protection::{Sealed, place};
use crate::store::{Query, Store, TrustId, Tx, record_key};

use super::PostError;

/// The place of a column of one of this feature's tables.
pub(super) fn at(trust: &TrustId, table: &str, column: &str, id: &str) -> String {
    place(table, column, trust.as_str(), id)
}

fn record_of(case: &CaseId) -> String {
    format!("{}/{case}", Case::KIND)
}

/// Seals something for its place.
pub(super) async fn seal(
    tx: &mut Tx,
    case: &CaseId,
    place: &str,
    plain: &[u8],
) -> Result<Vec<u8>, PostError> {
    let key = tx.record_key(&record_of(case)).await?;
    Ok(key.seal(place, plain, tx.store().randomness())?.0)
}

/// Opens what lies at a place; nothing where the key of the case is gone.
pub(super) async fn open(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
    place: &str,
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, PostError> {
    let Some(key) = record_key(query, store, trust, &record_of(case)).await? else {
        return Ok(None);
    };
    let plain = key.open(place, &Sealed(sealed.to_vec()))?;
    Ok(Some(plain.to_vec()))
}
