//! What was found, decided by real policies.

use std::sync::LazyLock;

use policy::library::{Library, Sources};
use policy::policy_file::Standing;
use policy::source::Source;
use screen::{Asking, Draft, Kind, screen};
use serde_json::{Map, json};

use crate::clauses::draft;
use crate::school::{INDEX, LISTS, read};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let policies = ["cmat", "link", "stivichall", "tlt", "yes"].map(|id| {
        let name = format!("policies/{id}.toml");
        let text = read(&name);
        (name, text)
    });
    let policies: Vec<Source<'_>> = policies
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    let (vocabulary, law, platforms) = (
        read("vocabulary.toml"),
        read("policies/law.toml"),
        read("platforms.toml"),
    );
    let sources = Sources {
        vocabulary: Source::new("vocabulary.toml", &vocabulary),
        law: Source::new("policies/law.toml", &law),
        platforms: Source::new("platforms.toml", &platforms),
        policies: &policies,
    };
    match Library::load(sources) {
        Ok(library) => library,
        Err(faults) => panic!("{faults}"),
    }
});

/// The standing of a draft and the clauses that its findings of a kind bring.
fn judged(policy: &str, draft: &Draft, kind: Kind) -> (Standing, Vec<String>) {
    let screening = screen(draft, &INDEX, &LISTS);
    let known = Map::new();
    let asking = Asking {
        draft,
        lists: &LISTS,
        vocabulary: LIBRARY.vocabulary(),
        known: &known,
    };
    let table = LIBRARY.table(policy).expect(policy);
    let judged = asking.judge(&screening, table).expect("a decision");
    let of_kind = screening
        .findings
        .iter()
        .zip(&judged.each)
        .filter(|(f, _)| f.kind == kind);
    let clauses = of_kind.filter_map(|(_, decision)| decision.as_ref());
    let clauses = clauses.flat_map(|decision| &decision.decided_by);
    (
        judged.whole.standing,
        clauses.map(|c| c.reference.clone()).collect(),
    )
}

#[test]
fn a_finding_brings_its_clause() {
    let named = draft("o", "Well done Ella Khan");
    let (standing, clauses) = judged("link", &named, Kind::PupilFullName);
    assert_eq!(standing, Standing::Prohibited);
    assert!(clauses.contains(&"6.3.f.a".to_owned()), "{clauses:?}");

    let rude = draft("p", "My head is a useless bully");
    let (standing, clauses) = judged("cmat", &rude, Kind::CriticisesColleague);
    assert_eq!(standing, Standing::Prohibited);
    assert!(clauses.contains(&"capacity.a.2".to_owned()), "{clauses:?}");
}

#[test]
fn a_clean_draft_is_decided_as_a_post_is() {
    let (standing, clauses) = judged(
        "link",
        &draft("p", "Lovely walk with the dog"),
        Kind::Insult,
    );
    assert_eq!(standing, Standing::PermittedWithConditions);
    assert!(clauses.is_empty());
}

#[test]
fn a_reference_is_an_act_of_its_own() {
    let praise = draft("p", "I highly recommend him for any teaching post");
    let (standing, clauses) = judged("link", &praise, Kind::Reference);
    assert_eq!(standing, Standing::Prohibited);
    assert!(clauses.contains(&"3.3.a".to_owned()), "{clauses:?}");
}

#[test]
fn what_is_only_possible_is_no_fact() {
    let draft = draft("p", "A lovely picture by Ella today");
    let screening = screen(&draft, &INDEX, &LISTS);
    assert!(
        screening
            .findings
            .iter()
            .any(|f| f.kind == Kind::PupilGivenName)
    );
    assert!(
        screening
            .questions
            .iter()
            .any(|q| &*q.attribute == "identifies_pupil")
    );
    let known = json!({ "asker": "governor" });
    let asking = Asking {
        draft: &draft,
        lists: &LISTS,
        vocabulary: LIBRARY.vocabulary(),
        known: known.as_object().expect("an object"),
    };
    let given = asking.given(&screening.findings).expect("facts");
    let (identifies, _) = LIBRARY
        .vocabulary()
        .attribute("identifies_pupil")
        .expect("an attribute");
    assert!(given.get(identifies).is_none());
}

/// Every clause that a rule decides by is brought by its draft of the table, unless the rule waits for more than words tell.
#[test]
fn most_drafts_of_the_table_bring_the_clause_itself() {
    let mut own = 0;
    let mut strict = 0;
    let mut all = 0;
    for line in include_str!("../data/clauses.tsv").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [policy, clause, kind, account, hit, _] = cells[..] else {
            panic!("six cells: {line}");
        };
        if policy == "model" {
            continue;
        }
        let kind = Kind::named(kind).expect(kind);
        let (standing, clauses) = judged(policy, &draft(account, hit), kind);
        all += 1;
        own += u32::from(clauses.iter().any(|c| c == clause));
        strict += u32::from(standing < Standing::PermittedWithConditions);
    }
    println!("{all} drafts: {own} bring the clause itself, {strict} are not simply permitted");
    assert!(strict * 10 >= all * 7, "{strict} of {all}");
}
