//! What is on record for whoever asks: permissions that are in force, and declarations that stand. Only theirs are
//! read, and nothing of the question is kept.

mod fit;
mod honoured;
mod shown;
#[cfg(test)]
mod tests;

use policy::cube::ValueSet;
use policy::decision::{Decision, DutyDue};
use policy::policy_file::{Clause, Standing};
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::{AUTHORISED, Vocabulary};
use register::Door;

use self::fit::{Fit, fit};
use super::act::ACT;
use super::facts::Facts;
use crate::authority::{Actor, Identity, Role};
use crate::cases::{self, CaseError, Held};
use crate::store::Store;
use crate::web::App;
use crate::web::problem::Problem;

pub(crate) use honoured::{Honoured, OnRecordTold};
pub(crate) use shown::OnRecordLine;
pub(crate) use shown::{lines, words_of};

/// The name in an address by which somebody says which permission of theirs covers what they ask.
pub(super) const HELD: &str = "held";
/// Whether leave was given in writing: what is on record is.
const IN_WRITING: &str = "in_writing";

/// What stands for whoever asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct OnRecord(Vec<Held>);

/// What a permission on record makes of an answer.
#[derive(Debug)]
pub(crate) struct Leave<'h> {
    /// The permission that answers it, with the situation in which its leave is given.
    pub(crate) granted: Option<(&'h Held, Situation)>,
    /// Those that may cover it: what they are for says so, what was asked does not say enough.
    pub(crate) perhaps: Vec<&'h Held>,
}

impl OnRecord {
    /// What stands today for whoever sent the request that is being answered; nothing for nobody.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn of_request(app: &App) -> Result<Self, Problem> {
        let (Some(actor), Some(store)) = (Identity::current().actor, app.store_if_any()) else {
            return Ok(Self::default());
        };
        Ok(Self::of(store, &actor).await?)
    }

    /// What stands today for somebody.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn of(store: &Store, actor: &Actor) -> Result<Self, CaseError> {
        let mut reader = store.read(&actor.trust);
        let today = store.clock().today();
        Ok(Self(cases::held(&mut reader, store, actor, today).await?))
    }

    /// Everything that stands.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Held> {
        self.0.iter()
    }

    /// Whether nothing stands.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a permission gives the leave that a policy asks for here. A grant lifts nothing but the need for leave:
    /// where the answer is another one, there is nothing to look for. `named` is the reference that they gave.
    pub(crate) fn leave(
        &self,
        (table, vocabulary): (&Table, &Vocabulary),
        given: &Given,
        decision: &Decision<'_>,
        named: Option<&str>,
    ) -> Leave<'_> {
        let mut leave = Leave {
            granted: None,
            perhaps: Vec::new(),
        };
        if decision.standing != Standing::PermissionNeeded {
            return leave;
        }
        let permits = |held: &&Held| held.granting().is_some() && held.is_scoped_by(ACT);
        for held in self.0.iter().filter(permits) {
            let asked = decision.permission.iter().map(|due| due.clause);
            let carries = asked
                .into_iter()
                .any(|clause| carries(held, &table.policy().id, clause));
            let fit = match fit(held, vocabulary, given) {
                Fit::Whole => Fit::Whole,
                Fit::Part if named == Some(held.case.reference.as_str()) => Fit::Whole,
                Fit::Open if carries && named == Some(held.case.reference.as_str()) => Fit::Whole,
                Fit::Open if !carries => Fit::Not,
                other => other,
            };
            match (fit, with_leave((table, vocabulary), given, decision, held)) {
                (Fit::Not, _) | (_, None) => {}
                (Fit::Whole, Some(situation)) if leave.granted.is_none() => {
                    leave.granted = Some((held, situation));
                }
                (Fit::Whole, Some(_)) => {}
                (Fit::Part | Fit::Open, Some(_)) => leave.perhaps.push(held),
            }
        }
        if leave.granted.is_some() {
            leave.perhaps.clear();
        }
        leave
    }

    /// The declarations that stand and do what a duty asks for, as far as what was asked says.
    pub(crate) fn declared(
        &self,
        vocabulary: &Vocabulary,
        given: &Given,
        duty: &DutyDue<'_>,
    ) -> Vec<&Held> {
        let done = self.0.iter().filter(|held| {
            let register = held.rules.register();
            let named = format!("register:{}", register.id);
            register.door == Some(Door::Declare)
                && duty.clause.carried_by.contains(&named)
                && matches!(fit(held, vocabulary, given), Fit::Whole | Fit::Part)
        });
        done.collect()
    }

    /// What was declared of ties that may be those asked about: each with the facts that it adds to what was told.
    pub(super) fn ties(&self, vocabulary: &Vocabulary, facts: &Facts) -> Vec<(&Held, Facts)> {
        let Ok(given) = facts.given(vocabulary) else {
            return Vec::new();
        };
        let declared = self
            .0
            .iter()
            .filter(|held| held.rules.register().door == Some(Door::Declare));
        let more = declared.filter(|held| fit(held, vocabulary, &given) != Fit::Not);
        let more = more.map(|held| (held, fit::filled_in(held, vocabulary, facts)));
        more.filter(|(_, filled)| filled != facts).collect()
    }
}

/// Whether the step that granted it carries out a clause of a policy.
fn carries(held: &Held, policy: &str, clause: &Clause) -> bool {
    let step = held.granting();
    let clauses = step.into_iter().flat_map(|step| &step.clauses);
    clauses
        .into_iter()
        .any(|one| one.policy == policy && one.clause == clause.reference)
}

/// The situation with the leave that a permission gives, where that leave is enough for what the policy asks.
fn with_leave(
    (table, vocabulary): (&Table, &Vocabulary),
    given: &Given,
    decision: &Decision<'_>,
    held: &Held,
) -> Option<Situation> {
    let (authorised, attribute) = vocabulary.attribute(AUTHORISED)?;
    let enough: Vec<u8> = decision
        .permission
        .iter()
        .flat_map(|due| &due.grant.by_ids)
        .filter_map(|id| attribute.value(id))
        .collect();
    let decided = held.decided_as();
    // Whoever stands above somebody who may decide may decide too; values stand in that order.
    let by = decided
        .iter()
        .filter_map(|role| attribute.value(scale(*role)));
    let by = by.flat_map(|by| enough.iter().copied().filter(move |may| *may <= by));
    let mut by: Vec<u8> = by.collect();
    if decided.is_empty() {
        by.clone_from(&enough);
    }
    by.sort_unstable();
    by.dedup();
    let mut with = given.clone();
    if let Some((writing, _)) = vocabulary.attribute(IN_WRITING) {
        with = with.with(writing, ValueSet::one(1));
    }
    by.into_iter().rev().find_map(|by| {
        let with = with.with(authorised, ValueSet::one(by));
        let situation = with.completed(vocabulary).ok()?.situation(vocabulary)?;
        let answer = table.decide(vocabulary, &situation, &[]);
        let lifted = !matches!(
            answer.standing,
            Standing::PermissionNeeded | Standing::Prohibited
        );
        lifted.then_some(situation)
    })
}

/// The name that the vocabulary has for somebody who gives leave in a role.
fn scale(role: Role) -> &'static str {
    match role {
        Role::ChairOfGovernors => "chair",
        other => other.name(),
    }
}
