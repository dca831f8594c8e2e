//! The names of pupils, parents and carers, for finding them in a text.

use crate::people::RollName;
use crate::store::{Query, StoreError};
use crate::values;

/// The names of pupils after one, in the order of their identifiers; no more than so many.
pub async fn names_after(
    query: &mut impl Query,
    after: &str,
    at_most: u32,
) -> Result<Vec<RollName>, StoreError> {
    let rows = query
        .all(
            "SELECT id, given_name, family_name, known_as FROM pupil WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(at_most)],
        )
        .await?;
    rows.iter().map(RollName::read).collect()
}

/// The names of parents and carers after one, in the order of their identifiers; no more than so many.
pub async fn guardian_names_after(
    query: &mut impl Query,
    after: &str,
    at_most: u32,
) -> Result<Vec<RollName>, StoreError> {
    let rows = query
        .all(
            "SELECT id, given_name, family_name, NULL AS known_as FROM guardian WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(at_most)],
        )
        .await?;
    rows.iter().map(RollName::read).collect()
}
