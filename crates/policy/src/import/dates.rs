//! Dates as policies print them: '04.11.2021', '3rd May 2021', 'Oct 2021', 'Summer 2025'.

use serde::Serialize;

/// A date, as exact as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PrintedDate {
    /// The year.
    pub year: u16,
    /// The month, 1 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// The day of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// The school term, where that is all that is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
}

/// A season or school term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// Spring.
    Spring,
    /// Summer.
    Summer,
    /// Autumn.
    Autumn,
    /// Winter.
    Winter,
}

impl std::fmt::Display for PrintedDate {
    /// '2021-11-04', '2021-11', '2025-summer', '2025'.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.year)?;
        match (self.month, self.day, self.season) {
            (Some(month), Some(day), _) => write!(f, "-{month:02}-{day:02}"),
            (Some(month), None, _) => write!(f, "-{month:02}"),
            (None, _, Some(season)) => write!(f, "-{}", season.name()),
            (None, _, None) => Ok(()),
        }
    }
}

impl PrintedDate {
    /// Month and day on which the term ends, where the date is only a term.
    pub(super) fn end_of_season(self) -> Option<(u8, u8)> {
        match self.season? {
            Season::Spring => Some((4, 30)),
            Season::Summer => Some((7, 31)),
            Season::Autumn | Season::Winter => Some((12, 31)),
        }
    }
}

impl Season {
    fn name(self) -> &'static str {
        match self {
            Season::Spring => "spring",
            Season::Summer => "summer",
            Season::Autumn => "autumn",
            Season::Winter => "winter",
        }
    }
}

/// The most exact date in a text.
pub(super) fn find(text: &str) -> Option<PrintedDate> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '/' | '-')))
        .map(|word| word.trim_matches(['.', '/', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut best: Option<(u8, PrintedDate)> = None;
    for at in 0..words.len() {
        let Some(date) = date_at(words.get(at..).unwrap_or_default()) else {
            continue;
        };
        let exactness = match (date.day, date.month, date.season) {
            (Some(_), ..) => 3,
            (None, Some(_), _) => 2,
            (None, None, Some(_)) => 1,
            (None, None, None) => 0,
        };
        if best.is_none_or(|(known, _)| exactness > known) {
            best = Some((exactness, date));
        }
    }
    best.map(|(_, date)| date)
}

fn date_at(words: &[&str]) -> Option<PrintedDate> {
    let word = words.first()?;
    if let Some(date) = in_figures(word) {
        return Some(date);
    }
    if let Some(day) = day(word) {
        // '3rd May 2021', '3rd of May 2021'
        let behind = match words.get(1) {
            Some(of) if of.eq_ignore_ascii_case("of") => words.get(2..),
            _ => words.get(1..),
        }?;
        let month = month(behind.first()?)?;
        return dated(year(behind.get(1)?)?, Some(month), Some(day));
    }
    if let Some(month) = month(word) {
        // 'March 2023', 'March 16 2023'
        let second = words.get(1)?;
        return match year(second) {
            Some(year) => dated(year, Some(month), None),
            None => dated(year(words.get(2)?)?, Some(month), Some(day(second)?)),
        };
    }
    if let Some(season) = season(word) {
        // 'Summer 2025', 'Summer Term 2025'
        let behind = words.get(1..)?;
        let year = behind.iter().take(2).find_map(|word| year(word))?;
        return Some(PrintedDate {
            year,
            month: None,
            day: None,
            season: Some(season),
        });
    }
    year(word).and_then(|year| dated(year, None, None))
}

fn dated(year: u16, month: Option<u8>, day: Option<u8>) -> Option<PrintedDate> {
    let longest = match month {
        Some(2) => 29,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    };
    day.is_none_or(|day| day <= longest).then_some(PrintedDate {
        year,
        month,
        day,
        season: None,
    })
}

/// '04.11.2021', '4/11/21', '2021-11-04', '11/2021'. Days come before months, as in Britain.
fn in_figures(word: &str) -> Option<PrintedDate> {
    let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
    let month = |text: &str| {
        text.parse::<u8>()
            .ok()
            .filter(|month| (1..=12).contains(month))
    };
    match parts.as_slice() {
        [first, second, third] if first.len() == 4 => {
            dated(year(first)?, Some(month(second)?), Some(day(third)?))
        }
        [first, second, third] => dated(
            year_or_short(third)?,
            Some(month(second)?),
            Some(day(first)?),
        ),
        [first, second] if first.len() == 4 && second.len() == 2 => {
            // '2022-09' is a month, '2022-23' a school year.
            dated(year(first)?, month(second), None)
        }
        [first, second] if second.len() == 4 => match month(first) {
            Some(month) => dated(year(second)?, Some(month), None),
            None => dated(year(first)?, None, None),
        },
        _ => None,
    }
}

fn year(word: &str) -> Option<u16> {
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_year {
        word.parse()
            .ok()
            .filter(|year| (1950..=2100).contains(year))
    } else {
        None
    }
}

fn year_or_short(word: &str) -> Option<u16> {
    let is_short = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_short {
        word.parse::<u16>().ok().map(|year| 2000 + year)
    } else {
        year(word)
    }
}

/// '3', '3rd'.
fn day(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ordinal = word.strip_prefix(digits)?;
    let is_ordinal = matches!(
        ordinal,
        "" | "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"
    );
    if is_ordinal && digits.len() <= 2 {
        digits.parse().ok().filter(|day| (1..=31).contains(day))
    } else {
        None
    }
}

/// The month of 'September', 'Sept' or 'Sep'.
pub(super) fn month(word: &str) -> Option<u8> {
    const MONTHS: [(&str, u8); 12] = [
        ("january", 1),
        ("february", 2),
        ("march", 3),
        ("april", 4),
        ("may", 5),
        ("june", 6),
        ("july", 7),
        ("august", 8),
        ("september", 9),
        ("october", 10),
        ("november", 11),
        ("december", 12),
    ];
    let word = word.trim_end_matches(['.', ',']);
    let is_short_for = |name: &str| {
        word.len() >= 3
            && name
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    MONTHS
        .iter()
        .find(|(name, _)| is_short_for(name))
        .map(|(_, number)| *number)
}

/// A period in months: 'Annually', '3 Year', 'every two years'.
pub(super) fn months(text: &str) -> Option<u16> {
    const NUMBERS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let count = words.iter().find_map(|word| {
        let named = || NUMBERS.iter().position(|name| name == word);
        word.parse::<u16>()
            .ok()
            .or_else(|| u16::try_from(named()? + 1).ok())
    });
    words.iter().find_map(|word| match *word {
        "year" | "years" | "yearly" => count.unwrap_or(1).checked_mul(12),
        "month" | "months" | "monthly" => Some(count.unwrap_or(1)),
        "annual" | "annually" => Some(12),
        "biennial" | "biennially" => Some(24),
        "termly" => Some(4),
        _ => None,
    })
}

fn season(word: &str) -> Option<Season> {
    [
        Season::Spring,
        Season::Summer,
        Season::Autumn,
        Season::Winter,
    ]
    .into_iter()
    .find(|season| season.name().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_policies_print_them() {
        for (printed, expected) in [
            ("04.11.2021", Some("2021-11-04")),
            ("4/11/21", Some("2021-11-04")),
            ("2021-11-04", Some("2021-11-04")),
            ("3rd May 2021", Some("2021-05-03")),
            ("the 1st of May, 2024", Some("2024-05-01")),
            ("May 3, 2021", Some("2021-05-03")),
            ("Oct 2021", Some("2021-10")),
            ("10/2021", Some("2021-10")),
            ("Summer Term 2025", Some("2025-summer")),
            ("Summer 2021 – 3rd May 2021", Some("2021-05-03")),
            ("academic year 2022-23", Some("2022")),
            ("2025", Some("2025")),
            ("31 February 2024", Some("2024-02")),
            ("Every year", None),
            ("3 Year", None),
        ] {
            let found = find(printed).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{printed}");
        }
    }
}
