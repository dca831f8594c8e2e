//! Any text as a draft: screened without a panic, every span inside its part and on the boundaries of characters.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy::source::Source;
use policy::vocabulary::Vocabulary;
use screen::{Draft, Index, Known, Lists, Pupil, School, Staff, screen};

const FILES: &[(&str, &str)] = &[
    ("kinds.toml", include_str!("../../screening/kinds.toml")),
    ("names.toml", include_str!("../../screening/names.toml")),
    ("words.toml", include_str!("../../screening/words.toml")),
    ("links.toml", include_str!("../../screening/links.toml")),
    ("tone.toml", include_str!("../../screening/tone.toml")),
    ("matters.toml", include_str!("../../screening/matters.toml")),
    ("voice.toml", include_str!("../../screening/voice.toml")),
    ("rights.toml", include_str!("../../screening/rights.toml")),
];

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let vocabulary = include_str!("../../vocabulary.toml");
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", vocabulary));
    let files: Vec<Source<'_>> = FILES
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    Lists::load(&files, &vocabulary.expect("the vocabulary")).expect("the lists")
});

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let names = |names: &str| names.split('|').map(str::to_owned).collect();
    let pupil = |given: &str, family: &str| Pupil {
        given: names(given),
        family: names(family),
        year: Some(4),
        classes: names("4B|Oak"),
        ..Pupil::default()
    };
    let known = Known {
        pupils: vec![
            pupil("Ella", "Khan"),
            pupil("Will", "Young"),
            pupil("Mary-Jane", "van der Berg"),
            pupil("Zoë", "O'Brien|Müller"),
        ],
        staff: vec![Staff {
            given: names("Helen"),
            family: names("Whitcombe"),
            ..Staff::default()
        }],
        schools: vec![School {
            names: names("Oakfield Academy|Oakfield"),
            domains: names("oakfield.example.sch.uk"),
            ..School::default()
        }],
    };
    Index::new(&known, &LISTS)
});

fuzz_target!(|text: &str| {
    // The parts of a draft, one a line.
    let mut parts = text.splitn(5, '\n').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let draft = Draft {
        links: vec![part()],
        handle: part(),
        profile: part(),
        alts: vec![part()],
        text: part(),
        ..Draft::default()
    };
    for finding in screen(&draft, &INDEX, &LISTS).findings {
        assert!(
            draft
                .part(finding.part)
                .get(finding.span)
                .is_some_and(|words| !words.is_empty())
        );
    }
});
