//! Dates as people write them.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// One whole date: `1 September 2026`, `1 Sep 2026`, `01/09/2026` or `2026-09-01`.
#[must_use]
pub fn read_date(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (partial, used) = Partial::read(&words)?;
    (used == words.len()).then(|| partial.whole(None)).flatten()
}

/// A date of which the month or the year may be missing, as in `26 to 30 October 2026`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Partial {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

impl Partial {
    /// Reads a date at the beginning of these words; says how many of them it took.
    pub(super) fn read(words: &[&str]) -> Option<(Self, usize)> {
        let mut words = words
            .iter()
            .map(|word| word.trim_matches([',', ':', '.', '(', ')']));
        let first = words.next()?;
        if let Some(whole) = numbers(first) {
            return Some((whole, 1));
        }
        let day = day(first)?;
        let Some(month) = words.next().and_then(month) else {
            let (month, year) = (None, None);
            return Some((Self { day, month, year }, 1));
        };
        let year = words.next().and_then(year);
        let used = 2 + usize::from(year.is_some());
        let month = Some(month);
        Some((Self { day, month, year }, used))
    }

    pub(super) fn has_month(self) -> bool {
        self.month.is_some()
    }

    /// The date, with what is missing taken from another.
    pub(super) fn whole(self, other: Option<Self>) -> Option<Date> {
        let month = self.month.or(other.and_then(|other| other.month))?;
        let year = self.year.or(other.and_then(|other| other.year))?;
        Date::new(year, month, self.day).ok()
    }
}

/// `2026-09-01`, `01/09/2026`, `1.9.26`.
fn numbers(word: &str) -> Option<Partial> {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (day, year) = match first.len() {
        4 => (last, first),
        _ => (first, last),
    };
    Some(Partial {
        day: digits(day)?.parse().ok()?,
        month: Some(digits(month)?.parse().ok()?),
        year: Some(self::year(year)?),
    })
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// `1`, `01`, `1st`.
fn day(word: &str) -> Option<i8> {
    let ordinal = ["st", "nd", "rd", "th"];
    let number = ordinal.iter().find_map(|ending| word.strip_suffix(ending));
    let day = digits(number.unwrap_or(word))?.parse().ok()?;
    (1..=31).contains(&day).then_some(day)
}

/// `September`, `Sept`, `sep`.
fn month(word: &str) -> Option<i8> {
    let word = word.to_ascii_lowercase();
    let found = MONTHS
        .iter()
        .position(|month| word.len() >= 3 && month.to_ascii_lowercase().starts_with(&word))?;
    i8::try_from(found + 1).ok()
}

/// `2026`, `26`.
fn year(word: &str) -> Option<i16> {
    let number: i16 = digits(word)?.parse().ok()?;
    match word.len() {
        4 => Some(number),
        2 => Some(2000 + number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::read_date;
    use crate::web::dates;

    #[test]
    fn dates_are_read_in_the_forms_that_schools_print() {
        let day = date(2026, 9, 1);
        for text in [
            "1 September 2026",
            "1st Sept 2026",
            "01/09/2026",
            "1/9/26",
            "2026-09-01",
            "1.9.2026",
        ] {
            assert_eq!(read_date(text), Some(day), "{text}");
        }
        for text in [
            "",
            "September 2026",
            "31 June 2026",
            "1 September",
            "1 September 2026 x",
            "１ September 2026",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(read_date(&dates::day(day)), Some(day));
    }
}
