//! Random small vocabularies and policies: as plain sketches, as files, and loaded.
//!
//! A sketch is drawn from a string of bytes, so that a failing one shrinks to a small one by itself.

mod draw;
mod file;

use std::collections::BTreeSet;

use policy::policy_file::{Policy, RuleEffect, Standing, Strength};
use policy::source::Source;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;

/// A full situation: the index of one value for every attribute.
pub(crate) type Point = Vec<u8>;

/// Allowed values of some attributes; an attribute that is not named may have any.
pub(crate) type Region = Vec<(usize, BTreeSet<u8>)>;

/// Whether a point is in a region.
pub(crate) fn holds(region: &Region, point: &[u8]) -> bool {
    region.iter().all(|(a, set)| set.contains(&point[*a]))
}

/// `asker`: teacher and helper may be bound, pupil never is.
pub(crate) const ASKER: usize = 0;
/// `authorised`: nobody, manager or head.
pub(crate) const AUTHORISED: usize = 1;
/// `in_writing`: yes or no.
pub(crate) const IN_WRITING: usize = 2;
/// The askers of the group `bound`.
pub(crate) const BOUND: [u8; 2] = [0, 1];
/// Kinds of duty, with the headline that each counts as.
pub(crate) const DUTIES: [(&str, Option<&str>); 3] = [
    ("report", Some("must-report")),
    ("declare", Some("must-declare")),
    ("keep", None),
];

#[derive(Debug, Clone)]
pub(crate) struct AttributeSketch {
    pub(crate) id: String,
    pub(crate) values: Vec<String>,
    pub(crate) yes_no: bool,
    pub(crate) neutral: u8,
    /// Of yes-no attributes: the group they are asked with.
    pub(crate) group: Option<usize>,
    pub(crate) asked_when: Vec<Region>,
    pub(crate) implies: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct ImpossibleSketch {
    pub(crate) when: Region,
    pub(crate) otherwise: Option<(usize, u8)>,
}

#[derive(Debug, Clone)]
pub(crate) struct VocabularySketch {
    pub(crate) attributes: Vec<AttributeSketch>,
    pub(crate) groups: usize,
    pub(crate) impossible: Vec<ImpossibleSketch>,
}

#[derive(Debug, Clone)]
pub(crate) struct CoverSketch {
    pub(crate) askers: BTreeSet<u8>,
    pub(crate) shown: bool,
    pub(crate) strength: Option<Strength>,
}

#[derive(Debug, Clone)]
pub(crate) struct GrantSketch {
    pub(crate) by: BTreeSet<u8>,
    pub(crate) written: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct RuleSketch {
    pub(crate) effect: RuleEffect,
    pub(crate) standing: Option<Standing>,
    pub(crate) strength: Strength,
    pub(crate) when: Region,
    pub(crate) either: Vec<Region>,
    /// Index into [`DUTIES`], and strength.
    pub(crate) duties: Vec<(usize, Strength)>,
    pub(crate) grant: Option<GrantSketch>,
    /// Later clauses, so that there is no cycle.
    pub(crate) lifts: BTreeSet<usize>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ClauseSketch {
    pub(crate) covers: Vec<CoverSketch>,
    pub(crate) rules: Vec<RuleSketch>,
}

/// A policy, clause by clause; the clause at index 3 has the reference `c3`.
pub(crate) type PolicySketch = Vec<ClauseSketch>;

/// A random vocabulary with a random policy in it.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    pub(crate) vocabulary: VocabularySketch,
    pub(crate) policy: PolicySketch,
}

/// A sketch of a vocabulary and a policy, with at most a few thousand situations.
pub(crate) fn sketches() -> impl Strategy<Value = Sketch> {
    bytes().prop_map(|bytes| draw::sketch(&bytes))
}

/// A vocabulary with two policies in it, such as two versions of one or two schools'.
pub(crate) fn pairs() -> impl Strategy<Value = (Sketch, PolicySketch)> {
    (bytes(), bytes()).prop_map(|(one, other)| {
        let sketch = draw::sketch(&one);
        let second = draw::policy(&other, &sketch.vocabulary);
        (sketch, second)
    })
}

/// A sketch, and for some of its attributes the values that they may have.
pub(crate) fn givens(
    sketches: impl Strategy<Value = Sketch>,
) -> impl Strategy<Value = (Sketch, Vec<Option<BTreeSet<u8>>>)> {
    (sketches, bytes()).prop_map(|(sketch, bytes)| {
        let given = draw::given(&bytes, &sketch.vocabulary);
        (sketch, given)
    })
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..400)
}

impl VocabularySketch {
    /// The vocabulary, read from the file that the sketch stands for.
    pub(crate) fn load(&self) -> Vocabulary {
        let text = file::vocabulary(self);
        Vocabulary::load(Source::new("vocabulary.toml", &text))
            .unwrap_or_else(|faults| panic!("{faults}\n{text}"))
    }

    /// Every situation, possible or not.
    pub(crate) fn points(&self) -> Vec<Point> {
        let mut points = vec![Vec::new()];
        for attribute in &self.attributes {
            let values = 0..u8::try_from(attribute.values.len()).expect("few values");
            points = points
                .iter()
                .flat_map(|point: &Point| {
                    values
                        .clone()
                        .map(move |v| point.iter().copied().chain([v]).collect())
                })
                .collect();
        }
        points
    }
}

/// The compiled table of a policy, read from the file that the sketch stands for.
pub(crate) fn table(
    policy: &PolicySketch,
    sketch: &VocabularySketch,
    loaded: &Vocabulary,
) -> Table {
    let text = file::policy(policy, sketch);
    let policy = Policy::load(Source::new("random.toml", &text), loaded)
        .unwrap_or_else(|faults| panic!("{faults}\n{text}"));
    Table::compile(policy, loaded)
}
