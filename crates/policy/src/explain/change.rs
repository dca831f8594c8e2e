//! What would change it: the smallest changes in the asker's own power, or that of somebody who may give leave.
//!
//! Facts about people are nobody's to change, and only values that the vocabulary proposes are suggested: never
//! concealment or a false name. Every suggestion's verdict is the table's.

use serde::Serialize;

use crate::cube::{AttributeIndex, ValueSet};
use crate::policy_file::Standing;
use crate::situation::Situation;
use crate::table::{Table, Verdict};
use crate::vocabulary::{ASKER, AUTHORISED, ChangedBy, Vocabulary};

use super::{spoken_of, wording};

/// How many suggestions are told.
const TOLD_AT_MOST: usize = 6;

/// One fact that would be otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedFact<'v> {
    /// The attribute's name in data.
    pub attribute: &'v str,
    /// The values any of which would do, by name in data.
    pub values: Vec<&'v str>,
    /// Who could make it so.
    pub by: ChangedBy,
}

/// A change that leads to a better standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change<'v> {
    /// The change in words, to the person who asks: 'on your own phone instead of a school computer'.
    pub says: String,
    /// One fact or two.
    pub facts: Vec<ChangedFact<'v>>,
    /// The standing that it leads to.
    pub standing: Standing,
    /// The headline that it leads to.
    pub headline: Vec<String>,
}

/// A value that an attribute might have instead.
type Instead = (AttributeIndex, u8);

/// The values that lead to one verdict: of one attribute any of these, and perhaps one value of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) sets: Vec<(AttributeIndex, ValueSet)>,
    verdict: Verdict,
}

/// The smallest changes that lead to a better standing, the best first.
pub(super) fn changes<'v>(
    table: &Table,
    vocabulary: &'v Vocabulary,
    situation: &Situation,
    verdict: Verdict,
) -> Vec<Change<'v>> {
    let now = goodness(verdict.standing);
    if now >= goodness(Standing::Silent) {
        return Vec::new();
    }
    let options = options(vocabulary, situation);
    let judge = |changed: &[Instead]| judge(table, vocabulary, situation, changed);
    let mut ways: Vec<Way> = Vec::new();
    let mut alone = Vec::with_capacity(options.len());
    for option in &options {
        let verdict = judge(&[*option]);
        let good = verdict.map_or(now, |v| goodness(v.standing));
        alone.push(good);
        if let Some(verdict) = verdict.filter(|_| good > now) {
            join(&mut ways, vec![*option], verdict);
        }
    }
    let enough = alone.iter().copied().max().unwrap_or(now);
    for (at, one) in options.iter().enumerate() {
        for other in options.iter().skip(at + 1).filter(|o| o.0 != one.0) {
            let pair = vec![*one, *other];
            if let Some(verdict) = judge(&pair).filter(|v| goodness(v.standing) > enough) {
                join(&mut ways, pair, verdict);
            }
        }
    }
    ways.sort_by_key(|way| {
        let leave = |(a, _): &(AttributeIndex, ValueSet)| {
            vocabulary.at(*a).map(|a| a.changed_by) == Some(ChangedBy::Authoriser)
        };
        let good = std::cmp::Reverse(goodness(way.verdict.standing));
        (way.sets.len(), good, way.sets.iter().any(leave))
    });
    ways.truncate(TOLD_AT_MOST);
    ways.iter()
        .map(|way| told(vocabulary, situation, way))
        .collect()
}

/// Standings from the worst to the best for the person who asks.
fn goodness(standing: Standing) -> u8 {
    match standing {
        Standing::Prohibited => 0,
        Standing::PermissionNeeded => 1,
        Standing::AdvisedAgainst => 2,
        Standing::Silent => 3,
        Standing::PermittedWithConditions => 4,
        Standing::Permitted => 5,
    }
}

/// Every other value that may be proposed.
fn options(vocabulary: &Vocabulary, situation: &Situation) -> Vec<Instead> {
    let asker = vocabulary.attribute(ASKER);
    let asker = asker.and_then(|(index, a)| Some(a.value_id(situation.value(index)?)));
    let mut options = Vec::new();
    for (index, attribute) in vocabulary.attributes().iter().enumerate() {
        if attribute.changed_by == ChangedBy::Nobody {
            continue;
        }
        let now = situation.value(index);
        for value in attribute.propose.iter().filter(|v| Some(*v) != now) {
            // Nobody gives leave to themselves.
            let own = attribute.id == AUTHORISED && asker == Some(attribute.value_id(value));
            if !own {
                options.push((index, value));
            }
        }
    }
    options
}

/// The verdict with some values changed; `None` where that cannot be, or nobody would be asked about it.
fn judge(
    table: &Table,
    vocabulary: &Vocabulary,
    situation: &Situation,
    changed: &[Instead],
) -> Option<Verdict> {
    let with = |s: Situation, (a, value): &Instead| s.with(*a, *value);
    let there = changed.iter().fold(situation.clone(), with);
    let speaks = |(index, _): &Instead| spoken_of(vocabulary, *index, situation, &there);
    let mut impossible = vocabulary.impossible().iter();
    let can_be = !impossible.any(|i| i.when.contains(&there)) && implied(vocabulary, &there);
    (can_be && changed.iter().all(speaks)).then(|| table.verdict(&table.matches(&there)))
}

/// Whether what comes with the facts of a situation holds in it.
fn implied(vocabulary: &Vocabulary, situation: &Situation) -> bool {
    let attributes = vocabulary.attributes().iter().enumerate();
    let holding = attributes.filter(|(i, a)| a.is_yes_no() && situation.value(*i) == Some(1));
    let mut brought = holding.flat_map(|(_, a)| &a.implies);
    brought.all(|i| situation.value(*i) == Some(1))
}

/// Adds a way, together with one that differs in the value of the same first attribute only.
fn join(ways: &mut Vec<Way>, options: Vec<Instead>, verdict: Verdict) {
    let sets: Vec<(AttributeIndex, ValueSet)> = options
        .into_iter()
        .map(|(a, value)| (a, ValueSet::one(value)))
        .collect();
    let alike = ways.iter_mut().find(|way| {
        let same = way
            .sets
            .iter()
            .map(|(a, _)| a)
            .eq(sets.iter().map(|(a, _)| a));
        same && way.verdict == verdict && way.sets.get(1..) == sets.get(1..)
    });
    match (alike.and_then(|way| way.sets.first_mut()), sets.first()) {
        (Some((_, known)), Some((_, set))) => *known = known.or(*set),
        _ => ways.push(Way { sets, verdict }),
    }
}

fn told<'v>(vocabulary: &'v Vocabulary, situation: &Situation, way: &Way) -> Change<'v> {
    let facts = way.sets.iter().filter_map(|(index, set)| {
        let attribute = vocabulary.at(*index)?;
        Some(ChangedFact {
            attribute: &attribute.id,
            values: set.iter().map(|v| attribute.value_id(v)).collect(),
            by: attribute.changed_by,
        })
    });
    Change {
        says: wording::change(vocabulary, situation, &way.sets),
        facts: facts.collect(),
        standing: way.verdict.standing,
        headline: way.verdict.headline(),
    }
}
