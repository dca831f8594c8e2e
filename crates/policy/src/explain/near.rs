//! Rules that a fact or two keep from deciding.

use serde::Serialize;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::decision::by_reference;
use crate::policy_file::{Clause, Standing, Strength};
use crate::possible::gate;
use crate::situation::Situation;
use crate::space::Space;
use crate::table::{Row, RowKind, Table, Verdict};
use crate::vocabulary::{ASKER, Vocabulary};
use crate::words::{self, Condition};

use super::spoken_of;

/// How many facts may be otherwise.
const FACTS_AT_MOST: usize = 2;
/// How many clauses are told.
const TOLD_AT_MOST: usize = 6;

/// A clause that would decide if a fact or two were otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearMiss<'p> {
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
    /// What the clause says, in our own words.
    pub says: &'p str,
    /// The standing that it would give, if it gives one.
    pub standing: Option<Standing>,
    /// How strongly.
    pub strength: Strength,
    /// What would have to hold for that, in words.
    pub missing: Vec<Condition<'p>>,
}

/// The rules of the same act, for the same person, that the fewest facts keep from altering the verdict; one for each clause.
pub(super) fn misses<'p>(
    table: &'p Table,
    vocabulary: &'p Vocabulary,
    situation: &Situation,
    verdict: Verdict,
) -> Vec<NearMiss<'p>> {
    let fixed: Vec<AttributeIndex> = gate(vocabulary)
        .into_iter()
        .chain(vocabulary.attribute(ASKER).map(|(index, _)| index))
        .collect();
    let matches = table.matches(situation);
    let met: Vec<&Row> = matches
        .iter()
        .filter_map(|index| table.rows().get(index))
        .collect();
    let mut near: Vec<(usize, &Row, Cube)> = Vec::new();
    for row in table.rows() {
        let decides = matches!(row.kind, RowKind::Decides | RowKind::Granted);
        let known = met.iter().any(|m| m.clause == row.clause);
        let missing = missing(row, situation);
        let far = missing.sets().is_empty() || missing.sets().len() > FACTS_AT_MOST;
        let elsewhere = fixed.iter().any(|a| missing.get(*a).is_some());
        if decides && !known && !far && !elsewhere {
            near.push((missing.sets().len(), row, missing));
        }
    }
    near.sort_by_key(|(facts, _, _)| *facts);
    let mut told: Vec<NearMiss<'p>> = Vec::new();
    for (_, row, missing) in near {
        let Some(clause) = table.clause(row) else {
            continue;
        };
        let fresh = told.iter().all(|miss| miss.clause != clause);
        if fresh && told.len() < TOLD_AT_MOST {
            let there = nearest(vocabulary, situation, &missing);
            let speaks = |there: &Situation| {
                let mut facts = missing.sets().iter();
                facts.all(|(a, _)| spoken_of(vocabulary, *a, situation, there))
            };
            let there = there.filter(speaks);
            if there.is_some_and(|s| table.verdict(&table.matches(&s)) != verdict) {
                told.push(NearMiss {
                    clause,
                    says: &clause.says,
                    standing: row.standing,
                    strength: row.strength,
                    missing: words::conditions(&missing, vocabulary),
                });
            }
        }
    }
    told
}

/// The sets of a row that the situation is not in.
fn missing(row: &Row, situation: &Situation) -> Cube {
    let sets = row.cube.sets().iter();
    let missed = sets.filter(|(a, set)| situation.value(*a).is_none_or(|v| !set.has(v)));
    missed.fold(Cube::everything(), |cube, (a, set)| cube.with(*a, *set))
}

/// A possible situation that differs only in what is missing.
fn nearest(vocabulary: &Vocabulary, situation: &Situation, missing: &Cube) -> Option<Situation> {
    let here = situation.values().iter().enumerate();
    let around = here.fold(Cube::everything(), |cube, (a, value)| {
        cube.with(a, missing.get(a).unwrap_or(ValueSet::one(*value)))
    });
    Space::new(vocabulary).find(&around, [])
}
