//! Comparison is exact: it finds what brute force finds, and its descriptions hold just what differs.

use std::collections::BTreeSet;

use policy::compare::{self, ClausePair, ProofLimits};
use policy::cube::{Cube, ValueSet};
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::random::{self, pairs};
use crate::{brute, real};

fn headline(table: &Table, situation: &Situation) -> Vec<String> {
    table.verdict(&table.matches(situation)).headline()
}

proptest! {
    #[test]
    fn rows_are_those_of_brute_force((sketch, second) in pairs()) {
        let vocabulary = sketch.vocabulary.load();
        let a = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let b = random::table(&second, &sketch.vocabulary, &vocabulary);
        let rows: BTreeSet<ClausePair> = compare::rows(&a, &b, &vocabulary).into_iter().collect();
        let points: Vec<Situation> = brute::possible(&vocabulary, &brute::all(&vocabulary)).collect();
        prop_assert_eq!(vec![rows], brute::pairs(&[&a, &b], &vocabulary, &points));
    }

    #[test]
    fn a_proof_holds_just_what_differs((sketch, second) in pairs()) {
        let vocabulary = sketch.vocabulary.load();
        let a = random::table(&sketch.policy, &sketch.vocabulary, &vocabulary);
        let b = random::table(&second, &sketch.vocabulary, &vocabulary);
        let limits = ProofLimits { descriptions: 1_000, areas: 10_000_000 };
        let proof = compare::proof(&a, &b, &vocabulary, limits);
        prop_assert!(proof.complete);
        let cubes: Vec<&Cube> = proof.descriptions.iter().map(|d| &d.cube).collect();
        let mut alone = vec![false; cubes.len()];
        for point in brute::possible(&vocabulary, &brute::all(&vocabulary)) {
            let holding: Vec<usize> = (0..cubes.len()).filter(|c| cubes[*c].contains(&point)).collect();
            let differs = headline(&a, &point) != headline(&b, &point);
            prop_assert_eq!(differs, !holding.is_empty(), "{:?}", point);
            if let [only] = holding[..] {
                alone[only] = true;
            }
        }
        prop_assert!(alone.iter().all(|alone| *alone), "a description is superfluous");
        for cube in cubes {
            prop_assert!(is_maximal(cube, &a, &b, &vocabulary), "{:?} could be wider", cube);
        }
    }
}

/// Whether any further value would let in a possible situation with the same headline twice.
fn is_maximal(cube: &Cube, a: &Table, b: &Table, vocabulary: &Vocabulary) -> bool {
    let agreeing: Vec<Situation> = brute::possible(vocabulary, &brute::all(vocabulary))
        .filter(|point| headline(a, point) == headline(b, point))
        .collect();
    cube.sets().iter().all(|(attribute, set)| {
        let all = ValueSet::all(vocabulary.sizes()[*attribute]);
        all.without(*set).iter().all(|value| {
            let wider = cube.with(*attribute, set.or(ValueSet::one(value)));
            agreeing.iter().any(|point| wider.contains(point))
        })
    })
}

#[test]
fn rows_of_the_real_policies_are_those_of_brute_force_on_projections() {
    for free in [
        &["asker", "act", "other", "account"][..],
        &[
            "act",
            "other",
            "tie_relative",
            "tie_recent",
            "direction",
            "authorised",
            "in_writing",
        ],
        &["act", "device", "place", "time", "purpose", "interferes"],
        &[
            "act",
            "capacity",
            "account",
            "criticises_school",
            "sexual",
            "pictures_pupil",
            "own_child_alone",
        ],
    ] {
        let library = brute::projected(free);
        let vocabulary = library.vocabulary();
        let free: Vec<usize> = free
            .iter()
            .map(|id| vocabulary.attribute(id).unwrap().0)
            .collect();
        let points: Vec<Situation> = brute::possible(vocabulary, &free).collect();
        let tables: Vec<&Table> = library.tables().iter().collect();
        let mut expected = brute::pairs(&tables, vocabulary, &points).into_iter();
        for (at, a) in tables.iter().enumerate() {
            for b in &tables[at + 1..] {
                let rows = compare::rows(a, b, vocabulary).into_iter().collect();
                assert_eq!(Some::<BTreeSet<ClausePair>>(rows), expected.next());
            }
        }
    }
}

#[test]
fn every_example_of_the_real_policies_is_decided_as_told() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    let (a, b) = (
        library.table("link").unwrap(),
        library.table("cmat").unwrap(),
    );
    let comparison = compare::compare(a, b, vocabulary);
    assert_eq!(comparison.pairs, compare::rows(a, b, vocabulary).len());
    for row in comparison.groups.iter().flat_map(|group| &group.rows) {
        let given = serde_json::Value::Object(row.example.given.clone());
        let given = Given::from_json(vocabulary, &given).unwrap_or_else(|e| panic!("{e}: {given}"));
        let situation = given.situation(vocabulary).unwrap();
        assert_eq!(row.example.a, headline(a, &situation), "{given:?}");
        assert_eq!(row.example.b, headline(b, &situation), "{given:?}");
        assert_ne!(row.example.a, row.example.b);
        assert!(!row.when.is_empty());
    }
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    let library = real::library();
    for table in library.tables() {
        let comparison = compare::compare(table, table, library.vocabulary());
        assert_eq!(comparison.pairs, 0);
        let proof = compare::proof(table, table, library.vocabulary(), ProofLimits::default());
        assert!(proof.complete && proof.descriptions.is_empty());
    }
}
