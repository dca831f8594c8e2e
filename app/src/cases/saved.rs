//! Saved views: filters of the list of cases that somebody has named, each for its owner alone.

use serde::Serialize;
use serde_json::Value as Json;

use super::CaseError;
use crate::authority::Actor;
use crate::ledger::{Erasure, LedgerError, Record, erase, record};
use crate::store::{PersonId, Query, Row, StoreError, Tx, ids};
use crate::values;

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The longest query, in bytes.
const LONGEST_QUERY: usize = 1_000;
/// How many views one person may have.
const MOST: u64 = 30;

ids! {
    /// A saved view.
    ViewId
}

/// A filter with a name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct View {
    /// Its identifier.
    pub id: ViewId,
    /// Whose it is.
    pub person: PersonId,
    /// What they call it.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
}

impl Record for View {
    const KIND: &'static str = "case_view";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Why a view was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No name, or one that is too long.
    #[error("Give the view a name of at most {LONGEST_NAME} characters.")]
    Name,
    /// Another of theirs has the name.
    #[error("You have a view of this name already. Give another name, or delete that one first.")]
    Taken,
    /// They have as many as one may have.
    #[error("You have {MOST} saved views, which is as many as one can have. Delete one first.")]
    TooMany,
    /// The filter is no filter of the list.
    #[error("This filter is too long to be saved. Choose less.")]
    Query,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The views of a person, by name.
///
/// # Errors
/// Where the store fails.
pub async fn views(query: &mut impl Query, person: &PersonId) -> Result<Vec<View>, StoreError> {
    let rows = query
        .all(
            "SELECT id, person, name, query FROM case_view WHERE trust = $1 AND person = $2 ORDER BY name",
            values![person],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<View, StoreError> {
    Ok(View {
        id: row.get("id")?,
        person: row.get("person")?,
        name: row.get("name")?,
        query: row.get("query")?,
    })
}

/// Saves a filter under a name, for the person who acts.
///
/// # Errors
/// Where the name or the filter cannot be taken.
pub async fn save_view(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    name: &str,
    query: &str,
) -> Result<View, ViewError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control)
    {
        return Err(ViewError::Name);
    }
    if query.len() > LONGEST_QUERY {
        return Err(ViewError::Query);
    }
    let there = views(tx, person).await?;
    if there.iter().any(|view| view.name == name) {
        return Err(ViewError::Taken);
    }
    if u64::try_from(there.len()).unwrap_or(u64::MAX) >= MOST {
        return Err(ViewError::TooMany);
    }
    let view = View {
        id: tx.fresh()?,
        person: person.clone(),
        name,
        query: query.to_owned(),
    };
    tx.execute(
        "INSERT INTO case_view (trust, id, person, name, query) VALUES ($1, $2, $3, $4, $5)",
        values![&view.id, &view.person, &view.name, &view.query],
    )
    .await?;
    record(tx, actor, None, "case_view.saved", None, Some(&view)).await?;
    Ok(view)
}

/// Deletes a view of the person who acts.
///
/// # Errors
/// [`CaseError::NotFound`] where they have none of that name in addresses.
pub async fn delete_view(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    id: &ViewId,
) -> Result<View, CaseError> {
    let view = views(tx, person)
        .await?
        .into_iter()
        .find(|view| view.id == *id);
    let view = view.ok_or(CaseError::NotFound)?;
    tx.execute(
        "DELETE FROM case_view WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    record(tx, actor, None, "case_view.deleted", Some(&view), None).await?;
    Ok(view)
}

/// Erases the views of a person, with what the ledger holds of their names.
pub(super) async fn erase_of(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    reason: &str,
) -> Result<(), LedgerError> {
    for view in views(tx, person).await? {
        let erasure = Erasure {
            record_kind: View::KIND,
            record: view.id.as_str(),
            reason,
        };
        erase(tx, actor, None, erasure).await?;
        forget_view(tx, view.id.as_str()).await?;
    }
    Ok(())
}

/// Forgets a view: the record alone, the ledger sees to the rest.
pub(crate) async fn forget_view(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM case_view WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all views after one, for verifying them against the ledger.
pub(crate) async fn view_states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let rows = query
        .all(
            "SELECT id, person, name, query FROM case_view WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let mut states = Vec::new();
    for row in &rows {
        let view = read(row)?;
        states.push((view.id.to_string(), serde_json::to_value(&view)?));
    }
    Ok(states)
}
