//! The verdicts still possible are those of every situation that is still open, found one by one.

use std::collections::BTreeSet;

use policy::cube::ValueSet;
use policy::policy_file::Standing;
use policy::possible::{self, Missing};
use policy::situation::Given;
use policy::table::Verdict;
use proptest::prelude::*;

use crate::naive;
use crate::random::{self, Point, VocabularySketch, givens, holds, sketches};

/// What is given, by attribute.
pub(crate) type Known = Vec<Option<BTreeSet<u8>>>;

/// The same for the program.
pub(crate) fn given(known: &Known) -> Given {
    let sets = known.iter().enumerate();
    sets.fold(Given::nothing(), |given, (attribute, set)| match set {
        None => given,
        Some(set) => {
            let bits = set.iter().fold(0, |bits, value| bits | 1 << value);
            given.with(attribute, ValueSet(bits))
        }
    })
}

/// Whether a situation is open where what was not given is unknown.
///
/// It is possible, facts come with those that bring them, and what is not worth asking about is neutral unless it
/// follows from the rest.
pub(crate) fn is_open(vocabulary: &VocabularySketch, known: &Known, point: &Point) -> bool {
    let impossible = |i: &random::ImpossibleSketch| holds(&i.when, point);
    if vocabulary.impossible.iter().any(impossible) {
        return false;
    }
    vocabulary
        .attributes
        .iter()
        .enumerate()
        .all(|(index, attribute)| {
            let value = point[index];
            if let Some(set) = &known[index] {
                return set.contains(&value);
            }
            let brought = vocabulary
                .attributes
                .iter()
                .enumerate()
                .any(|(by, other)| other.implies.contains(&index) && point[by] == 1);
            if brought {
                return value == 1;
            }
            let worth_asking = attribute.asked_when.is_empty()
                || attribute.asked_when.iter().any(|when| holds(when, point));
            let mended = vocabulary.impossible.iter().any(|impossible| {
                let mut neutral = point.clone();
                neutral[index] = attribute.neutral;
                impossible.otherwise == Some((index, value)) && holds(&impossible.when, &neutral)
            });
            value == attribute.neutral || worth_asking || mended
        })
}

/// The verdicts of all open situations.
fn unknown(sketch: &random::Sketch, known: &Known) -> BTreeSet<Verdict> {
    let points = sketch.vocabulary.points();
    let open = points
        .iter()
        .filter(|point| is_open(&sketch.vocabulary, known, point));
    open.map(|point| naive::decide(&sketch.policy, point).verdict)
        .collect()
}

/// The verdicts of every way to choose from the lists, each completed as if it had been given alone.
fn neutral(
    sketch: &random::Sketch,
    known: &Known,
    loaded: &policy::vocabulary::Vocabulary,
) -> BTreeSet<Verdict> {
    let mut choices = vec![Known::new()];
    for set in known {
        let options: Vec<Option<BTreeSet<u8>>> = match set {
            None => vec![None],
            Some(set) => set.iter().map(|v| Some(BTreeSet::from([*v]))).collect(),
        };
        let with = |chosen: &Known| {
            let chosen = chosen.clone();
            options
                .clone()
                .into_iter()
                .map(move |o| [chosen.clone(), vec![o]].concat())
        };
        choices = choices.iter().flat_map(with).collect();
    }
    let situations = choices.iter().filter_map(|chosen| {
        let completed = given(chosen).completed(loaded).ok()?;
        completed.situation(loaded)
    });
    situations
        .map(|s| naive::decide(&sketch.policy, s.values()).verdict)
        .collect()
}

proptest! {
    #[test]
    fn the_verdicts_still_possible_are_those_of_the_situations_still_open(
        (sketch, known) in givens(sketches())
    ) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let given = given(&known);
        for (missing, expected) in [
            (Missing::Unknown, unknown(&sketch, &known)),
            (Missing::Neutral, neutral(&sketch, &known, &vocabulary)),
        ] {
            let found = possible::verdicts(&table, &vocabulary, &given, missing);
            let found: BTreeSet<Verdict> = found.map(|set| set.iter().collect()).unwrap_or_default();
            prop_assert_eq!(found, expected, "{:?}", missing);
        }
    }

    #[test]
    fn lists_are_decided_where_all_that_they_allow_agrees((sketch, known) in givens(sketches())) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let expected = neutral(&sketch, &known, &vocabulary);
        let standings: BTreeSet<Standing> = expected.iter().map(|v| v.standing).collect();
        match table.decide_given(&vocabulary, &given(&known)) {
            Err(_) => prop_assert!(expected.is_empty()),
            Ok(answer) => {
                let one = standings.first().copied().filter(|_| standings.len() == 1);
                prop_assert_eq!(answer.standing(), one);
                let headlines: BTreeSet<Vec<String>> = expected.iter().map(|v| v.headline()).collect();
                if let Some(possible) = answer.possible() {
                    prop_assert_eq!(possible.iter().cloned().collect::<BTreeSet<_>>(), headlines);
                } else {
                    prop_assert!(headlines.contains(answer.headline()));
                }
            }
        }
    }
}
