//! Reads `drafts.txt`: each draft with what is marked in it.

use std::ops::Range;

use screen::{Account, Audience, Draft, Kind, Part};

const DRAFTS: &str = include_str!("../../data/drafts/drafts.txt");

/// Words that are a finding.
pub(super) struct Label {
    pub(super) part: Part,
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// A draft and what is in it.
pub(super) struct Labelled {
    pub(super) draft: Draft,
    pub(super) labels: Vec<Label>,
}

/// The drafts under a heading.
pub(super) fn half(heading: &str) -> Vec<Labelled> {
    let (_, rest) = DRAFTS
        .split_once(&format!("== {heading}\n"))
        .expect("the heading");
    let (half, _) = rest.split_once("\n== ").unwrap_or((rest, ""));
    let lines = half.lines().filter(|line| !line.is_empty());
    lines.map(draft).collect()
}

fn draft(line: &str) -> Labelled {
    let (account, words) = line.split_once(" | ").expect("an account and a draft");
    let account = match account {
        "o" => Account::Official,
        "p" => Account::Personal,
        other => panic!("'{other}' is no account: {line}"),
    };
    let mut read = Labelled {
        draft: Draft {
            account,
            ..Draft::default()
        },
        labels: Vec::new(),
    };
    for chunk in words.split('¦').map(str::trim) {
        part(&mut read, chunk);
    }
    read
}

fn part(read: &mut Labelled, chunk: &str) {
    let named = ["alt", "handle", "profile", "direct"];
    let named = named.iter().find_map(|name| {
        let rest = chunk.strip_prefix(name)?.strip_prefix(": ")?;
        Some((*name, rest))
    });
    let (name, marked) = named.unwrap_or(("text", chunk));
    let part = match name {
        "alt" => Part::Alt(read.draft.alts.len()),
        "handle" => Part::Handle,
        "profile" => Part::Profile,
        _ => Part::Text,
    };
    let words = marks(&marked.replace("\\n", "\n"), part, &mut read.labels);
    match name {
        "alt" => read.draft.alts.push(words),
        "handle" => read.draft.handle = words,
        "profile" => read.draft.profile = words,
        "direct" => {
            read.draft.audience = Audience::Direct;
            read.draft.text = words;
        }
        _ => read.draft.text = words,
    }
}

/// The words without their marks.
fn marks(marked: &str, part: Part, to: &mut Vec<Label>) -> String {
    let mut words = String::new();
    let mut open = Vec::new();
    let mut letters = marked.chars();
    while let Some(c) = letters.next() {
        match c {
            '{' => open.push(words.len()),
            '|' => {
                let kind: String = letters.by_ref().take_while(|c| *c != '}').collect();
                let start = open.pop().expect("an open brace");
                to.push(Label {
                    part,
                    span: start..words.len(),
                    kind: Kind::named(&kind).expect(&kind),
                });
            }
            c => words.push(c),
        }
    }
    assert!(open.is_empty(), "an open brace: {marked}");
    words
}
