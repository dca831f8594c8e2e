//! What stands for somebody: permissions in force, declarations that were made, training that counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use policy::platforms::Platforms;
use register::life::Sees;
use register::{Effect, Field, FieldKind, Party, Step};

use super::case::{Case, moment};
use super::rules::{self, InForce};
use super::words::in_words;
use super::{CaseError, access, closer, row};
use crate::authority::{Action, Actor, Means, Place, Role};
use crate::store::{PersonId, Query, Store};
use crate::values;

/// The most cases that are looked at for one person: the latest.
const AT_MOST: i64 = 200;

/// A case about somebody that is in force today, which they see whole.
#[derive(Clone, Debug)]
pub struct Held {
    /// The case.
    pub case: Case,
    /// The rules it runs under.
    pub rules: Arc<InForce>,
}

/// The facts of the vocabulary that a case stands for: by attribute, the values of which any will do.
pub type Facts = BTreeMap<String, Vec<String>>;

/// The cases about whoever asks that are in force today, the latest first; none where they may read no cases.
///
/// # Errors
/// Where the store fails.
pub async fn held(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    today: Date,
) -> Result<Vec<Held>, CaseError> {
    match &actor.person {
        Some(person) => in_force_for(query, store, actor, person, today).await,
        None => Ok(Vec::new()),
    }
}

/// The cases about somebody that are in force today, as far as whoever asks may see them whole; the program sees all.
///
/// # Errors
/// Where the store fails.
pub async fn in_force_for(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
    today: Date,
) -> Result<Vec<Held>, CaseError> {
    if !actor.may(Action::ReadCases, Place::Anywhere) {
        return Ok(Vec::new());
    }
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND subject = $2 AND subject_kind = 'person' AND in_force = 1 \
               AND closed_at IS NULL AND (in_force_until IS NULL OR in_force_until >= $3) ORDER BY id DESC LIMIT $4",
            values![person, today, AT_MOST],
        )
        .await?;
    let mut held = Vec::new();
    for found in &rows {
        let id = found.get("id")?;
        let Some(mut case) = row::find(query, store, &actor.trust, &id).await? else {
            continue;
        };
        let program = matches!(actor.means, Means::Operator);
        if program || access::sees(query, actor, &case).await? == Sees::Whole {
            let rules = rules::of_case(query, &case.rules).await?;
            closer::without(query, store, actor, &rules, &mut case).await?;
            held.push(Held { case, rules });
        }
    }
    Ok(held)
}

impl Held {
    /// The words of its state.
    #[must_use]
    pub fn state(&self) -> &str {
        let state = self.rules.register().state(&self.case.state);
        state.map_or(self.case.state.as_str(), |state| state.says.as_str())
    }

    /// When it was opened.
    #[must_use]
    pub fn opened(&self) -> Timestamp {
        moment(self.case.opened_at)
    }

    /// The step that granted it, where one did.
    #[must_use]
    pub fn granting(&self) -> Option<&Step> {
        let grants = |step: &&Step| {
            let effects = step.effects.iter();
            effects
                .into_iter()
                .any(|effect| matches!(effect, Effect::Grant { .. }))
        };
        let steps = self.case.done.iter().rev();
        let taken = steps.filter_map(|done| self.rules.register().step(&done.step));
        taken.into_iter().find(grants)
    }

    /// Who gave leave: the role in which they did, where it is one of those who may; otherwise all who may.
    #[must_use]
    pub fn decided_as(&self) -> Vec<Role> {
        let Some(step) = self.granting() else {
            return Vec::new();
        };
        let named = step.by.iter().flat_map(|party| match party {
            Party::Role(role) => vec![role.clone()],
            Party::Setting(name) => self.rules.settings.roles(name).to_vec(),
            _ => Vec::new(),
        });
        let deciding: Vec<Role> = named.filter_map(|role| Role::named(&role)).collect();
        let done = self.case.done.iter().rev().find(|d| d.step == step.id);
        match done.and_then(|done| done.role) {
            Some(role) if deciding.contains(&role) => vec![role],
            _ => deciding,
        }
    }

    /// The facts that its answers stand for, as its register says.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        for field in &self.rules.register().fields {
            let answers = self.case.answers.get(&field.id);
            for answer in answers.into_iter().flatten() {
                add(&mut facts, field, answer);
            }
        }
        facts
    }

    /// Whether its register says of an attribute that its cases stand for it.
    #[must_use]
    pub fn is_scoped_by(&self, attribute: &str) -> bool {
        let fields = self.rules.register().fields.iter();
        fields
            .into_iter()
            .any(|field| field.fills_from.as_deref() == Some(attribute))
    }

    /// What it covers and on what terms, in words: the label of each answer that says so, and the answer.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn terms(
        &self,
        query: &mut impl Query,
        platforms: &Platforms,
    ) -> Result<Vec<(String, String)>, CaseError> {
        let register = self.rules.register();
        let steps = register.steps.iter().flat_map(|step| &step.fields);
        let telling = |field: &&Field| {
            field.terms || (field.fills_from.is_some() && field.kind != FieldKind::YesNo)
        };
        let mut terms = Vec::new();
        for field in register.fields.iter().chain(steps).filter(telling) {
            let Some(answers) = self.case.answers.get(&field.id).filter(|a| !a.is_empty()) else {
                continue;
            };
            let words = in_words(query, platforms, field, answers).await?;
            terms.push((field.label.clone(), words.join(", ")));
        }
        Ok(terms)
    }
}

/// Takes in the facts that an answer to a field stands for.
fn add(facts: &mut Facts, field: &Field, answer: &str) {
    let values = match &field.kind {
        FieldKind::Choice(values) | FieldKind::Choices(values) => values.as_slice(),
        _ => &[],
    };
    let own = values.iter().find(|value| value.id == answer);
    let own = own.map(|value| value.facts.as_slice()).unwrap_or_default();
    for fact in own {
        let known = facts.entry(fact.field.clone()).or_default();
        known.extend(fact.is.iter().cloned());
    }
    if let (Some(attribute), true) = (&field.fills_from, own.is_empty()) {
        let known = facts.entry(attribute.clone()).or_default();
        known.push(answer.to_owned());
    }
}
