//! Giving a case to somebody.

use register::life::{Refusal, Sees};

use super::case::{Case, CaseId};
use super::{CaseError, access, deadlines, parties, row, rules};
use crate::authority::{Action, Actor};
use crate::ledger::record;
use crate::messages;
use crate::store::{PersonId, Tx};

/// Gives a case to somebody who may take a step on it.
///
/// # Errors
/// As [`take`].
pub async fn assign(
    tx: &mut Tx,
    actor: &Actor,
    id: &CaseId,
    revision: i64,
    to: Option<PersonId>,
) -> Result<Case, CaseError> {
    row::lock(tx, id).await?;
    let (store, trust) = (tx.store().clone(), actor.trust.clone());
    let case = row::find(tx, &store, &trust, id)
        .await?
        .ok_or(CaseError::NotFound)?;
    let rules = rules::of_case(tx, &case.rules).await?;
    let today = store.clock().today();
    let who = parties::who(tx, &rules, &case, actor, today).await?;
    let (past, beside) = (case.past(), row::beside(tx, id).await?);
    if rules.rules().sees(case.life(&past, &beside), &who) != Sees::Whole || who.subject {
        return Err(CaseError::NotFound);
    }
    if revision != case.revision {
        return Err(CaseError::Changed);
    }
    if to.is_some() && to.as_ref() == case.subject_person() {
        return Err(Refusal::NotOffered.into());
    }
    let mut after = case.clone();
    after.handler = to;
    after.changed_at = tx.now().as_millisecond();
    after.revision += 1;
    row::update(tx, &after, false).await?;
    record(
        tx,
        actor,
        Some(Action::WorkCases),
        "case.assigned",
        Some(&case),
        Some(&after),
    )
    .await?;
    access::write(tx, &rules, &after, today).await?;
    if let Some(person) = &after.handler {
        let text = format!("You are to look after {}", after.reference);
        messages::send(tx, person, &deadlines::message(&after, text)).await?;
    }
    Ok(after)
}
