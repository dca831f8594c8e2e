//! Choosing the accounts of a post, queueing it, and taking it out of the plan or down.

use std::collections::BTreeSet;

use super::super::{PostError, send};
use super::row::{self, Sending};
use super::state::State;
use crate::authority::Actor;
use crate::cases::{Case, CaseId};
use crate::store::Tx;

/// Makes these the accounts of a post.
pub(in super::super) async fn choose(
    tx: &mut Tx,
    actor: &Actor,
    post: &Case,
    accounts: &BTreeSet<CaseId>,
) -> Result<(), PostError> {
    let chosen = row::of_post(tx, &post.id).await?;
    for sending in &chosen {
        if !accounts.contains(&sending.account) && sending.state == State::Planned {
            row::remove(tx, actor, sending).await?;
        }
    }
    for account in accounts {
        if chosen.iter().any(|sending| sending.account == *account) {
            continue;
        }
        let sending = Sending {
            id: tx.fresh()?,
            case: post.id.clone(),
            account: account.clone(),
            school: post.school.clone(),
            state: State::Planned,
            by_hand: false,
            due_at: None,
            attempt: 0,
            claimed_at: None,
            first_at: None,
            remote: None,
            address: None,
            published_at: None,
            removed_at: None,
            why: String::new(),
            hash: None,
            content: None,
        };
        row::insert(tx, actor, &sending).await?;
    }
    Ok(())
}

/// Queues the sendings of a post that are not out for a moment, in milliseconds since 1970.
pub(in super::super) async fn queue(
    tx: &mut Tx,
    actor: &Actor,
    post: &CaseId,
    due_at: i64,
) -> Result<(), PostError> {
    for sending in row::of_post(tx, post).await? {
        if sending.state.may_become(State::Queued)
            && matches!(sending.state, State::Planned | State::Failed)
        {
            let after = Sending {
                due_at: Some(due_at),
                ..sending.become_(State::Queued, "")?
            };
            row::update(tx, actor, "post.queued", (&sending, &after)).await?;
        }
    }
    Ok(())
}

/// Takes the sendings of a post that are only queued out of the plan.
pub(in super::super) async fn unplan(
    tx: &mut Tx,
    actor: &Actor,
    post: &CaseId,
) -> Result<(), PostError> {
    for sending in row::of_post(tx, post).await? {
        if sending.state == State::Queued {
            let after = Sending {
                due_at: None,
                ..sending.become_(State::Planned, "")?
            };
            row::update(tx, actor, "post.unscheduled", (&sending, &after)).await?;
        }
    }
    Ok(())
}

/// Asks for everything of a post that is out to be taken down.
pub(in super::super) async fn take_down(
    tx: &mut Tx,
    actor: &Actor,
    post: &CaseId,
) -> Result<(), PostError> {
    for sending in row::of_post(tx, post).await? {
        if sending.state == State::Published {
            let after = sending.become_(State::Removing, "")?;
            row::update(tx, actor, "post.removal-asked", (&sending, &after)).await?;
            if after.remote.is_some() {
                send::queue_removal(tx, &after.id).await?;
            }
        }
    }
    Ok(())
}
