//! Brute force over every possible situation of a small space, row by row.

use std::collections::BTreeSet;

use policy::compare::{ClausePair, Matter, Side};
use policy::cube::Cube;
use policy::library::Library;
use policy::situation::Situation;
use policy::source::Source;
use policy::table::{Row, RowKind, Table, Verdict};
use policy::vocabulary::{DutyHeadline, Vocabulary};

use crate::real;

/// Every possible situation in which the attributes that are not `free` are neutral.
pub(crate) fn possible<'v>(
    vocabulary: &'v Vocabulary,
    free: &[usize],
) -> impl Iterator<Item = Situation> + use<'v> {
    let attributes = vocabulary.attributes();
    let neutral: Vec<u8> = attributes.iter().map(|a| a.neutral).collect();
    let free: Vec<(usize, usize)> = free
        .iter()
        .map(|a| (*a, attributes[*a].values.len()))
        .collect();
    let count: usize = free.iter().map(|(_, values)| values).product();
    let points = (0..count).map(move |mut number| {
        let mut values = neutral.clone();
        for (attribute, size) in &free {
            values[*attribute] = u8::try_from(number % size).expect("few values");
            number /= size;
        }
        Situation::new(values)
    });
    let impossible = vocabulary.impossible();
    points.filter(move |point| !impossible.iter().any(|i| i.when.contains(point)))
}

/// All attributes of a vocabulary.
pub(crate) fn all(vocabulary: &Vocabulary) -> Vec<usize> {
    (0..vocabulary.attributes().len()).collect()
}

/// What one policy says on one matter in each situation of a list, found by looking at every row.
pub(crate) struct Answers {
    matter: Matter,
    /// The different answers: the verdict with every clause that gives it; silence has no clause.
    different: Vec<BTreeSet<Side>>,
    /// For each situation, which of them it is.
    of: Vec<usize>,
}

impl Answers {
    pub(crate) fn new(
        table: &Table,
        matter: Matter,
        vocabulary: &Vocabulary,
        points: &[Situation],
    ) -> Self {
        let rows: Vec<(Side, &Cube)> = table
            .rows()
            .iter()
            .filter(|row| matches!(row.kind, RowKind::Decides | RowKind::Granted))
            .filter_map(|row| Some((side(table, row, matter, vocabulary)?, &row.cube)))
            .filter(|(_, cube)| points.iter().any(|point| cube.contains(point)))
            .collect();
        let mut different: Vec<BTreeSet<Side>> = Vec::new();
        let answer = |point: &Situation| {
            let holding = rows.iter().filter(|(_, cube)| cube.contains(point));
            let mut sides: BTreeSet<Side> = holding.map(|(side, _)| *side).collect();
            let strictest = sides.first().map(|side| side.verdict);
            sides.retain(|side| Some(side.verdict) == strictest);
            if sides.is_empty() {
                let verdict = Verdict::SILENT;
                sides.insert(Side {
                    verdict,
                    clause: None,
                });
            }
            different
                .iter()
                .position(|d| *d == sides)
                .unwrap_or_else(|| {
                    different.push(sides);
                    different.len() - 1
                })
        };
        let of = points.iter().map(answer).collect();
        Self {
            matter,
            different,
            of,
        }
    }

    /// The pairs of clauses that decide some situation of the list differently.
    pub(crate) fn pairs(&self, other: &Self) -> BTreeSet<ClausePair> {
        let met: BTreeSet<(usize, usize)> = self
            .of
            .iter()
            .copied()
            .zip(other.of.iter().copied())
            .collect();
        let matter = self.matter;
        let sides = met.iter().flat_map(|(mine, theirs)| {
            let (mine, theirs) = (&self.different[*mine], &other.different[*theirs]);
            mine.iter().flat_map(move |a| {
                theirs.iter().map(move |b| ClausePair {
                    matter,
                    a: *a,
                    b: *b,
                })
            })
        });
        sides
            .filter(|pair| pair.a.verdict != pair.b.verdict)
            .collect()
    }
}

fn side(table: &Table, row: &Row, matter: Matter, vocabulary: &Vocabulary) -> Option<Side> {
    let mut verdict = Verdict::SILENT;
    let duty = |headline| table.duty_strength(row, headline, vocabulary);
    match matter {
        Matter::Standing => {
            verdict.standing = row.standing?;
            verdict.strength = Some(row.strength);
            verdict.strength = verdict.shown_strength();
        }
        Matter::Report => verdict.report = Some(duty(DutyHeadline::MustReport)?),
        Matter::Declare => verdict.declare = Some(duty(DutyHeadline::MustDeclare)?),
    }
    let clause = Some(row.clause);
    Some(Side { verdict, clause })
}

/// What [`policy::compare::rows`] must give for every two of the tables, the earlier one first.
pub(crate) fn pairs(
    tables: &[&Table],
    vocabulary: &Vocabulary,
    points: &[Situation],
) -> Vec<BTreeSet<ClausePair>> {
    let mut found = vec![BTreeSet::new(); tables.len() * tables.len().saturating_sub(1) / 2];
    for matter in Matter::ALL {
        let answers: Vec<Answers> = (tables.iter())
            .map(|table| Answers::new(table, matter, vocabulary, points))
            .collect();
        let two = (answers.iter().enumerate())
            .flat_map(|(at, mine)| answers[at + 1..].iter().map(move |theirs| (mine, theirs)));
        for (found, (mine, theirs)) in found.iter_mut().zip(two) {
            found.extend(mine.pairs(theirs));
        }
    }
    found
}

/// The real policies in a vocabulary in which nothing but the named attributes can be other than neutral.
pub(crate) fn projected(free: &[&str]) -> Library {
    let mut vocabulary = real::text("vocabulary.toml");
    let whole = real::library();
    for attribute in whole.vocabulary().attributes() {
        if !free.contains(&attribute.id.as_str()) {
            let (id, neutral) = (&attribute.id, attribute.value_id(attribute.neutral));
            let when = if attribute.is_yes_no() {
                "[\"yes\"]".to_owned()
            } else {
                format!("[\"!{neutral}\"]")
            };
            vocabulary += &format!(
                "\n[[impossible]]\nname = \"fixed-{id}\"\nwhy = \"It is not looked at.\"\nwhen = {{ {id} = {when} }}\n"
            );
        }
    }
    // Their examples lie outside the projection.
    let without_examples = |(name, text): (String, String)| {
        let rules = text.split("\n[[example]]").next().map(str::to_owned);
        (name, rules.unwrap_or_default())
    };
    let policies: Vec<_> = real::policies().into_iter().map(without_examples).collect();
    real::library_of(Source::new("vocabulary.toml", &vocabulary), &policies)
}
