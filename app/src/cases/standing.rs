//! The cases of a register that are in force, whoever they are about: for features that work with them, and for pages
//! that show of them what is public.

use super::case::{Case, CaseId};
use super::{CaseError, row};
use crate::store::{Query, SchoolId, Store, StoreError, TrustId};
use crate::values;

/// The most cases of one kind that are looked at.
const AT_MOST: i64 = 5_000;

/// The cases of a register that are in force at a school, or anywhere in the trust, the oldest first.
///
/// # Errors
/// Where the store fails.
pub async fn standing(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    register: &str,
    school: Option<&SchoolId>,
) -> Result<Vec<Case>, CaseError> {
    let rows = match school {
        Some(school) => {
            query
                .all(
                    "SELECT id FROM case_file WHERE trust = $1 AND school = $2 AND register = $3 AND in_force = 1 \
                     ORDER BY id LIMIT $4",
                    values![school, register, AT_MOST],
                )
                .await?
        }
        None => {
            query
                .all(
                    "SELECT id FROM case_file WHERE trust = $1 AND register = $2 AND in_force = 1 \
                     ORDER BY id LIMIT $3",
                    values![register, AT_MOST],
                )
                .await?
        }
    };
    let ids = rows.iter().map(|row| row.get("id"));
    let mut standing = Vec::new();
    for id in ids.collect::<Result<Vec<CaseId>, StoreError>>()? {
        standing.extend(row::find(query, store, trust, &id).await?);
    }
    Ok(standing)
}

/// A case of a register by its identifier, whoever asks; nothing where it is another's, or not there.
///
/// # Errors
/// Where the store fails.
pub async fn one_of(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    register: &str,
    id: &CaseId,
) -> Result<Option<Case>, CaseError> {
    let case = row::find(query, store, trust, id).await?;
    Ok(case.filter(|case| case.register == register))
}
