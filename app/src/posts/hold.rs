//! The emergency stop: one click holds everything that a school, or the trust, has scheduled, and what is scheduled after
//! it. Nothing about the posts changes; nothing goes out until somebody lets it.

use serde::Serialize;
use serde_json::Value as Json;

use super::PostError;
use crate::authority::{Action, Actor};
use crate::ledger::{LedgerError, Record, record};
use crate::store::{PersonId, Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A hold on everything that is scheduled.
    HoldId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// A hold on everything that is scheduled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Hold {
    pub(crate) id: HoldId,
    /// The school; the whole trust where none is named.
    pub(crate) school: Option<SchoolId>,
    pub(crate) placed_at: i64,
    pub(crate) placed_by: Option<PersonId>,
    pub(crate) lifted_at: Option<i64>,
    pub(crate) lifted_by: Option<PersonId>,
}

impl Record for Hold {
    const KIND: &'static str = "post_hold";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Holds; what follows says which.
macro_rules! holds {
    ($which:literal) => {
        concat!(
            "SELECT id, school, placed_at, placed_by, lifted_at, lifted_by FROM post_hold WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Hold, StoreError> {
    Ok(Hold {
        id: row.get("id")?,
        school: row.get("school")?,
        placed_at: row.get("placed_at")?,
        placed_by: row.get("placed_by")?,
        lifted_at: row.get("lifted_at")?,
        lifted_by: row.get("lifted_by")?,
    })
}

/// The holds that are not lifted, the oldest first.
pub(crate) async fn open(query: &mut impl Query) -> Result<Vec<Hold>, StoreError> {
    let rows = query
        .all(holds!("lifted_at IS NULL ORDER BY id"), values![])
        .await?;
    rows.iter().map(read).collect()
}

/// The hold under which the posts of a school stand, if there is one.
pub(crate) async fn over(
    query: &mut impl Query,
    school: Option<&SchoolId>,
) -> Result<Option<Hold>, StoreError> {
    let holds = open(query).await?;
    Ok(holds
        .into_iter()
        .find(|hold| hold.school.is_none() || hold.school.as_ref() == school))
}

/// Holds everything; where the same is held already, nothing changes. Says whether it is new.
pub(super) async fn place(
    tx: &mut Tx,
    actor: &Actor,
    school: Option<&SchoolId>,
) -> Result<bool, PostError> {
    let holds = open(tx).await?;
    if holds.iter().any(|hold| hold.school.as_ref() == school) {
        return Ok(false);
    }
    let hold = Hold {
        id: tx.fresh()?,
        school: school.cloned(),
        placed_at: tx.now().as_millisecond(),
        placed_by: actor.person.clone(),
        lifted_at: None,
        lifted_by: None,
    };
    tx.execute(
        "INSERT INTO post_hold (trust, id, school, placed_at, placed_by) VALUES ($1, $2, $3, $4, $5)",
        values![&hold.id, hold.school.as_ref(), hold.placed_at, hold.placed_by.as_ref()],
    )
    .await?;
    record(tx, actor, ACTION, "post.all-held", None, Some(&hold)).await?;
    Ok(true)
}

/// Lets everything go on; where somebody was first, nothing changes.
pub(super) async fn lift(tx: &mut Tx, actor: &Actor, before: &Hold) -> Result<(), PostError> {
    let after = Hold {
        lifted_at: Some(tx.now().as_millisecond()),
        lifted_by: actor.person.clone(),
        ..before.clone()
    };
    let lifted = tx
        .execute(
            "UPDATE post_hold SET lifted_at = $3, lifted_by = $4 WHERE trust = $1 AND id = $2 AND lifted_at IS NULL",
            values![&after.id, after.lifted_at, after.lifted_by.as_ref()],
        )
        .await?;
    if lifted == 0 {
        return Ok(());
    }
    Ok(record(
        tx,
        actor,
        ACTION,
        "post.all-let-go",
        Some(before),
        Some(&after),
    )
    .await?)
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = holds!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let hold = read(row)?;
        Ok((hold.id.to_string(), serde_json::to_value(&hold)?))
    };
    rows.iter().map(state).collect()
}
