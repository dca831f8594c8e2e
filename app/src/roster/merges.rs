//! Staff whose ids in the roster have changed, matched by their e-mail addresses or by name: a person
//! says whether they are the same, and that is remembered.

use serde_json::Value as Json;

use super::import::{ImportId, State};
use super::plan::Merge;
use super::take_in::demand;
use super::{RosterError, stage};
use crate::authority::Permit;
use crate::store::{Store, StoreError, Tx};
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
    /// Whether it was by name and not by e-mail address.
    pub by_name: bool,
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
        by_name: change.by_name,
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
        decide_one(&mut tx, id, *number, merge).await?;
    }
    tx.commit_unrecorded().await?;
    Ok(())
}

async fn decide_one(
    tx: &mut Tx,
    id: &ImportId,
    number: i64,
    merge: Merge,
) -> Result<(), StoreError> {
    let decided = tx
        .execute(
            "UPDATE roster_change SET merge = $4 WHERE trust = $1 AND import = $2 AND number = $3 \
             AND asked IS NOT NULL AND EXISTS (SELECT 1 FROM roster_import i \
               WHERE i.trust = $1 AND i.id = $2 AND i.state = $5)",
            values![id, number, merge, State::Ready],
        )
        .await?;
    if decided == 0 {
        return Ok(());
    }
    let same = merge == Merge::Same;
    // What would be done were they two: a new person, and the old one gone.
    let otherwise = same.then_some(Merge::Apart.name());
    tx.execute(
        "UPDATE roster_change SET merge = $4 WHERE trust = $1 AND import = $2 AND asked IS NULL \
           AND EXISTS (SELECT 1 FROM roster_change a \
             WHERE a.trust = $1 AND a.import = $2 AND a.number = $3 AND a.instead_of IS NOT NULL \
               AND (a.instead_of = roster_change.number \
                 OR (a.record = roster_change.record AND a.record_kind = roster_change.record_kind)))",
        values![id, number, otherwise],
    )
    .await?;
    tx.execute(
        "INSERT INTO roster_same (trust, external_id, record, same) \
         SELECT trust, external_id, record, $4 FROM roster_change \
         WHERE trust = $1 AND import = $2 AND number = $3 AND external_id IS NOT NULL \
         ON CONFLICT (trust, external_id, record) DO UPDATE SET same = excluded.same",
        values![id, number, same],
    )
    .await?;
    Ok(())
}
