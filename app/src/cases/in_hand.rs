//! What somebody has in hand, as somebody else may see it: nothing is entered as read, for nothing of it is shown.

use std::sync::Arc;

use register::life::Sees;

use super::case::{Case, CaseId};
use super::list::Line;
use super::rules::{self, InForce};
use super::{CaseError, access, closer, parties, row};
use crate::authority::{Actor, Means};
use crate::store::{PersonId, Query, Store, StoreError};
use crate::values;

/// The most cases of each kind.
const AT_MOST: i64 = 200;

/// The open cases that somebody looks after, the oldest first.
///
/// # Errors
/// Where the store fails.
pub async fn handled(query: &mut impl Query, person: &PersonId) -> Result<Vec<CaseId>, StoreError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND handler = $2 AND closed_at IS NULL \
             ORDER BY id LIMIT $3",
            values![person, AT_MOST],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// The open cases that somebody looks after, as far as whoever asks sees them whole.
///
/// # Errors
/// Where the store fails.
pub async fn handled_by(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
) -> Result<Vec<Line>, CaseError> {
    let ids = handled(query, person).await?;
    seen_whole(query, store, actor, ids).await
}

/// The cases of a register about somebody, over or not, as far as whoever asks sees them whole, the latest first. The
/// program sees all.
///
/// # Errors
/// Where the store fails.
pub async fn of_subject(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    (register, person): (&str, &PersonId),
) -> Result<Vec<Line>, CaseError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND subject = $2 AND register = $3 \
               AND subject_kind = 'person' ORDER BY id DESC LIMIT $4",
            values![person, register, AT_MOST],
        )
        .await?;
    let ids = rows.iter().map(|row| row.get("id"));
    let ids = ids.collect::<Result<_, StoreError>>()?;
    seen_whole(query, store, actor, ids).await
}

/// The open cases that wait for somebody by name, as far as whoever asks sees them whole.
///
/// # Errors
/// Where the store fails.
pub async fn waiting_on(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
) -> Result<Vec<Line>, CaseError> {
    let rows = query
        .all(
            "SELECT case_id FROM case_access WHERE trust = $1 AND audience = 'person/' || $2 AND waits = 1 \
             ORDER BY case_id LIMIT $3",
            values![person, AT_MOST],
        )
        .await?;
    let ids = rows.iter().map(|row| row.get("case_id"));
    let ids = ids.collect::<Result<_, StoreError>>()?;
    seen_whole(query, store, actor, ids).await
}

async fn seen_whole(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    ids: Vec<CaseId>,
) -> Result<Vec<Line>, CaseError> {
    let mut lines = Vec::new();
    for id in ids {
        let Some(mut case) = row::find(query, store, &actor.trust, &id).await? else {
            continue;
        };
        let rules = rules::of_case(query, &case.rules).await?;
        if !sees_whole(query, store, actor, &rules, &case).await? {
            continue;
        }
        closer::without(query, store, actor, &rules, &mut case).await?;
        let due = query
            .first(
                "SELECT MIN(due_at) AS due_at FROM case_deadline WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL",
                values![&case.id],
            )
            .await?;
        let state = rules.register().state(&case.state);
        lines.push(Line {
            state: state.map_or_else(|| case.state.clone(), |state| state.says.clone()),
            rules: Arc::clone(&rules),
            outline: false,
            due: match due {
                Some(row) => row.get("due_at")?,
                None => None,
            },
            case,
        });
    }
    Ok(lines)
}

/// Whether somebody sees a case whole: as lists say, or as they stand to it today (a line manager may be new).
async fn sees_whole(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
) -> Result<bool, CaseError> {
    if matches!(actor.means, Means::Operator)
        || access::sees(query, actor, case).await? == Sees::Whole
    {
        return Ok(true);
    }
    let today = store.clock().today();
    let who = parties::who(query, rules, case, actor, today).await?;
    let (past, beside) = (case.past(), row::beside(query, &case.id).await?);
    Ok(rules.rules().sees(case.life(&past, &beside), &who) == Sees::Whole)
}
