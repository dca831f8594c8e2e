//! Why a policy decides as it does: what matched, what was lifted, what comes near, and what would change it.

mod change;
mod near;
mod wording;

use serde::Serialize;

pub use change::{Change, ChangedFact};
pub use near::NearMiss;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::decision::{Decision, by_reference};
use crate::policy_file::{Clause, Standing, Strength};
use crate::situation::Situation;
use crate::table::{Row, RowKind, Table, Verdict};
use crate::vocabulary::{AUTHORISED, DutyHeadline, Vocabulary};
use crate::words::{self, Condition};

/// A deciding clause, and what in the situation it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason<'p> {
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
    /// What the clause says, in our own words.
    pub says: &'p str,
    /// The standing that it gives here, if it is the winning one.
    pub standing: Option<Standing>,
    /// How strongly.
    pub strength: Strength,
    /// What of the situation the rule names, in words.
    pub because: Vec<Condition<'p>>,
}

/// A decision with its grounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation<'p> {
    /// The decision; what was lifted stands in it.
    pub decision: Decision<'p>,
    /// The deciding clauses, from the strictest.
    pub why: Vec<Reason<'p>>,
    /// Clauses that would decide if a fact or two were otherwise, the nearest first.
    pub nearly: Vec<NearMiss<'p>>,
    /// The smallest changes that lead to a better standing, the best first.
    pub changes: Vec<Change<'p>>,
}

/// Explains the decision of a full situation. `assumed` are the attributes that nobody gave.
#[must_use]
pub fn explain<'p>(
    table: &'p Table,
    vocabulary: &'p Vocabulary,
    situation: &Situation,
    assumed: &[AttributeIndex],
) -> Explanation<'p> {
    let verdict = table.verdict(&table.matches(situation));
    Explanation {
        decision: table.decide(vocabulary, situation, assumed),
        why: why(table, vocabulary, situation, verdict),
        nearly: near::misses(table, vocabulary, situation, verdict),
        changes: change::changes(table, vocabulary, situation, verdict),
    }
}

fn why<'p>(
    table: &'p Table,
    vocabulary: &'p Vocabulary,
    situation: &Situation,
    verdict: Verdict,
) -> Vec<Reason<'p>> {
    let mut reasons: Vec<Reason<'p>> = Vec::new();
    let matches = table.matches(situation);
    for row in matches.iter().filter_map(|index| table.rows().get(index)) {
        let standing = row.standing.filter(|s| *s == verdict.standing);
        let heads = [DutyHeadline::MustReport, DutyHeadline::MustDeclare]
            .iter()
            .any(|headline| table.duty_strength(row, *headline, vocabulary).is_some());
        if let Some(clause) = table.clause(row)
            && (standing.is_some() || heads)
        {
            let reason = Reason {
                clause,
                says: &clause.says,
                standing,
                strength: row.strength,
                because: named(table, vocabulary, situation, row),
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    reasons
}

/// What of the situation a row's rule names: its own values, in words.
fn named<'p>(
    table: &Table,
    vocabulary: &'p Vocabulary,
    situation: &Situation,
    row: &Row,
) -> Vec<Condition<'p>> {
    let rule = table.rule(row);
    let line = rule.and_then(|r| r.cubes.iter().find(|cube| cube.contains(situation)));
    let granted = vocabulary.attribute(AUTHORISED).map(|(index, _)| index);
    let granted = granted.filter(|_| row.kind == RowKind::Granted);
    let attributes = line.into_iter().flat_map(Cube::sets).map(|(a, _)| *a);
    let mut own = Cube::everything();
    for index in attributes.chain(granted) {
        for index in none_of(vocabulary, situation, index).unwrap_or_else(|| vec![index]) {
            let value = situation.value(index);
            own = value.map_or(own.clone(), |value| own.with(index, ValueSet::one(value)));
        }
    }
    words::conditions(&own, vocabulary)
}

/// The whole group of a yes-no attribute, where nothing of it holds: that is shorter to say.
fn none_of(
    vocabulary: &Vocabulary,
    situation: &Situation,
    index: AttributeIndex,
) -> Option<Vec<AttributeIndex>> {
    let group = vocabulary.at(index)?.group.as_deref()?;
    let members = &vocabulary.group(group)?.attributes;
    let none = members.iter().all(|a| situation.value(*a) == Some(0));
    none.then(|| members.clone())
}

/// Whether a person would speak of an attribute: it is worth asking about in the situation, or was told before.
fn spoken_of(
    vocabulary: &Vocabulary,
    index: AttributeIndex,
    before: &Situation,
    situation: &Situation,
) -> bool {
    vocabulary.at(index).is_some_and(|attribute| {
        let mut asked = attribute.asked_when.iter();
        attribute.asked_when.is_empty()
            || asked.any(|when| when.contains(situation))
            || before.value(index) != Some(attribute.neutral)
    })
}
