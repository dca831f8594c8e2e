//! Staff whose ids in the roster have changed, matched by their e-mail addresses: a person says
//! whether they are the same.

use serde_json::Value as Json;

use super::import::{ImportId, State};
use super::plan::Merge;
use super::take_in::demand;
use super::{RosterError, stage};
use crate::authority::Permit;
use crate::store::Store;
use crate::values;

/// Somebody who was matched.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The number of the change.
    pub number: i64,
    /// The name that they have here.
    pub name: String,
    /// The name that the roster has, where it would be taken over.
    pub listed_name: String,
    /// The roster's id.
    pub external_id: String,
    /// What is said of them so far.
    pub merge: Option<Merge>,
}

/// A page of those who were matched.
pub async fn merges(
    store: &Store,
    permit: &Permit,
    id: &ImportId,
    page: (u32, u32),
) -> Result<Vec<Matched>, RosterError> {
    demand(permit)?;
    let kept = stage::listed(store, &permit.actor().trust, id, ("person", "", true), page).await?;
    let matched = kept.into_iter().map(|change| Matched {
        number: change.number,
        listed_name: listed_name(change.content.after.as_ref())
            .unwrap_or(change.content.name.clone()),
        name: change.content.name,
        external_id: change.external_id.unwrap_or_default(),
        merge: change.merge,
    });
    Ok(matched.collect())
}

fn listed_name(after: Option<&Json>) -> Option<String> {
    let after = after?;
    let given = after.get("given_name")?.as_str()?;
    let family = after.get("family_name")?.as_str()?;
    Some(format!("{given} {family}"))
}

/// Says of the people on a page whether they are the same: those in `same` are, the others of
/// `shown` are not.
pub async fn decide(
    store: &Store,
    permit: &Permit,
    id: &ImportId,
    shown: &[i64],
    same: &[i64],
) -> Result<(), RosterError> {
    demand(permit)?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    for number in shown {
        let merge = if same.contains(number) {
            Merge::Same
        } else {
            Merge::Apart
        };
        tx.execute(
            "UPDATE roster_change SET merge = $4 WHERE trust = $1 AND import = $2 AND number = $3 \
             AND merge IS NOT NULL AND EXISTS (SELECT 1 FROM roster_import i \
               WHERE i.trust = $1 AND i.id = $2 AND i.state = $5)",
            values![id, *number, merge, State::Ready],
        )
        .await?;
    }
    tx.commit_unrecorded().await?;
    Ok(())
}
