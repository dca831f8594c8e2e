//! A text as words that the phrases know, with short forms written out and slips of the keyboard mended.

use std::collections::HashMap;
use std::ops::Range;

use super::lexicon::{Lexicon, WordId};
use crate::vocabulary::pattern::Terms;
use crate::vocabulary::words::split;

/// One word of the text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) word: Option<WordId>,
    pub(super) number: Option<u32>,
    /// The bytes of the text it stands at.
    pub(super) at: Range<usize>,
}

/// Words shorter than this are never taken for a slip of another.
const MENDED_FROM: usize = 5;
/// Only a word this long is distinct enough to be what was meant.
const MEANT_FROM: usize = 6;

/// The known words that a slip could have been meant for, by their first letter.
#[derive(Debug, Clone)]
pub(super) struct Spelling {
    by_first: HashMap<char, Vec<(String, WordId)>>,
}

impl Spelling {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut by_first: HashMap<char, Vec<(String, WordId)>> = HashMap::new();
        for (word, id) in lexicon.words() {
            let first = word.chars().next();
            if let Some(first) = first.filter(|_| word.chars().count() >= MEANT_FROM) {
                by_first
                    .entry(first)
                    .or_default()
                    .push((word.to_owned(), id));
            }
        }
        // The order of a hash map is no order: the same slip must always be mended in the same way.
        for words in by_first.values_mut() {
            words.sort();
        }
        Self { by_first }
    }

    /// The word one slip away: a letter wrong, missing, too many, or two swapped.
    fn mended(&self, word: &str) -> Option<WordId> {
        let length = word.chars().count();
        if length < MENDED_FROM {
            return None;
        }
        let near = self.by_first.get(&word.chars().next()?)?;
        let near = near
            .iter()
            .filter(|(known, _)| known.chars().count().abs_diff(length) <= 1);
        let mut found = near.filter(|(known, _)| strsim::osa_distance(known, word) == 1);
        found.next().map(|(_, id)| *id)
    }
}

pub(super) fn tokens(
    text: &str,
    terms: &Terms,
    lexicon: &Lexicon,
    spelling: &Spelling,
) -> Vec<Token> {
    let mut tokens = Vec::new();
    for word in split(text) {
        for spelt in terms.spelt(&word.is) {
            let known = lexicon.word(spelt);
            tokens.push(Token {
                word: known.or_else(|| spelling.mended(spelt)),
                number: number(spelt),
                at: word.at.clone(),
            });
        }
    }
    tokens
}

/// The number that digits or a word stand for, up to a hundred in words. 'One' is left out: it is mostly no number.
pub(super) fn number(word: &str) -> Option<u32> {
    const SMALL: [&str; 19] = [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    const TENS: [&str; 7] = [
        "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.parse().ok();
    }
    let small = SMALL.iter().zip(2..).find(|(name, _)| **name == word);
    let tens = TENS.iter().zip((30..).step_by(10));
    let mut tens = tens.filter(|(name, _)| **name == word);
    small.or_else(|| tens.next()).map(|(_, number)| number)
}
