//! What carries the real policies' clauses out.

use std::collections::BTreeSet;

use policy::coverage::{CONTROL_PAGE, Carrier, Carriers, State, coverage};

use crate::real;

const FIVE: [&str; 5] = ["yes", "stivichall", "cmat", "tlt", "link"];

#[test]
fn the_five_policies_hold_548_norms() {
    let library = real::library();
    let five = FIVE.map(|id| {
        coverage(
            library.table(id).unwrap(),
            library.vocabulary(),
            &Carriers::default(),
        )
    });
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
        let coverage = coverage(table, library.vocabulary(), &Carriers::default());
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
    let count = |carriers: &Carriers| {
        coverage(table, library.vocabulary(), carriers).mechanisms["register:incident"].carried_out
    };
    assert_eq!(count(&Carriers::default()), 0);
    let with = Carriers {
        registers: BTreeSet::from(["register:incident".to_owned()]),
        ..Carriers::default()
    };
    assert!(count(&with) > 0);
    let without = coverage(table, library.vocabulary(), &Carriers::default());
    let disciplinary = without
        .clauses
        .iter()
        .find(|c| c.reference == "2.3.c")
        .unwrap();
    assert_eq!(disciplinary.state, State::NotBuiltYet);
}

#[test]
fn a_clause_on_the_policy_itself_counts_only_where_what_carries_it_is_there() {
    let library = real::library();
    let by = |policy: &str, reference: &str, carriers: &Carriers| {
        let coverage = coverage(
            library.table(policy).unwrap(),
            library.vocabulary(),
            carriers,
        );
        let clause = coverage.clauses.iter().find(|c| c.reference == reference);
        let mechanisms = &clause.unwrap().mechanisms;
        let governance = mechanisms.iter().find(|m| m.name == "governance");
        governance.unwrap().by.clone()
    };
    let nothing = Carriers::default();
    let page = Carriers {
        pages: BTreeSet::from([CONTROL_PAGE.to_owned()]),
        ..Carriers::default()
    };
    let linked = Carriers {
        registers: BTreeSet::from(["register:linked-policy".to_owned()]),
        ..page.clone()
    };
    let answered = Carriers {
        clauses: BTreeSet::from([("link".to_owned(), "2.2.a".to_owned())]),
        ..Carriers::default()
    };
    let own = Carriers {
        pages: BTreeSet::from(["/retention".to_owned()]),
        ..Carriers::default()
    };
    let all_own = Carriers {
        pages: BTreeSet::from(["/retention".to_owned(), "/me/file".to_owned()]),
        ..Carriers::default()
    };
    let none: [Carrier; 0] = [];
    assert_eq!(by("link", "control.1", &nothing), none);
    assert_eq!(by("link", "control.1", &page), [Carrier::Fact]);
    assert_eq!(by("link", "ethos.3", &page), [Carrier::Aim]);
    assert_eq!(by("link", "1.3", &page), [Carrier::Scope]);
    assert_eq!(by("link", "5.6", &page), none);
    assert_eq!(by("link", "5.6", &linked), [Carrier::Linked]);
    assert_eq!(by("link", "2.2.a", &page), none);
    assert_eq!(by("link", "2.2.a", &answered), [Carrier::Register]);
    assert_eq!(by("model", "12.1", &own), none);
    assert_eq!(by("model", "12.1", &all_own), [Carrier::Page]);
}
