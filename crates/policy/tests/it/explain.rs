//! Explanations of the real policies: grounds that hold, near misses that would, and changes that are exact.

use policy::explain::{Explanation, explain};
use policy::library::Library;
use policy::policy_file::Clause;
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::ChangedBy;
use serde_json::{Value as Json, json};

use crate::real;

fn explained<'l>(library: &'l Library, policy: &str, given: &Json) -> Explanation<'l> {
    let vocabulary = library.vocabulary();
    let given = Given::from_json(vocabulary, given).unwrap();
    let situation = given.situation(vocabulary).unwrap();
    explain(library.table(policy).unwrap(), vocabulary, &situation, &[])
}

/// Every situation of the acceptance table under every policy.
fn each(mut check: impl FnMut(&str, &Library, &Table, &Situation, &Explanation<'_>)) {
    let library = real::library();
    let vocabulary = library.vocabulary();
    for line in real::text("policies/situations.jsonl").lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let given = Given::from_json(vocabulary, &row["given"]).unwrap();
        let situation = given.situation(vocabulary).unwrap();
        for table in library.tables() {
            let name = format!("{} {}", table.policy().id, row["id"]);
            let explained = explain(table, vocabulary, &situation, &[]);
            check(&name, &library, table, &situation, &explained);
        }
    }
}

#[test]
fn every_deciding_clause_has_its_grounds() {
    each(|name, _, table, situation, explained| {
        let mut clauses: Vec<&Clause> = explained.why.iter().map(|r| r.clause).collect();
        clauses.extend(
            table
                .shown_scope(situation)
                .map(|c| &table.policy().clauses[c]),
        );
        for clause in &explained.decision.decided_by {
            assert!(clauses.contains(clause), "{name}: {}", clause.reference);
        }
        for reason in &explained.why {
            assert!(
                explained.decision.decided_by.contains(&reason.clause),
                "{name}"
            );
            assert!(
                !reason.because.is_empty(),
                "{name}: {}",
                reason.clause.reference
            );
        }
    });
}

#[test]
fn every_change_is_in_somebodys_power_and_leads_where_it_says() {
    let mut found = 0;
    each(|name, library, table, situation, explained| {
        let vocabulary = library.vocabulary();
        for change in &explained.changes {
            found += 1;
            let mut there = vec![situation.clone()];
            for fact in &change.facts {
                let (index, attribute) = vocabulary.attribute(fact.attribute).unwrap();
                assert_ne!(attribute.changed_by, ChangedBy::Nobody, "{name}");
                let values = fact.values.iter().map(|v| attribute.value(v).unwrap());
                let values: Vec<u8> = values.collect();
                assert!(values.iter().all(|v| attribute.propose.has(*v)), "{name}");
                let with = |s: &Situation| values.iter().map(|v| s.with(index, *v)).collect();
                there = there
                    .iter()
                    .flat_map(|s| -> Vec<Situation> { with(s) })
                    .collect();
            }
            for situation in there {
                let verdict = table.verdict(&table.matches(&situation));
                assert_eq!(
                    verdict.headline(),
                    change.headline,
                    "{name}: {}",
                    change.says
                );
                assert_ne!(verdict.standing, explained.decision.standing, "{name}");
            }
        }
    });
    assert!(found > 100, "only {found} changes were found");
}

#[test]
fn what_comes_near_would_alter_the_verdict() {
    let mut found = 0;
    each(|name, library, table, situation, explained| {
        let vocabulary = library.vocabulary();
        for miss in &explained.nearly {
            found += 1;
            assert!(
                !explained.decision.decided_by.contains(&miss.clause),
                "{name}"
            );
            let facts = miss.missing.iter().flat_map(|c| {
                c.attributes
                    .iter()
                    .map(|a| (vocabulary.attribute(a).unwrap(), &c.values))
            });
            let mut there = vec![situation.clone()];
            for ((index, attribute), values) in facts {
                let values = values.iter().map(|v| attribute.value(v).unwrap());
                let values: Vec<u8> = values.collect();
                let with = |s: &Situation| values.iter().map(|v| s.with(index, *v)).collect();
                there = there
                    .iter()
                    .flat_map(|s| -> Vec<Situation> { with(s) })
                    .collect();
            }
            let now = table.verdict(&table.matches(situation));
            let mut verdicts = there.iter().map(|s| table.verdict(&table.matches(s)));
            assert!(
                verdicts.any(|v| v != now),
                "{name}: {}",
                miss.clause.reference
            );
        }
    });
    assert!(found > 300, "only {found} near misses were found");
}

#[test]
fn advice_is_said_in_words() {
    let library = real::library();
    let given = json!({ "act": "use", "device": "school-computer" });
    let explained = explained(&library, "yes", &given);
    let says: Vec<&str> = explained.changes.iter().map(|c| c.says.as_str()).collect();
    assert_eq!(
        says,
        [
            "on your own phone or your own laptop, tablet or computer instead of a school computer",
            "once a senior leader or the head has agreed",
        ]
    );
    let granted = explained.changes.last().unwrap();
    assert_eq!(granted.headline, ["permitted-with-conditions"]);
    assert_eq!(granted.facts[0].by, ChangedBy::Authoriser);
}
