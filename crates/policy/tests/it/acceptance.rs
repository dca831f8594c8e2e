//! The acceptance table: 89 situations under five policies, with the headline and clauses that each must give.

use policy::library::Library;
use policy::policy_file::is_under;
use policy::situation::Given;
use serde_json::Value as Json;

use crate::real;

fn lines(name: &str) -> Vec<Json> {
    let text = real::text(name);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn texts(value: &Json) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect()
}

fn given_of<'s>(situations: &'s [Json], id: &Json) -> &'s Json {
    &situations.iter().find(|s| s["id"] == *id).unwrap()["given"]
}

/// Every cell that careful readers agree on, by headline, deciding and near clauses.
#[test]
fn every_counted_cell_is_met() {
    let library: Library = real::library();
    let vocabulary = library.vocabulary();
    let situations = lines("policies/situations.jsonl");
    let mut counted = 0;
    let mut wrong = Vec::new();
    for cell in lines("policies/expected.jsonl")
        .iter()
        .filter(|cell| cell.get("open").is_none())
    {
        counted += 1;
        let given = Given::from_json(vocabulary, given_of(&situations, &cell["id"])).unwrap();
        let table = library.table(cell["policy"].as_str().unwrap()).unwrap();
        let decision = table.decide(vocabulary, &given.situation(vocabulary).unwrap(), &[]);
        let (mut got, mut want) = (decision.headline.clone(), texts(&cell["headline"]));
        got.sort();
        want.sort();
        let decided: Vec<&str> = decision
            .decided_by
            .iter()
            .map(|c| c.reference.as_str())
            .collect();
        let near: Vec<&str> = decision.near.iter().map(|c| c.reference.as_str()).collect();
        let lacks = |among: &[&str], wanted: &str| {
            !among
                .iter()
                .any(|got| is_under(got, wanted) || is_under(wanted, got))
        };
        let missing: Vec<String> = texts(&cell["clauses"])
            .into_iter()
            .filter(|c| lacks(&decided, c))
            .collect();
        let also: Vec<&str> = near
            .iter()
            .chain(&decided)
            .copied()
            .chain(decision.also.iter().map(|c| c.reference.as_str()))
            .collect();
        let far: Vec<String> = texts(&cell["near"])
            .into_iter()
            .filter(|c| lacks(&also, c))
            .collect();
        if got != want || !missing.is_empty() || !far.is_empty() {
            wrong.push(format!(
                "{} {}: got {got:?} by {decided:?} near {near:?}; expected {want:?}, deciding {missing:?} and near {far:?} are missing",
                cell["id"], cell["policy"]
            ));
        }
    }
    assert_eq!(counted, 421);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The examples that stand in the policy files.
#[test]
fn every_example_in_the_files_holds() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    let mut wrong = Vec::new();
    for table in library.tables() {
        let policy = table.policy();
        assert!(
            policy.examples.len() >= 12,
            "{} has {} examples",
            policy.id,
            policy.examples.len()
        );
        for example in &policy.examples {
            let given = Given::from_json(vocabulary, &example.given).unwrap();
            let decision = table.decide(vocabulary, &given.situation(vocabulary).unwrap(), &[]);
            let (mut got, mut want) = (decision.headline.clone(), example.headline.clone());
            got.sort();
            want.sort();
            let standing = example.standing.is_none_or(|s| s == decision.standing);
            let decided = |c: &String| {
                decision
                    .decided_by
                    .iter()
                    .any(|d| is_under(&d.reference, c))
            };
            if !standing
                || (!want.is_empty() && got != want)
                || !example.clauses.iter().all(decided)
            {
                let by: Vec<&str> = decision
                    .decided_by
                    .iter()
                    .map(|c| c.reference.as_str())
                    .collect();
                wrong.push(format!(
                    "{}.toml:{}: {}: got {got:?} by {by:?}",
                    policy.id, example.line, example.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
