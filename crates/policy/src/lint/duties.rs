//! Duties that two clauses put differently for one situation: another address, or another strength.

use std::collections::{BTreeMap, BTreeSet};

use crate::cube::Cube;
use crate::policy_file::{ClauseIndex, Duty, Strength};
use crate::space::Space;
use crate::table::Table;
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::{Finding, FindingKind, Named, Weight};

/// A duty of a clause, and where it holds.
struct Owed<'t> {
    clause: ClauseIndex,
    duty: &'t Duty,
    strength: Strength,
    cube: &'t Cube,
}

/// Which two ways a duty is put; the clauses are gathered under it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Difference<'t> {
    Address(&'t str, &'t str),
    Strength(&'t str, Option<&'t str>),
}

pub(super) fn findings<'t>(table: &'t Table, vocabulary: &'t Vocabulary) -> Vec<Finding<'t>> {
    let space = Space::new(vocabulary);
    let owed = owed(table, vocabulary);
    let mut differences: BTreeMap<Difference<'t>, BTreeSet<ClauseIndex>> = BTreeMap::new();
    for (at, one) in owed.iter().enumerate() {
        for other in owed
            .iter()
            .skip(at + 1)
            .filter(|other| other.clause != one.clause)
        {
            let Some(difference) = difference(one, other, vocabulary) else {
                continue;
            };
            let clauses = differences.entry(difference).or_default();
            let known = clauses.contains(&one.clause) && clauses.contains(&other.clause);
            let both = one.cube.and(other.cube).filter(|_| !known);
            if both.is_some_and(|both| space.find(&both, []).is_some()) {
                clauses.extend([one.clause, other.clause]);
            }
        }
    }
    let found = differences
        .into_iter()
        .filter(|(_, clauses)| !clauses.is_empty());
    found
        .map(|(difference, clauses)| {
            let (kind, says, advice) = difference.told(vocabulary);
            Finding {
                weight: Weight::Consider,
                kind,
                clauses: Named::at(table.policy(), clauses),
                line: None,
                says,
                advice: advice.to_owned(),
            }
        })
        .collect()
}

/// Every duty that counts as a headline, once for each cube in which it holds.
fn owed<'t>(table: &'t Table, vocabulary: &Vocabulary) -> Vec<Owed<'t>> {
    let mut owed = Vec::new();
    for row in table.rows().iter().filter(|r| r.kind.decides()) {
        for duty in table.rule(row).iter().flat_map(|rule| &rule.duties) {
            if vocabulary
                .duty(&duty.kind)
                .is_some_and(|kind| kind.headline.is_some())
            {
                owed.push(Owed {
                    clause: row.clause,
                    duty,
                    strength: row.cap.map_or(duty.strength, |cap| duty.strength.max(cap)),
                    cube: &row.cube,
                });
            }
        }
    }
    owed
}

fn difference<'t>(
    one: &Owed<'t>,
    other: &Owed<'t>,
    vocabulary: &Vocabulary,
) -> Option<Difference<'t>> {
    let (mine, theirs) = (one.duty, other.duty);
    if mine.kind != theirs.kind {
        return None;
    }
    if mine.to == theirs.to {
        let difference = Difference::Strength(&mine.kind, mine.to.as_deref());
        return (one.strength != other.strength).then_some(difference);
    }
    let (a, b) = (mine.to.as_deref()?, theirs.to.as_deref()?);
    let reports = vocabulary.duty(&mine.kind)?.headline == Some(DutyHeadline::MustReport);
    let part = |whole: &str, part: &str| {
        let any_of = vocabulary.role(whole).map(|role| role.any_of.as_slice());
        any_of.is_some_and(|any| any.iter().any(|one| one == part))
    };
    let apart = reports && !part(a, b) && !part(b, a);
    apart.then(|| Difference::Address(a.min(b), a.max(b)))
}

impl Difference<'_> {
    fn told(&self, vocabulary: &Vocabulary) -> (FindingKind, String, &'static str) {
        let role = |id: &str| {
            vocabulary
                .role(id)
                .map_or(id.to_owned(), |r| r.says.clone())
        };
        match self {
            Self::Address(one, other) => (
                FindingKind::TwoAddresses,
                format!(
                    "For the same matter, one clause sends people to {}, another to {}.",
                    role(one),
                    role(other)
                ),
                "Name one person to turn to first, or say that either will do.",
            ),
            Self::Strength(kind, to) => {
                let duty = vocabulary
                    .duty(kind)
                    .map_or((*kind).to_owned(), |d| d.says.clone());
                let to = to.map(|to| format!(" ({})", role(to))).unwrap_or_default();
                (
                    FindingKind::StrengthsDiffer,
                    format!(
                        "For the same matter, clauses ask it with different strength: {duty}{to}."
                    ),
                    "Decide whether it is a must, and say it the same way everywhere.",
                )
            }
        }
    }
}
