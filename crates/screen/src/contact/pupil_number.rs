//! Unique pupil numbers (DfE): a check letter, eleven digits, and a digit or, while it is temporary, a letter.

use super::Spot;
use crate::kind::Kind;
use crate::text::{Text, like};

/// The letters that check, by remainder; I, O and S are left out.
const CHECK: &[u8] = b"abcdefghjklmnpqrtuvwxyz";
const LENGTH: usize = 13;

pub(super) fn search(text: &Text, to: &mut Vec<Spot>) {
    for (at, word) in text.words.iter().enumerate() {
        if !word.is(like::DIGIT) || !has_form(text.word(at)) {
            continue;
        }
        let named = text
            .sentence(at)
            .any(|at| matches!(text.word(at), "upn" | "upns"));
        let score = match (is_checked(text.word(at)), named) {
            (true, _) => 95,
            (false, true) => 75,
            (false, false) => continue,
        };
        to.push(Spot {
            span: text.span(at..at + 1),
            kind: Kind::PupilNumber,
            score,
        });
    }
}

fn has_form(word: &str) -> bool {
    let bytes = word.as_bytes();
    let letter = bytes.first().is_some_and(u8::is_ascii_lowercase);
    let digits = bytes.get(1..LENGTH - 1);
    let digits = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
    let last = bytes.last().is_some_and(u8::is_ascii_alphanumeric);
    bytes.len() == LENGTH && letter && digits && last
}

/// Whether the first letter is the one that the rest gives: each figure times its place, 2 to 13, modulo 23.
fn is_checked(word: &str) -> bool {
    let value = |byte: &u8| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        letter => CHECK.iter().position(|check| check == letter),
    };
    let mut sum = 0;
    for (weight, byte) in (2..).zip(word.as_bytes().iter().skip(1)) {
        let Some(value) = value(byte) else {
            return false;
        };
        sum += weight * value;
    }
    CHECK.get(sum % CHECK.len()) == word.as_bytes().first()
}

#[cfg(test)]
mod tests {
    use super::{CHECK, is_checked, search};
    use crate::text::Text;

    /// A number with its right letter.
    fn checked(digits: &str) -> String {
        let letters = CHECK.iter().map(|letter| char::from(*letter));
        let mut numbers = letters.map(|letter| format!("{letter}{digits}"));
        numbers
            .find(|number| is_checked(number))
            .expect("one letter fits")
    }

    #[test]
    fn the_letter_decides() {
        // 8*2 + 2*3 + 3*4 + 4*9 + 3*13 = 109, and 109 mod 23 = 17: the letter U.
        assert_eq!(checked("823000040003"), "u823000040003");
        let mut spots = Vec::new();
        search(&Text::read("It is U823000040003 on the form"), &mut spots);
        assert_eq!(spots.len(), 1);
        search(&Text::read("order A823000040003"), &mut spots);
        assert_eq!(spots.len(), 1);
        search(&Text::read("UPN A823000040003"), &mut spots);
        assert_eq!(spots.len(), 2);
    }
}
