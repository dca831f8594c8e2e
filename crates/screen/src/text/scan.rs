//! The one pass that parts a text into words.

use super::{Casing, Text, Word, fold, gap, is_unseen, like};

struct Scan {
    folded: String,
    words: Vec<Word>,
    gap: u16,
    /// Letters of the word under way.
    small: usize,
    capital: usize,
    all_small: usize,
    all_capital: usize,
    capitalised: usize,
    in_tag: bool,
}

pub(super) fn read(whole: &str) -> Text {
    let mut scan = Scan {
        folded: String::with_capacity(whole.len()),
        words: Vec::with_capacity(whole.len() / 5),
        gap: gap::NEWLINE,
        small: 0,
        capital: 0,
        all_small: 0,
        all_capital: 0,
        capitalised: 0,
        in_tag: false,
    };
    let mut within = false;
    let mut letters = whole.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if c.is_alphanumeric() {
            if !within {
                scan.begin(at);
                within = true;
            }
            scan.letter(at, c);
        } else if is_unseen(c) || is_mark(c) {
            // Part of nothing: neither letter nor gap.
        } else if within
            && is_apostrophe(c)
            && letters.peek().is_some_and(|(_, n)| n.is_alphanumeric())
        {
            if possessive(whole, at + c.len_utf8()) {
                scan.owns();
                letters.next();
                within = false;
            }
        } else {
            within = false;
            let next = letters.peek().map(|(_, next)| *next);
            scan.part(c, next);
        }
    }
    let casing = scan.casing();
    Text {
        folded: scan.folded,
        words: scan.words,
        casing,
    }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_normalization::char::is_combining_mark(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' | '\u{b4}' | '\u{ff07}'
    )
}

/// Whether an `s` and the end of the word follow.
fn possessive(whole: &str, at: usize) -> bool {
    let mut rest = whole.get(at..).unwrap_or("").chars();
    rest.next().is_some_and(|c| c == 's' || c == 'S')
        && rest.next().is_none_or(|c| !c.is_alphanumeric())
}

impl Scan {
    fn begin(&mut self, at: usize) {
        let attached = self.gap & !(gap::UNDER | gap::DOT | gap::HYPHEN) == 0 && self.gap != 0;
        self.in_tag = self.gap & (gap::AT | gap::HASH) != 0 || (self.in_tag && attached);
        let first = if self.gap & gap::ENDS != 0 {
            like::FIRST
        } else {
            0
        };
        let tag = if self.in_tag { like::TAG } else { 0 };
        let from = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        (self.small, self.capital) = (0, 0);
        self.words.push(Word {
            start: at,
            end: at,
            from,
            to: from,
            gap: self.gap,
            like: first | tag,
        });
        self.gap = 0;
    }

    fn letter(&mut self, at: usize, c: char) {
        fold(c, &mut self.folded);
        let to = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        let capital = c.is_uppercase();
        let Some(word) = self.words.last_mut() else {
            return;
        };
        word.end = at + c.len_utf8();
        word.to = to;
        if c.is_numeric() {
            word.like |= like::DIGIT;
        } else if capital {
            if self.small > 0 {
                word.like |= like::INNER;
            } else if self.capital == 0 {
                word.like |= like::CAPITAL;
                self.capitalised += 1;
            } else {
                word.like |= like::UPPER;
            }
            self.capital += 1;
            self.all_capital += 1;
        } else {
            word.like &= !like::UPPER;
            self.small += 1;
            self.all_small += 1;
        }
    }

    fn owns(&mut self) {
        if let Some(word) = self.words.last_mut() {
            word.like |= like::OWNS;
        }
    }

    fn part(&mut self, c: char, next: Option<char>) {
        let ends = next.is_none_or(char::is_whitespace);
        // An initial's full stop ends no sentence.
        let initial = self.gap == 0 && self.words.last().is_some_and(|w| w.to - w.from == 1);
        self.gap |= match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => gap::NEWLINE,
            ',' => gap::COMMA,
            '.' if ends && !initial => gap::STOP,
            '.' | '·' => gap::DOT,
            '!' | '?' | ';' | '…' => gap::STOP,
            '-' | '‐' | '‑' => gap::HYPHEN,
            '_' => gap::UNDER,
            '@' | '＠' => gap::AT,
            '#' | '＃' => gap::HASH,
            '/' | ':' | '\\' => gap::SLASH,
            '&' | '+' => gap::AND,
            '"' | '\'' | '(' | ')' | '[' | ']' | '“' | '”' | '‘' | '’' => gap::QUOTE,
            _ if c.is_whitespace() => gap::SPACE,
            _ => gap::SYMBOL,
        };
    }

    fn casing(&self) -> Casing {
        let words = self.words.len();
        if self.capitalised == 0 {
            Casing::Small
        } else if words > 1 && self.all_capital > self.all_small.saturating_mul(3) {
            Casing::Capital
        } else {
            Casing::Mixed
        }
    }
}
