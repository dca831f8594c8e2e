//! Every clause that drafts are screened for: what carries it out, a draft that is found, a near miss that is not.

use std::collections::BTreeSet;

use policy::source::Source;
use screen::{Account, Audience, Clauses, Draft, Kind, Sure, screen};

use crate::school::{INDEX, LISTS, read, root};

/// Policy, clause, kind, account, what is found, what is not.
const CASES: &str = include_str!("../data/clauses.tsv");

fn clauses() -> Clauses {
    let text = read("screening/clauses.toml");
    match Clauses::load(Source::new("screening/clauses.toml", &text)) {
        Ok(clauses) => clauses,
        Err(faults) => panic!("{faults}"),
    }
}

/// The clauses of the policies whose `carried_by` names `screen`.
fn screened() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(root().join("policies")).expect("policies/") {
        let name = file
            .expect("a file")
            .file_name()
            .into_string()
            .expect("a name");
        let Some(policy) = name.strip_suffix(".toml").filter(|id| *id != "law") else {
            continue;
        };
        let mut clause = String::new();
        for line in read(&format!("policies/{name}")).lines() {
            if let Some(reference) = line.strip_prefix("ref = ") {
                clause = reference.trim_matches('"').to_owned();
            }
            if line.starts_with("carried_by") && line.contains("\"screen\"") {
                found.insert((policy.to_owned(), clause.clone()));
            }
        }
    }
    found
}

#[test]
fn a_clause_stands_in_the_table_if_and_only_if_its_policy_says_so() {
    let clauses = clauses();
    let listed: BTreeSet<(String, String)> = clauses
        .policies()
        .flat_map(|policy| {
            clauses
                .of(policy)
                .map(|c| (policy.to_owned(), c.to_owned()))
        })
        .collect();
    let screened = screened();
    let missing: Vec<_> = screened.difference(&listed).collect();
    let needless: Vec<_> = listed.difference(&screened).collect();
    assert!(
        missing.is_empty() && needless.is_empty(),
        "missing {missing:?}, needless {needless:?}"
    );
}

/// `alt: ...` is a picture's description, and so on; nothing before it is the text.
pub(crate) fn draft(account: &str, words: &str) -> Draft {
    let account = match account {
        "o" => Account::Official,
        "p" => Account::Personal,
        other => panic!("'{other}' is no account"),
    };
    let empty = Draft {
        account,
        ..Draft::default()
    };
    let owned = |s: &str| s.to_owned();
    match words.split_once(": ") {
        Some(("alt", alt)) => Draft {
            alts: vec![owned(alt)],
            ..empty
        },
        Some(("handle", handle)) => Draft {
            handle: owned(handle),
            ..empty
        },
        Some(("profile", profile)) => Draft {
            profile: owned(profile),
            ..empty
        },
        Some(("direct", text)) => Draft {
            text: owned(text),
            audience: Audience::Direct,
            ..empty
        },
        _ => Draft {
            text: owned(words),
            ..empty
        },
    }
}

/// The kinds found in a draft, at least likely.
pub(crate) fn found(draft: &Draft) -> BTreeSet<Kind> {
    let screening = screen(draft, &INDEX, &LISTS);
    let findings = screening.findings.iter();
    findings
        .filter(|f| f.sure >= Sure::Likely)
        .map(|f| f.kind)
        .collect()
}

#[test]
fn each_clause_has_a_draft_that_is_found_and_a_near_miss_that_is_not() {
    let clauses = clauses();
    let mut left = screened();
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [policy, clause, kind, account, hit, miss] = cells[..] else {
            panic!("six cells: {line}");
        };
        left.remove(&(policy.to_owned(), clause.to_owned()));
        let kind = Kind::named(kind).expect(kind);
        let carrying = clauses.kinds(policy, clause);
        assert!(carrying.contains(&kind), "{line}");
        let needed = if kind == Kind::WritesAsWe {
            Sure::Possible
        } else {
            Sure::Likely
        };
        let has = |words: &str| {
            let screening = screen(&draft(account, words), &INDEX, &LISTS);
            let mut findings = screening.findings.into_iter();
            findings.any(|f| f.kind == kind && f.sure >= needed)
        };
        if !has(hit) {
            wrong.push(format!("{policy} {clause}: no {} in '{hit}'", kind.id()));
        }
        let near = draft(account, miss);
        let false_alarm = found(&near)
            .into_iter()
            .find(|kind| carrying.contains(kind));
        if let Some(kind) = false_alarm.filter(|kind| *kind != Kind::DirectMessage) {
            wrong.push(format!("{policy} {clause}: {} in '{miss}'", kind.id()));
        }
    }
    assert!(left.is_empty(), "without a case: {left:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
