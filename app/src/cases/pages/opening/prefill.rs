//! What is known when a form is begun: the facts of an asked situation and the answer that it was given.

use policy::library::Library;
use policy::vocabulary::Vocabulary;
use register::value::Answers;
use register::{Field, FieldKind};

use super::asked::{Pairs, typed_in};
use super::open::checked;
use crate::ask;
use crate::cases::Decision;
use crate::cases::rules::InForce;
use crate::store::Reader;
use crate::web::App;
use crate::web::form::Hidden;
use crate::web::problem::Problem;

/// What an asked situation tells: facts of the vocabulary, and the answer that was given.
pub(super) struct Told {
    pub(super) facts: Pairs,
    pub(super) decision: Option<Decision>,
}

impl Told {
    /// What carries it through a form.
    pub(super) fn hidden(&self) -> Vec<Hidden> {
        let facts = self
            .facts
            .iter()
            .map(|(name, value)| Hidden::new(name, value));
        let decision = self.decision.iter();
        let decision = decision.map(|decision| Hidden::new("decision", &decision.address));
        facts.chain(decision).collect()
    }
}

/// What the pairs of an address or a form tell: the facts among them, and those of the answer that they name. What the
/// vocabulary does not know is left out.
pub(super) fn told(library: &Library, pairs: &Pairs) -> Told {
    let decided = ask::decided(library, &typed_in(pairs, "decision"));
    let is_fact = |vocabulary: &Vocabulary, (name, value): &(String, String)| {
        let attribute = vocabulary.attribute(name);
        attribute.is_some_and(|(_, attribute)| attribute.value(value).is_some())
    };
    let told = pairs
        .iter()
        .filter(|pair| is_fact(library.vocabulary(), pair));
    let mut facts: Pairs = told.cloned().collect();
    let decided_facts = decided.iter().flat_map(|decided| decided.facts.clone());
    for fact in decided_facts.collect::<Vec<_>>() {
        if !facts.iter().any(|(name, _)| *name == fact.0) {
            facts.push(fact);
        }
    }
    let decision = decided.map(|decided| Decision {
        address: decided.address,
        policy: decided.policy,
        version: decided.version,
        says: decided.says,
    });
    Told { facts, decision }
}

/// The answers that facts fill in, those alone that their fields take.
pub(super) async fn prefilled(
    app: &App,
    query: &mut Reader,
    rules: &InForce,
    facts: &Pairs,
) -> Result<Answers, Problem> {
    let library = app.library();
    let mut answers = Answers::new();
    for field in &rules.register().fields {
        let Some(value) = stands_for(field, facts).or_else(|| fact_for(field, facts)) else {
            continue;
        };
        let given = match field.kind {
            FieldKind::Text | FieldKind::LongText => words(library.vocabulary(), field, value),
            FieldKind::Person | FieldKind::Pupil | FieldKind::Evidence | FieldKind::Case(_) => None,
            _ => Some(value.to_owned()),
        };
        let Some(given) = given else {
            continue;
        };
        if let Ok(kept) = checked(query, field, vec![given], &answers, app.today()).await?
            && !kept.is_empty()
        {
            answers.insert(field.id.clone(), kept);
        }
    }
    Ok(answers)
}

/// The value of a choice whose own facts were all told: the one that says most.
fn stands_for<'f>(field: &'f Field, facts: &Pairs) -> Option<&'f str> {
    let (FieldKind::Choice(values) | FieldKind::Choices(values)) = &field.kind else {
        return None;
    };
    let told = |fact: &register::Condition| {
        let mut facts = facts.iter();
        facts.any(|(name, value)| *name == fact.field && fact.is.contains(value))
    };
    let holds =
        |value: &&register::ChoiceValue| !value.facts.is_empty() && value.facts.iter().all(told);
    let best = values.iter().filter(holds).rev();
    let best = best.max_by_key(|value| value.facts.len());
    best.map(|value| value.id.as_str())
}

fn fact_for<'p>(field: &Field, facts: &'p Pairs) -> Option<&'p str> {
    let attribute = field.fills_from.as_ref()?;
    let fact = facts.iter().find(|(name, _)| name == attribute);
    fact.map(|(_, value)| value.as_str())
}

/// A value of the vocabulary in its words.
fn words(vocabulary: &Vocabulary, field: &Field, value: &str) -> Option<String> {
    let (_, attribute) = vocabulary.attribute(field.fills_from.as_ref()?)?;
    Some(attribute.value_says(attribute.value(value)?).to_owned())
}
