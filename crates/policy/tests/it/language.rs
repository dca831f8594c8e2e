//! What everyday English is understood to say, measured on phrasings as staff, parents and pupils write them.
//!
//! Each line of `phrasings.jsonl` gives a text and every fact that it truly says. The lines marked `held_out` were
//! written before the reader was first run on them and are never used to improve it: whoever widens the vocabulary
//! after a look at where they fail moves them to the rest, and writes others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use policy::language::{Reader, Reading, Understood};
use policy::source::Source;
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value as Json;

const VOCABULARY: &str = include_str!("../../../../vocabulary.toml");
const PHRASINGS: &str = include_str!("../data/phrasings.jsonl");

/// The share of the facts filled in that must be right, and of the facts present that must be found.
const RIGHT_AT_LEAST: f64 = 0.98;
const FOUND_AT_LEAST: f64 = 0.93;

#[derive(Deserialize)]
struct Phrasing {
    text: String,
    facts: BTreeMap<String, Json>,
    #[serde(default)]
    held_out: bool,
}

/// How many facts were filled in, how many of them rightly, and how many the texts say.
#[derive(Default)]
struct Count {
    texts: usize,
    filled: usize,
    right: usize,
    present: usize,
}

impl Count {
    fn right_share(&self) -> f64 {
        self.right as f64 / self.filled as f64
    }

    fn found_share(&self) -> f64 {
        self.right as f64 / self.present as f64
    }
}

fn vocabulary() -> Vocabulary {
    Vocabulary::load(Source::new("vocabulary.toml", VOCABULARY)).unwrap_or_else(|f| panic!("{f}"))
}

fn phrasings() -> Vec<Phrasing> {
    let lines = PHRASINGS.lines();
    lines.map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn facts(reading: &Reading) -> BTreeSet<(String, String)> {
    let facts = reading.facts.iter();
    facts
        .map(|f| (f.attribute_id.clone(), f.value_id.clone()))
        .collect()
}

fn said(phrasing: &Phrasing) -> BTreeSet<(String, String)> {
    let value = |json: &Json| match json {
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        other => other.as_str().unwrap().to_owned(),
    };
    let facts = phrasing.facts.iter();
    facts
        .map(|(name, json)| (name.clone(), value(json)))
        .collect()
}

/// Counts one set, and says in words where the reader and the set differ.
fn measure(held_out: impl Fn(bool) -> bool) -> (Count, String) {
    let vocabulary = vocabulary();
    let reader = Reader::new(&vocabulary);
    let (mut count, mut differences) = (Count::default(), String::new());
    for phrasing in phrasings().iter().filter(|p| held_out(p.held_out)) {
        let reading = reader.read(&vocabulary, &phrasing.text);
        let (found, said) = (facts(&reading), said(phrasing));
        count.texts += 1;
        count.filled += found.len();
        count.present += said.len();
        count.right += found.intersection(&said).count();
        let says = |f: &&Understood| !said.contains(&(f.attribute_id.clone(), f.value_id.clone()));
        let wrong = reading.facts.iter().filter(says);
        let wrong: Vec<_> = wrong
            .map(|f| (&f.attribute_id, &f.value_id, &f.words))
            .collect();
        let missed: Vec<_> = said.difference(&found).collect();
        if !wrong.is_empty() || !missed.is_empty() {
            let text = &phrasing.text;
            writeln!(
                differences,
                "{text}\n    wrong {wrong:?}\n    missed {missed:?}"
            )
            .unwrap();
        }
    }
    (count, differences)
}

fn report(name: &str, count: &Count) {
    println!(
        "{name}: {} texts; {} of {} facts filled in are right ({:.1} %); of {} present, {:.1} % were found",
        count.texts,
        count.right,
        count.filled,
        100.0 * count.right_share(),
        count.present,
        100.0 * count.found_share(),
    );
}

#[test]
fn what_is_filled_in_is_right() {
    let (all, differences) = measure(|_| true);
    let (held_out, _) = measure(|held_out| held_out);
    println!("{}", measure(|held_out| !held_out).1);
    report("all", &all);
    report("held out", &held_out);
    assert!(all.texts >= 300 && held_out.texts >= 100);
    for count in [&all, &held_out] {
        assert!(count.right_share() >= RIGHT_AT_LEAST, "{differences}");
        assert!(count.found_share() >= FOUND_AT_LEAST, "{differences}");
    }
}

/// The same words in other letters, signs and spaces, as `choices` say.
fn disguised(text: &str, choices: &[u8]) -> String {
    const GAPS: [&str; 6] = [" ", "  ", "\n", ", ", " - ", "... "];
    let mut choices = choices.iter().cycle().copied();
    let mut disguised = String::new();
    for sign in text.chars() {
        let choice = choices.next().unwrap_or(0);
        match sign {
            '\'' if choice % 3 == 0 => {}
            '\'' if choice % 3 == 1 => disguised.push('\u{2019}'),
            '\'' => disguised.push('\''),
            _ if sign.is_alphanumeric() && choice % 2 == 0 => {
                disguised.extend(sign.to_uppercase());
            }
            _ if sign.is_alphanumeric() => disguised.push(sign),
            _ => disguised.push_str(GAPS[usize::from(choice) % GAPS.len()]),
        }
    }
    disguised
}

fn reader() -> &'static (Vocabulary, Reader) {
    static READER: std::sync::OnceLock<(Vocabulary, Reader)> = std::sync::OnceLock::new();
    READER.get_or_init(|| {
        let vocabulary = vocabulary();
        let reader = Reader::new(&vocabulary);
        (vocabulary, reader)
    })
}

/// Texts put together from pieces of the phrasings, so that they hold many phrases.
fn patchwork() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = phrasings().iter().map(|p| p.text.clone()).collect();
    let piece =
        (prop::sample::select(pieces), 0usize..12, 1usize..9).prop_map(|(text, skip, take)| {
            let words = text.split_whitespace().skip(skip).take(take);
            words.collect::<Vec<_>>().join(" ")
        });
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        let (vocabulary, reader) = reader();
        let reading = reader.read(vocabulary, &text);
        prop_assert_eq!(&reading, &reader.read(vocabulary, &text));
    }

    #[test]
    fn what_was_understood_can_be(text in patchwork()) {
        let (vocabulary, reader) = reader();
        let reading = reader.read(vocabulary, &text);
        prop_assert!(reading.given.completed(vocabulary).is_ok());
        for fact in &reading.facts {
            let kept = reading.given.get(fact.attribute).is_some_and(|set| set.has(fact.value));
            prop_assert!(kept && text.contains(&fact.words));
        }
    }

    #[test]
    fn letters_signs_and_spaces_make_no_difference(
        text in patchwork(),
        choices in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let (vocabulary, reader) = reader();
        let plain = facts(&reader.read(vocabulary, &text));
        let other = disguised(&text, &choices);
        prop_assert_eq!(plain, facts(&reader.read(vocabulary, &other)), "{}", other);
    }
}

#[test]
fn a_long_text_is_cut() {
    let (vocabulary, reader) = reader();
    let short = reader.read(vocabulary, "Can I accept a friend request from a pupil?");
    assert!(!short.cut);
    let long = "a friend request from a pupil, ".repeat(5_000);
    let reading = reader.read(vocabulary, &long);
    assert!(reading.cut);
    assert_eq!(
        facts(&reading),
        facts(&reader.read(vocabulary, long.get(..400).unwrap()))
    );
}
