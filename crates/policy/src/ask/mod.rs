//! What to ask next: a partial situation to the verdicts still possible and the one question that settles most.
//!
//! A question is asked only where it can change the verdict and what it depends on is known; only values that can
//! be are offered. When one verdict is left, the decision is that verdict.

mod outlook;
mod page;
mod told;

use serde::Serialize;

pub use told::{Answering, OptionTold, QuestionTold, StepTold, known};

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::decision::Decision;
use crate::possible::{Diagram, Missing, Space, VerdictSet, gate};
use crate::situation::{Given, GivenError, Situation};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

/// One page: a choice between values, or yes-no attributes of a group, of which any number may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// One attribute has one of these values.
    Choice {
        /// The attribute.
        attribute: AttributeIndex,
        /// The values that can be.
        values: ValueSet,
    },
    /// Which of these hold; those that are not chosen do not.
    Group {
        /// The group's id.
        group: String,
        /// The yes-no attributes that can still change the verdict, in the vocabulary's order.
        members: Vec<AttributeIndex>,
    },
}

/// What was answered to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A value of the choice.
    Value(u8),
    /// The members of the group that hold; none is an answer too.
    Members(Vec<AttributeIndex>),
}

/// Where asking stands.
#[derive(Debug, Clone)]
pub struct Step<'p> {
    /// What is known, with the facts that come with it.
    pub known: Given,
    /// The verdicts still possible.
    pub possible: VerdictSet,
    /// The question to ask now; `None` where the verdict is settled.
    pub question: Option<Question>,
    /// The situation that is decided, where the verdict is settled: what is missing is neutral if it can be.
    pub situation: Option<Situation>,
    /// The decision, where the verdict is settled.
    pub decision: Option<Decision<'p>>,
}

/// Why an answer does not fit its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
pub enum Misfit {
    /// A value or a fact that the question does not offer.
    #[error("choose one of the answers that are offered")]
    NotOffered,
}

/// The next step of asking.
///
/// # Errors
/// [`GivenError::Impossible`] where what is given cannot be.
pub fn next<'p>(
    table: &'p Table,
    vocabulary: &'p Vocabulary,
    given: &Given,
) -> Result<Step<'p>, GivenError> {
    let known = given.with_implied(vocabulary);
    let space = Space::new(vocabulary, &known, Missing::Unknown);
    if let Some(step) = first(table, vocabulary, &known, &space) {
        return step;
    }
    let diagram = Diagram::new(table, vocabulary, &space);
    let possible = diagram.verdicts();
    if possible.is_empty() {
        return Err(space.refusal(vocabulary));
    }
    let settled = possible.single().is_some();
    let pages = page::pages(vocabulary, &space, &known, &diagram);
    let question = (!settled)
        .then(|| outlook::best(vocabulary, &diagram, pages))
        .flatten();
    let situation = settled
        .then(|| {
            let usual = table.usual(vocabulary, &known);
            usual.or_else(|| diagram.example(vocabulary, &space))
        })
        .flatten();
    let decision = situation
        .as_ref()
        .map(|s| table.decide(vocabulary, s, &known.assumed(vocabulary)));
    Ok(Step {
        known,
        possible,
        question,
        situation,
        decision,
    })
}

/// The question about the act, on which the asking of most others depends, where it is open and matters.
fn first<'p>(
    table: &Table,
    vocabulary: &Vocabulary,
    known: &Given,
    space: &Space,
) -> Option<Result<Step<'p>, GivenError>> {
    let attribute = gate(vocabulary).filter(|gate| space.allows(*gate).len() > 1)?;
    let mut values = ValueSet::NONE;
    let mut sets: Vec<VerdictSet> = Vec::new();
    for value in space.allows(attribute).iter() {
        let cube = Cube::everything().with(attribute, ValueSet::one(value));
        let part = Space::within(vocabulary, known, Missing::Unknown, &cube);
        let verdicts = Diagram::new(table, vocabulary, &part).verdicts();
        if !verdicts.is_empty() {
            values = values.or(ValueSet::one(value));
            sets.push(verdicts);
        }
    }
    let matters = sets.iter().any(|set| Some(set) != sets.first());
    matters.then(|| {
        Ok(Step {
            known: known.clone(),
            possible: sets
                .iter()
                .fold(VerdictSet::default(), |all, set| all.or(*set)),
            question: Some(Question::Choice { attribute, values }),
            situation: None,
            decision: None,
        })
    })
}

/// What is known once a question is answered. Every member of a group that was shown is then yes or no.
///
/// # Errors
/// [`Misfit::NotOffered`] where the answer is none of those that the question offers.
pub fn answer(given: &Given, question: &Question, chosen: &Chosen) -> Result<Given, Misfit> {
    match (question, chosen) {
        (Question::Choice { attribute, values }, Chosen::Value(value)) if values.has(*value) => {
            Ok(given.with(*attribute, ValueSet::one(*value)))
        }
        (Question::Group { members, .. }, Chosen::Members(hold))
            if hold.iter().all(|member| members.contains(member)) =>
        {
            Ok(members.iter().fold(given.clone(), |known, member| {
                let yes = u8::from(hold.contains(member));
                known.with(*member, ValueSet::one(yes))
            }))
        }
        _ => Err(Misfit::NotOffered),
    }
}
