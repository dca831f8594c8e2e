//! Splits text into words, so that case, punctuation and spaces make no difference.

use std::ops::Range;

/// A word in lower case, without apostrophes, and the bytes of the text it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) is: String,
    pub(crate) at: Range<usize>,
}

/// The words of a text. Hyphens and all other signs part words, apostrophes do not; digits and letters part
/// ('y9' is 'y' and '9').
pub(crate) fn split(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, sign) in text.char_indices() {
        if is_apostrophe(sign) {
            continue;
        }
        if !sign.is_alphanumeric() {
            open = false;
            continue;
        }
        let end = at + sign.len_utf8();
        match words.last_mut() {
            Some(word) if open && joins(&word.is, sign) => {
                word.is.extend(sign.to_lowercase());
                word.at.end = end;
            }
            _ => words.push(Word {
                is: sign.to_lowercase().collect(),
                at: at..end,
            }),
        }
        open = true;
    }
    words
}

fn joins(word: &str, sign: char) -> bool {
    let last_is_digit = word.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    last_is_digit == sign.is_ascii_digit()
}

fn is_apostrophe(sign: char) -> bool {
    matches!(
        sign,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}'
    )
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn signs_part_words_and_apostrophes_do_not() {
        let words: Vec<String> = split("I’m an EX-pupil, y9 (17yo)!")
            .into_iter()
            .map(|w| w.is)
            .collect();
        assert_eq!(words, ["im", "an", "ex", "pupil", "y", "9", "17", "yo"]);
    }
}
