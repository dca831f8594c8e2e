//! What carries the real policies' clauses out.

use policy::coverage::{State, coverage};

use crate::real;

const FIVE: [&str; 5] = ["yes", "stivichall", "cmat", "tlt", "link"];

#[test]
fn the_five_policies_hold_548_norms() {
    let library = real::library();
    let five = FIVE.map(|id| coverage(library.table(id).unwrap(), library.vocabulary(), &[]));
    assert_eq!(five.iter().map(|c| c.norms).sum::<usize>(), 548);
    for policy in &five {
        assert_eq!(
            policy.carried_out + policy.in_part + policy.not_built_yet,
            policy.norms
        );
        let named: usize = policy.clauses.iter().map(|c| c.mechanisms.len()).sum();
        assert_eq!(
            policy
                .mechanisms
                .values()
                .map(|count| count.norms)
                .sum::<usize>(),
            named
        );
    }
}

#[test]
fn every_clause_that_is_to_decide_has_a_rule_that_can_hold() {
    let library = real::library();
    for table in library.tables() {
        let coverage = coverage(table, library.vocabulary(), &[]);
        for clause in &coverage.clauses {
            for mechanism in clause
                .mechanisms
                .iter()
                .filter(|m| matches!(m.name, "decide" | "notice"))
            {
                let (policy, reference) = (coverage.policy, clause.reference);
                assert!(
                    !mechanism.by.is_empty(),
                    "{policy} {reference}: {}",
                    mechanism.name
                );
            }
        }
    }
}

#[test]
fn a_register_counts_only_where_the_program_has_it() {
    let library = real::library();
    let table = library.table("link").unwrap();
    let count = |carriers: &[String]| {
        coverage(table, library.vocabulary(), carriers).mechanisms["register:incident"].carried_out
    };
    assert_eq!(count(&[]), 0);
    assert!(count(&["register:incident".to_owned()]) > 0);
    let without = coverage(table, library.vocabulary(), &[]);
    let disciplinary = without
        .clauses
        .iter()
        .find(|c| c.reference == "2.3.c")
        .unwrap();
    assert_eq!(disciplinary.state, State::NotBuiltYet);
}
