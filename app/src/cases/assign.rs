//! Giving a case to somebody.

use register::life::{Refusal, Sees};

use super::case::{Case, CaseId};
use super::rules::InForce;
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
    given(tx, actor, &rules, case, to).await
}

/// Lets go of a case that somebody looks after, as the program: it waits for whom its register names again.
///
/// # Errors
/// Where the store fails.
pub async fn release(tx: &mut Tx, program: &Actor, id: &CaseId) -> Result<(), CaseError> {
    row::lock(tx, id).await?;
    let store = tx.store().clone();
    let case = row::find(tx, &store, &program.trust, id).await?;
    if let Some(case) = case.filter(|case| case.handler.is_some()) {
        let rules = rules::of_case(tx, &case.rules).await?;
        given(tx, program, &rules, case, None).await?;
    }
    Ok(())
}

/// Writes a case that somebody else looks after from now on.
async fn given(
    tx: &mut Tx,
    actor: &Actor,
    rules: &InForce,
    case: Case,
    to: Option<PersonId>,
) -> Result<Case, CaseError> {
    let today = tx.store().clock().today();
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
    access::write(tx, rules, &after, today).await?;
    if let Some(person) = &after.handler {
        let text = format!("You are to look after {}", after.reference);
        messages::send(tx, person, &deadlines::message(&after, text)).await?;
    }
    Ok(after)
}
