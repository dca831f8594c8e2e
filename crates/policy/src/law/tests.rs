use serde_json::json;

use super::{Confidence, Law};
use crate::cube::ValueSet;
use crate::situation::{Given, Situation};
use crate::source::Source;
use crate::vocabulary::Vocabulary;

const VOCABULARY: &str = include_str!("../../../../vocabulary.toml");
const LAW: &str = include_str!("../../../../policies/law.toml");

fn vocabulary() -> Vocabulary {
    Vocabulary::load(Source::new("vocabulary.toml", VOCABULARY)).unwrap()
}

fn law(text: &str) -> Result<Law, crate::source::Faults> {
    Law::load(Source::new("law.toml", text), &vocabulary())
}

fn situation(given: serde_json::Value) -> Situation {
    let vocabulary = vocabulary();
    let given = Given::from_json(&vocabulary, &given).unwrap();
    given.situation(&vocabulary).unwrap()
}

fn bearing(nation: &str, given: serde_json::Value) -> Vec<String> {
    let law = law(LAW).unwrap();
    let situation = situation(given);
    law.bearing_on(nation, &situation)
        .map(|r| r.id.clone())
        .collect()
}

#[test]
fn every_requirement_bears_on_a_situation_that_can_be() {
    let vocabulary = vocabulary();
    let law = law(LAW).unwrap();
    for requirement in &law.requirements {
        for cube in &requirement.cubes {
            let first = |set: ValueSet| set.iter().next().map_or(ValueSet::NONE, ValueSet::one);
            let given = cube
                .sets()
                .iter()
                .fold(Given::nothing(), |given, (a, set)| {
                    let neutral = ValueSet::one(vocabulary.at(*a).unwrap().neutral);
                    let kept = if set.and(neutral).is_empty() {
                        first(*set)
                    } else {
                        neutral
                    };
                    given.with(*a, kept)
                });
            let given = given.completed(&vocabulary).unwrap();
            let situation = given.situation(&vocabulary).unwrap();
            let nation = requirement.nations.first().unwrap();
            let found = law
                .bearing_on(nation, &situation)
                .any(|r| r.id == requirement.id);
            assert!(found, "{} does not bear on its own cube", requirement.id);
        }
    }
}

#[test]
fn a_child_at_risk_comes_first_whoever_asks_and_wherever() {
    let first = |nation, given| bearing(nation, given).into_iter().next();
    let seen = json!({"act": "notice-child-at-risk"});
    assert_eq!(
        first("england", seen.clone()).as_deref(),
        Some("child-at-risk")
    );
    assert_eq!(
        first("wales", seen).as_deref(),
        Some("child-at-risk-elsewhere")
    );
    let pupil = json!({"asker": "pupil", "act": "notice-child-at-risk"});
    assert_eq!(
        first("england", pupil).as_deref(),
        Some("child-at-risk-family")
    );
}

#[test]
fn nothing_bears_on_a_harmless_act() {
    assert!(bearing("england", json!({"act": "post"})).is_empty());
    assert!(bearing("england", json!({"act": "use", "time": "break"})).is_empty());
    assert!(bearing("england", json!({"act": "connect", "other": "staff"})).is_empty());
}

#[test]
fn a_post_may_bring_in_several_and_an_asker_that_is_named_counts() {
    let post = json!({"act": "post", "criticises_school": true, "grievance": true});
    assert_eq!(bearing("england", post), ["public-interest-disclosure"]);
    let parent = json!({"asker": "parent", "act": "post", "criticises_school": true});
    assert!(bearing("england", parent).is_empty());
    let insult = json!({"act": "post", "insults": true, "untrue": true});
    assert_eq!(
        bearing("england", insult),
        ["defamation", "false-communications", "harassment"]
    );
}

#[test]
fn what_is_not_law_yet_says_when_it_is_expected() {
    let law = law(LAW).unwrap();
    let coming: Vec<&str> = law
        .requirements
        .iter()
        .filter(|r| r.expected.is_some())
        .map(|r| r.id.as_str())
        .collect();
    assert_eq!(coming, ["under-16"]);
}

#[test]
fn a_helpline_comes_with_what_refers_to_it() {
    let law = law(LAW).unwrap();
    let threats = law.requirements.iter().find(|r| r.id == "threats-received");
    let posh = threats
        .and_then(|r| r.contacts.iter().find(|h| h.id == "posh"))
        .unwrap();
    assert_eq!(posh.phone.as_deref(), Some("0344 381 4772"));
    assert_eq!(posh.confidence, Confidence::Primary);
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let faults = law(r#"
gathered = "soon"
[[contact]]
id = "police"
name = "Police"
confidence = "primary"
[[law]]
id = "a"
title = "A"
says = "Do it."
source = "An Act"
dated = "2020"
confidence = "fairly"
nations = ["englend"]
when = { act = "pots" }
contacts = ["polise"]
[[law]]
id = "a"
title = "A"
colour = "red"
"#)
    .unwrap_err();
    let told = faults.to_string();
    for part in [
        "'gathered' is a date",
        "Nobody can be reached here",
        "'confidence' cannot be 'fairly'",
        "'englend' is not a nation. Did you mean 'england'?",
        "'pots' is not a value of 'act'. Did you mean 'post'?",
        "There is no contact 'polise'. Did you mean 'police'?",
        "There are two called 'a'",
        "'colour' is not a key",
        "'says' is missing here",
        "'nations' is missing here",
        "'when' is missing here",
    ] {
        assert!(told.contains(part), "{part}\n--\n{told}");
    }
}

#[test]
fn a_file_that_breaks_off_is_refused() {
    let (start, _) = LAW.split_once("\"nspcc-whistleblowing\"]").unwrap();
    assert!(law(start).is_err());
}
