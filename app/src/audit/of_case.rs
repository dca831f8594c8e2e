//! What a case says is shown to those who see the case, and not by the log to anybody else.

use std::collections::BTreeSet;

use crate::authority::Actor;
use crate::cases::{self, Case, CaseError, CaseId};
use crate::ledger::Record as _;
use crate::store::{Query, Store};

/// Whether what an event did to a record may be shown: of a case only to those who see every answer of it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn may_be_shown(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    (kind, record): (&str, &str),
) -> Result<bool, CaseError> {
    if kind != Case::KIND {
        return Ok(true);
    }
    let Ok(id) = record.parse::<CaseId>() else {
        return Ok(false);
    };
    let seen = cases::seen_whole(query, store, actor, &BTreeSet::from([id])).await?;
    Ok(!seen.is_empty())
}
