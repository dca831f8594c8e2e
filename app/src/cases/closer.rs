//! Fields whose answers not everybody sees who sees a case: they are taken out of it before anything shows it.

use std::collections::BTreeSet;

use register::{Field, Step};

use super::case::{Beside, Case, CaseId};
use super::change::asked;
use super::rules::InForce;
use super::{CaseError, Seen, parties};
use crate::attachments::AttachmentId;
use crate::authority::{Actor, Means};
use crate::store::{Query, Store};

/// Takes out of a case what whoever asks may not see of it, out of its steps too; gives the names of those fields.
///
/// # Errors
/// Where the store fails.
pub(super) async fn without(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rules: &InForce,
    case: &mut Case,
) -> Result<BTreeSet<String>, CaseError> {
    let hidden = hidden_from(query, store, actor, rules, case).await?;
    for done in &mut case.done {
        done.answers.retain(|name, _| !hidden.contains(name));
    }
    case.answers.retain(|name, _| !hidden.contains(name));
    Ok(hidden)
}

/// The fields of a case whose answers somebody may not see.
///
/// # Errors
/// Where the store fails.
pub(super) async fn hidden_from(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
) -> Result<BTreeSet<String>, CaseError> {
    let program = actor.person.is_none() && matches!(actor.means, Means::Operator);
    if program || rules.register().kept_closer().next().is_none() {
        return Ok(BTreeSet::new());
    }
    let today = store.clock().today();
    let who = parties::who(query, rules, case, actor, today).await?;
    // Neither what was done nor what stands beside a case counts for who sees a field.
    let beside = Beside::default();
    Ok(rules.rules().hidden(case.life(&[], &beside), &who))
}

/// Whether no answer of a case, nor any that was corrected, is kept from somebody who sees it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn sees_all(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
) -> Result<bool, CaseError> {
    let hidden = hidden_from(query, store, actor, rules, case).await?;
    let earlier = case.done.iter().flat_map(|done| done.answers.keys());
    Ok(!case
        .answers
        .keys()
        .chain(earlier)
        .any(|name| hidden.contains(name)))
}

/// The files in answers, present or corrected, that somebody may not see.
///
/// # Errors
/// Where the store fails.
pub(super) async fn kept_files(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
) -> Result<BTreeSet<AttachmentId>, CaseError> {
    let hidden = hidden_from(query, store, actor, rules, case).await?;
    let given = case.done.iter().map(|done| &done.answers);
    let answers = std::iter::once(&case.answers).chain(given).flatten();
    let kept = answers.filter(|(name, _)| hidden.contains(*name));
    // What is no file has no identifier of one.
    Ok(kept
        .flat_map(|(_, given)| given)
        .filter_map(|answer| answer.parse().ok())
        .collect())
}

/// The fields that a step asks of somebody: what they do not see they cannot correct.
pub(super) fn asked_of(rules: &InForce, step: &Step, hidden: &BTreeSet<String>) -> Vec<Field> {
    let mut fields = asked(rules, step);
    fields.retain(|field| !(hidden.contains(&field.id) && step.corrects.contains(&field.id)));
    fields
}

/// The page on which alone a step of a case is taken, where it has one of its own.
pub(super) fn own_page(step: &Step, case: &CaseId) -> Option<String> {
    let page = step.page.as_ref()?;
    Some(page.replace("{case}", case.as_str()))
}

impl Seen {
    /// The fields that a step asks of whoever sees the case so.
    #[must_use]
    pub fn asked(&self, step: &Step) -> Vec<Field> {
        asked_of(&self.rules, step, &self.hidden)
    }
}
