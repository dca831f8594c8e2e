//! Each word as names that it may be: alone, with those after it, or spelled out letter by letter.

use super::index::{Index, role};
use crate::text::{Text, Word, gap, like};

/// A name that some words may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) id: u32,
    /// How many words it takes.
    pub(super) words: usize,
    /// Whether its letters were apart.
    pub(super) spelled: bool,
}

/// Alone; with the words after it; spelled out.
pub(super) type Readings = [Option<Reading>; 3];

/// Names have no more words.
const LONGEST: usize = 4;
/// Names have no more letters.
const LETTERS: usize = 20;

pub(super) fn read(text: &Text, index: &Index) -> Vec<Readings> {
    let mut buffer = String::new();
    let words = 0..text.words.len();
    words
        .map(|at| {
            let alone = index.id(name(text, at)).map(|id| Reading {
                id,
                words: 1,
                spelled: false,
            });
            let starts = alone.is_some_and(|one| index.entry(one.id).is(role::STARTS));
            let several = starts.then(|| several(text, index, at, &mut buffer));
            [
                alone,
                several.flatten(),
                spelled(text, index, at, &mut buffer),
            ]
        })
        .collect()
}

/// A word as a name: the number at the end of an account's name is none of it.
fn name(text: &Text, at: usize) -> &str {
    let tag = text.words.get(at).is_some_and(|word| word.is(like::TAG));
    let word = text.word(at);
    let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if tag && !plain.is_empty() {
        plain
    } else {
        word
    }
}

/// The longest name that begins here and has more than one word.
fn several(text: &Text, index: &Index, at: usize, buffer: &mut String) -> Option<Reading> {
    let joins = gap::SPACE | gap::HYPHEN | gap::UNDER | gap::DOT;
    let close = |word: &Word| word.gap & !joins == 0;
    let more = text.words.iter().skip(at + 1).take(LONGEST - 1);
    let most = more.take_while(|word| close(word)).count();
    (1..=most).rev().find_map(|more| {
        text.joined(at..at + 1 + more, buffer);
        let id = index.id(buffer)?;
        let names = role::ANY_GIVEN | role::ANY_FAMILY;
        index.entry(id).is(names).then_some(Reading {
            id,
            words: 1 + more,
            spelled: false,
        })
    })
}

/// The longest name among single letters that begin here.
fn spelled(text: &Text, index: &Index, at: usize, buffer: &mut String) -> Option<Reading> {
    let single = |at: usize| text.word(at).chars().count() == 1;
    if !(single(at) && single(at + 1) && single(at + 2)) {
        return None;
    }
    let parted = |at: &usize| text.words.get(*at).is_some_and(|w| w.gap & gap::ENDS == 0);
    let more = (at + 1..at + LETTERS).take_while(|at| single(*at) && parted(at));
    let most = more.count();
    (2..=most).rev().find_map(|more| {
        text.joined(at..at + 1 + more, buffer);
        let id = index.id(buffer)?;
        let names = role::ANY_GIVEN | role::ANY_FAMILY;
        index.entry(id).is(names).then_some(Reading {
            id,
            words: 1 + more,
            spelled: true,
        })
    })
}
