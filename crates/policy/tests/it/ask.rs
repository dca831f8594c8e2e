//! Asking ends at the verdict that deciding gives, in few pages.

use std::collections::{BTreeSet, HashMap};

use policy::ask::{self, Chosen, Question};
use policy::cube::ValueSet;
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::possible::{Known, given, is_open};
use crate::random::{self, AttributeSketch, Point, VocabularySketch, sketches};
use crate::{naive, real};

/// The policies of the five organisations.
const FIVE: [&str; 5] = ["yes", "stivichall", "cmat", "tlt", "link"];
/// The pages that half of all questions need at most, and that every one needs at most.
const PAGES: (usize, usize) = (4, 8);

/// Steps already worked out, by what was known.
type Steps = HashMap<Given, (Option<Question>, Option<Vec<String>>)>;

/// Answers truthfully until the verdict is settled: the pages shown, and the headline.
fn walk(
    table: &Table,
    vocabulary: &Vocabulary,
    truth: &Situation,
    mut given: Given,
    steps: &mut Steps,
) -> (Vec<Question>, Vec<String>) {
    let mut pages = Vec::new();
    loop {
        let step = steps.entry(given.clone()).or_insert_with(|| {
            let step = ask::next(table, vocabulary, &given).unwrap();
            (step.question, step.decision.map(|d| d.headline))
        });
        if let Some(headline) = &step.1 {
            return (pages, headline.clone());
        }
        let question = step.0.clone().expect("a question where nothing is settled");
        given = ask::answer(&given, &question, &truthful(&question, truth))
            .unwrap_or_else(|e| panic!("{e}: {question:?}"));
        pages.push(question);
    }
}

/// What is true of the situation.
fn truthful(question: &Question, truth: &Situation) -> Chosen {
    match question {
        Question::Choice { attribute, .. } => Chosen::Value(truth.value(*attribute).unwrap()),
        Question::Group { members, .. } => {
            let holds = |member: &&usize| truth.value(**member) == Some(1);
            Chosen::Members(members.iter().filter(holds).copied().collect())
        }
    }
}

fn named(question: &Question, vocabulary: &Vocabulary) -> String {
    match question {
        Question::Choice { attribute, .. } => vocabulary.at(*attribute).unwrap().id.clone(),
        Question::Group { group, members } => format!("[{group} {}]", members.len()),
    }
}

#[test]
fn every_situation_is_settled_in_few_pages() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    let (act, _) = vocabulary.attribute("act").unwrap();
    let mut counts = Vec::new();
    let mut wrong = Vec::new();
    for id in FIVE {
        let table = library.table(id).unwrap();
        let mut steps = Steps::new();
        for line in real::text("policies/situations.jsonl").lines() {
            let row: Json = serde_json::from_str(line).unwrap();
            let given = Given::from_json(vocabulary, &row["given"]).unwrap();
            let truth = given.situation(vocabulary).unwrap();
            let start = Given::nothing().with(act, ValueSet::one(truth.value(act).unwrap()));
            let (pages, headline) = walk(table, vocabulary, &truth, start, &mut steps);
            let expected = table.verdict(&table.matches(&truth)).headline();
            let names: Vec<String> = pages.iter().map(|p| named(p, vocabulary)).collect();
            if headline != expected {
                wrong.push(format!(
                    "{id} {}: {headline:?}, not {expected:?}, after {names:?}",
                    row["id"]
                ));
            }
            if pages.len() > PAGES.0 {
                println!("{id} {}: {}", row["id"], names.join(" "));
            }
            counts.push(pages.len());
        }
    }
    counts.sort_unstable();
    let most = counts.last().copied().unwrap();
    let of = |pages| counts.iter().filter(|c| **c == pages).count();
    let spread: Vec<String> = (0..=most)
        .map(|n| format!("{n} pages: {}", of(n)))
        .collect();
    println!("{}", spread.join(", "));
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let median = counts[counts.len() / 2];
    assert!(
        median <= PAGES.0 && most <= PAGES.1,
        "median {median}, most {most}"
    );
}

/// How many situations of a random policy are walked through.
const WALKS: usize = 6;

proptest! {
    #[test]
    fn asking_ends_at_the_verdict_in_whatever_order_facts_are_told(
        sketch in sketches(),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<u16>()), WALKS),
    ) {
        let vocabulary = sketch.vocabulary.load();
        let table = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let nothing: Known = vec![None; sketch.vocabulary.attributes.len()];
        let all = sketch.vocabulary.points();
        let open: Vec<&Point> =
            all.iter().filter(|p| is_open(&sketch.vocabulary, &nothing, p)).collect();
        for (pick, told) in picks {
            let truth = *pick.get(&open);
            let mut known: Known = truth
                .iter()
                .enumerate()
                .map(|(at, value)| (told >> at & 1 == 1).then(|| BTreeSet::from([*value])))
                .collect();
            let expected = naive::decide(&sketch.policy, truth).verdict;
            loop {
                let step = ask::next(&table, &vocabulary, &given(&known)).unwrap();
                if let Some(decision) = step.decision {
                    prop_assert_eq!(step.possible.single(), Some(expected));
                    prop_assert_eq!(decision.headline, expected.headline());
                    break;
                }
                let question = step.question.expect("a question where nothing is settled");
                let open: Vec<&Point> =
                    all.iter().filter(|p| is_open(&sketch.vocabulary, &known, p)).collect();
                prop_assert!(matters(&sketch, &question, &open), "{question:?} for {known:?}");
                let page = match &question {
                    Question::Choice { attribute, values } => {
                        let can_be = open.iter().fold(0, |bits, p| bits | 1 << p[*attribute]);
                        prop_assert_eq!(values.0, can_be);
                        vec![*attribute]
                    }
                    Question::Group { members, .. } => members.clone(),
                };
                for attribute in page {
                    prop_assert!(known[attribute].is_none());
                    known[attribute] = Some(BTreeSet::from([truth[attribute]]));
                }
            }
        }
    }
}

/// Whether some answers to a question give different verdicts with all else the same, but for what is asked only
/// because of the answer; or some answers rule out a verdict that others leave, by what then cannot be.
fn matters(sketch: &random::Sketch, question: &Question, open: &[&Point]) -> bool {
    let page = match question {
        Question::Choice { attribute, .. } => vec![*attribute],
        Question::Group { members, .. } => members.clone(),
    };
    let mut left: HashMap<Vec<u8>, BTreeSet<_>> = HashMap::new();
    for point in open {
        let answer = page.iter().map(|attribute| point[*attribute]).collect();
        let verdict = naive::decide(&sketch.policy, point).verdict;
        left.entry(answer).or_default().insert(verdict);
    }
    let mut sets = left.values();
    let first = sets.next();
    if sets.any(|set| Some(set) != first) {
        return true;
    }
    let free = depending(&sketch.vocabulary, page);
    let mut verdicts = HashMap::new();
    open.iter().any(|point| {
        let rest: Vec<u8> = (0..point.len())
            .filter(|a| !free.contains(a))
            .map(|a| point[a])
            .collect();
        let verdict = naive::decide(&sketch.policy, point).verdict;
        *verdicts.entry(rest).or_insert(verdict) != verdict
    })
}

/// The attributes, and those that depend on them: worth asking about because of them, or tied to them by what comes
/// with what and what cannot be.
fn depending(vocabulary: &VocabularySketch, mut all: Vec<usize>) -> Vec<usize> {
    let mut at = 0;
    while let Some(attribute) = all.get(at).copied() {
        at += 1;
        let asked = |other: &AttributeSketch| {
            let mut named = other.asked_when.iter().flatten();
            named.any(|(a, _)| *a == attribute)
        };
        let attributes = vocabulary.attributes.iter().enumerate();
        let tied = attributes
            .filter(|(_, other)| asked(other) || other.implies.contains(&attribute))
            .map(|(index, _)| index);
        let brought = vocabulary.attributes[attribute].implies.iter().copied();
        let impossible = vocabulary.impossible.iter().map(|i| &i.when);
        let together = impossible
            .filter(|when| when.iter().any(|(a, _)| *a == attribute))
            .flat_map(|when| when.iter().map(|(a, _)| *a));
        for index in tied.chain(brought).chain(together) {
            if !all.contains(&index) {
                all.push(index);
            }
        }
    }
    all
}
