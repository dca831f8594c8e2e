//! A text as words: each folded to what it is compared as, with its place and what stood before it.

mod fold;
mod parts;
mod scan;

use std::ops::Range;

use fold::{fold, is_unseen};
pub(crate) use parts::parts;

/// What stands between a word and the one before it; several can hold.
pub(crate) mod gap {
    /// White space.
    pub(crate) const SPACE: u16 = 1;
    /// A comma.
    pub(crate) const COMMA: u16 = 1 << 1;
    /// A full stop that ends no sentence.
    pub(crate) const DOT: u16 = 1 << 2;
    /// A hyphen.
    pub(crate) const HYPHEN: u16 = 1 << 3;
    /// An underscore.
    pub(crate) const UNDER: u16 = 1 << 4;
    /// The end of a line.
    pub(crate) const NEWLINE: u16 = 1 << 5;
    /// The end of a sentence.
    pub(crate) const STOP: u16 = 1 << 6;
    /// Anything else that is seen: emoji, brackets.
    pub(crate) const SYMBOL: u16 = 1 << 7;
    /// A quotation mark or bracket.
    pub(crate) const QUOTE: u16 = 1 << 8;
    /// `@`.
    pub(crate) const AT: u16 = 1 << 9;
    /// `#`.
    pub(crate) const HASH: u16 = 1 << 10;
    /// A slash or colon.
    pub(crate) const SLASH: u16 = 1 << 11;
    /// `&`, `+`.
    pub(crate) const AND: u16 = 1 << 12;
    /// What parts two sentences.
    pub(crate) const ENDS: u16 = STOP | NEWLINE;
}

/// What a word is like; several can hold.
pub(crate) mod like {
    /// Begins with a capital.
    pub(crate) const CAPITAL: u8 = 1;
    /// Two capitals or more and no small letter.
    pub(crate) const UPPER: u8 = 1 << 1;
    /// A capital after a small letter.
    pub(crate) const INNER: u8 = 1 << 2;
    /// The first of a sentence.
    pub(crate) const FIRST: u8 = 1 << 3;
    /// In a hashtag or an account's name.
    pub(crate) const TAG: u8 = 1 << 4;
    /// Holds a digit.
    pub(crate) const DIGIT: u8 = 1 << 5;
    /// Followed by the possessive `'s`.
    pub(crate) const OWNS: u8 = 1 << 6;
    /// Part of an address, which says nothing.
    pub(crate) const LINK: u8 = 1 << 7;
}

/// A longer word is no word: it is kept whole, and matches nothing.
const LONGEST: usize = 64;

/// One word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    from: u32,
    to: u32,
    /// What stood before it, of [`gap`].
    pub(crate) gap: u16,
    /// What it is like, of [`like`].
    pub(crate) like: u8,
}

impl Word {
    pub(crate) fn is(&self, like: u8) -> bool {
        self.like & like != 0
    }
}

/// How a text uses capitals, for they say nothing where all or no letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Casing {
    Mixed,
    Small,
    Capital,
}

/// A text as words.
#[derive(Debug)]
pub(crate) struct Text {
    folded: String,
    pub(crate) words: Vec<Word>,
    pub(crate) casing: Casing,
}

impl Text {
    pub(crate) fn read(whole: &str) -> Self {
        scan::read(whole)
    }

    /// A word as it is compared; empty where it is too long to be one, or where there is none.
    pub(crate) fn word(&self, at: usize) -> &str {
        let Some(word) = self.words.get(at) else {
            return "";
        };
        let length = word.to.saturating_sub(word.from) as usize;
        if length > LONGEST {
            return "";
        }
        self.folded
            .get(word.from as usize..word.to as usize)
            .unwrap_or("")
    }

    /// Several words run together.
    pub(crate) fn joined(&self, words: Range<usize>, to: &mut String) {
        to.clear();
        for at in words {
            to.push_str(self.word(at));
        }
    }

    /// Marks the words of addresses.
    pub(crate) fn mark_links(&mut self, places: &[Range<usize>]) {
        for place in places {
            let from = self.words.partition_point(|word| word.start < place.start);
            let inside = self.words.iter_mut().skip(from);
            for word in inside.take_while(|word| word.start < place.end) {
                word.like |= like::LINK;
            }
        }
    }

    /// The words of the sentence that a word stands in.
    pub(crate) fn sentence(&self, at: usize) -> Range<usize> {
        // Nobody reads a sentence of hundreds of words as one.
        const FAR: usize = 60;
        let parts = |word: &Word| word.gap & gap::ENDS != 0;
        let low = at.saturating_sub(FAR);
        let before = self.words.get(low..=at).unwrap_or_default();
        let start = before.iter().rposition(parts).map_or(low, |i| low + i);
        let high = self.words.len().min(at + FAR);
        let after = self.words.get(at + 1..high).unwrap_or_default();
        let end = after.iter().position(parts).map_or(high, |i| at + 1 + i);
        start..end
    }

    /// The bytes that some words cover.
    pub(crate) fn span(&self, words: Range<usize>) -> Range<usize> {
        let start = self.words.get(words.start).map_or(0, |w| w.start);
        let last = words.end.checked_sub(1).and_then(|at| self.words.get(at));
        start..last.map_or(start, |w| w.end)
    }
}

/// The words of a name or a phrase of data, folded.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let text = Text::read(text);
    let words = (0..text.words.len()).map(|at| text.word(at).to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests;
