//! Dates of birth: a date in a sentence that speaks of being born.

use super::Spot;
use crate::kind::Kind;
use crate::text::{Text, gap, like};

fn is_birth(word: &str) -> bool {
    matches!(
        word,
        "born" | "dob" | "birth" | "birthdate" | "birthday" | "birthdays"
    )
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

pub(super) fn search(text: &Text, to: &mut Vec<Spot>) {
    for at in 0..text.words.len() {
        if !is_birth(text.word(at)) {
            continue;
        }
        let mut sentence = text.sentence(at);
        let found = sentence.find_map(|at| date(text, at));
        let Some((start, words, year)) = found else {
            continue;
        };
        let span = text.span(start..start + words);
        if to.iter().any(|spot| spot.span == span) {
            continue;
        }
        to.push(Spot {
            span,
            kind: Kind::BirthDate,
            score: if year { 92 } else { 70 },
        });
    }
}

/// Where a date begins, how many words it has, and whether the year is one of them.
fn date(text: &Text, at: usize) -> Option<(usize, usize, bool)> {
    let month = |at: usize| MONTHS.contains(&text.word(at));
    if is_day(text, at) {
        let of = usize::from(text.word(at + 1) == "of");
        if month(at + 1 + of) {
            let year = is_year(text, at + 2 + of);
            return Some((at, 2 + of + usize::from(year), year));
        }
        let sign = gap::SLASH | gap::DOT | gap::HYPHEN;
        let signed = |at: usize| text.words.get(at).is_some_and(|w| w.gap & sign == w.gap);
        if signed(at + 1) && is_day(text, at + 1) && signed(at + 2) && is_number(text, at + 2) {
            return Some((at, 3, true));
        }
    }
    if month(at) && is_day(text, at + 1) {
        let year = is_year(text, at + 2);
        return Some((at, 2 + usize::from(year), year));
    }
    None
}

fn is_number(text: &Text, at: usize) -> bool {
    let word = text.word(at);
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `7`, `07`, `7th`.
fn is_day(text: &Text, at: usize) -> bool {
    let number = text.words.get(at).is_some_and(|w| w.is(like::DIGIT));
    let word = text.word(at);
    let day = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    let day = if number { day.parse::<u8>().ok() } else { None };
    day.is_some_and(|day| (1..=31).contains(&day))
}

fn is_year(text: &Text, at: usize) -> bool {
    let year = text.word(at).parse::<u16>().ok();
    year.is_some_and(|year| (1920..=2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::search;
    use crate::text::Text;

    fn found(text: &str) -> Vec<String> {
        let mut spots = Vec::new();
        search(&Text::read(text), &mut spots);
        let words = spots.iter().map(|spot| text.get(spot.span.clone()));
        words.flatten().map(str::to_owned).collect()
    }

    #[test]
    fn a_date_is_one_of_birth_where_the_sentence_says_so() {
        assert_eq!(found("DOB 07/03/2014"), ["07/03/2014"]);
        assert_eq!(
            found("She was born on 7th of March 2014."),
            ["7th of March 2014"]
        );
        assert_eq!(found("my birthday is March 7"), ["March 7"]);
        assert_eq!(
            found("The fair is on 7 March. Happy birthday!"),
            [] as [&str; 0]
        );
        assert_eq!(found("Shakespeare was born in Stratford"), [] as [&str; 0]);
    }
}
