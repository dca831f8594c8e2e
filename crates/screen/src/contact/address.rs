//! Postal addresses: postcodes, and a number with a street.

use super::{Own, Spot};
use crate::kind::Kind;
use crate::text::{Casing, Text, Word, gap, like};

const STREETS: &[&str] = &[
    "street", "st", "road", "rd", "lane", "ln", "avenue", "ave", "close", "drive", "crescent",
    "terrace", "gardens", "grove", "court", "place", "way", "row", "mews", "hill", "walk",
    "square", "green", "rise", "view",
];
/// Between a house's number and the word for its street.
const NAME: usize = 3;

pub(super) fn search(text: &Text, own: &Own, to: &mut Vec<Spot>) {
    for at in 0..text.words.len() {
        let found = postcode(text, at).or_else(|| street(text, at));
        let Some((words, score)) = found else {
            continue;
        };
        let mut joined = String::new();
        text.joined(at..at + words, &mut joined);
        if own
            .addresses
            .iter()
            .any(|address| address.contains(&joined))
        {
            continue;
        }
        to.push(Spot {
            span: text.span(at..at + words),
            kind: Kind::PostalAddress,
            score,
        });
    }
}

/// `NB3 4XY`, in one word or two.
fn postcode(text: &Text, at: usize) -> Option<(usize, u8)> {
    let word = text.word(at);
    if !text.words.get(at)?.is(like::DIGIT) {
        return None;
    }
    let next = text.words.get(at + 1);
    let close = next.is_some_and(|next| next.gap == gap::SPACE);
    let place =
        |next: &Word| ["1st", "2nd", "3rd"].contains(&text.word(at + 1)) && !next.is(like::UPPER);
    if close && is_outward(word) && is_inward(text.word(at + 1)) && !next.is_some_and(place) {
        return Some((2, 92));
    }
    let cut = word.len().checked_sub(3)?;
    let (outward, inward) = (word.get(..cut)?, word.get(cut..)?);
    (is_outward(outward) && is_inward(inward)).then_some((1, 80))
}

/// One or two letters, a digit, and a digit or letter more.
fn is_outward(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_lowercase).count();
    let Some(rest) = word.get(letters..) else {
        return false;
    };
    let mut rest = rest.bytes();
    let digit = rest.next().is_some_and(|b| b.is_ascii_digit());
    let more = rest.next().is_none_or(|b| b.is_ascii_alphanumeric());
    (1..=2).contains(&letters) && digit && more && rest.next().is_none()
}

/// A digit and two letters, of which some are never used.
fn is_inward(word: &str) -> bool {
    let mut bytes = word.bytes();
    let digit = bytes.next().is_some_and(|b| b.is_ascii_digit());
    let used = |b: u8| b.is_ascii_lowercase() && !b"cikmov".contains(&b);
    let letters = bytes.next().is_some_and(used) && bytes.next().is_some_and(used);
    digit && letters && bytes.next().is_none()
}

/// `14 Station Road`.
fn street(text: &Text, at: usize) -> Option<(usize, u8)> {
    let number = text.word(at);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let letter = number.get(digits..)?.chars().count();
    if !(1..=4).contains(&digits) || letter > 1 {
        return None;
    }
    let capital = |at: usize| text.words.get(at).is_some_and(|w| w.is(like::CAPITAL));
    let close = |at: usize| text.words.get(at).is_some_and(|w| w.gap == gap::SPACE);
    let named = (at + 1..at + 1 + NAME).take_while(|at| close(*at));
    let named = named.take_while(|at| text.casing != Casing::Mixed || capital(*at));
    let last = named.last()?;
    let end = (at + 2..=last).find(|at| STREETS.contains(&text.word(*at)))?;
    let score = if text.casing == Casing::Mixed { 88 } else { 65 };
    Some((end + 1 - at, score))
}

#[cfg(test)]
mod tests {
    use super::{Own, search};
    use crate::text::Text;

    fn found(text: &str) -> Vec<String> {
        let mut spots = Vec::new();
        search(&Text::read(text), &Own::default(), &mut spots);
        let words = spots.iter().map(|spot| text.get(spot.span.clone()));
        words.flatten().map(str::to_owned).collect()
    }

    #[test]
    fn postcodes_and_streets_are_found() {
        assert_eq!(found("They live at NB3 4XY now"), ["NB3 4XY"]);
        assert_eq!(found("postcode nb34xy"), ["nb34xy"]);
        assert_eq!(found("Round to 14 Station Road later"), ["14 Station Road"]);
        assert_eq!(found("I am at 7a Old Mill Lane"), ["7a Old Mill Lane"]);
    }

    #[test]
    fn numbers_before_other_words_are_not() {
        for text in [
            "Year 4 3rd place",
            "We walked 3 miles down the road",
            "U13 2nd XI",
            "4 Way tie",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
