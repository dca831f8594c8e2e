//! Days as rosters write them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How days with strokes are written: `2/9/2026` is the second of September or the ninth of February. Never guessed
/// from a single value; a value that cannot be read in the order given is an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `31/12/2026`, as in the United Kingdom.
    #[default]
    DayFirst,
    /// `12/31/2026`, as in the United States.
    MonthFirst,
}

/// `2026-09-02`, `20260902`, `2026/09/02`, `2/9/2026`, `02.09.2026`, `2-Sep-2026`, each also with a time after it.
pub(crate) fn read(text: &str, order: DateOrder) -> Option<Date> {
    let day = text.trim().split(['T', ' ']).next()?;
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return civil(day.get(..4)?, day.get(4..6)?, day.get(6..)?);
    }
    let mut parts = day.split(['-', '/', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return civil(first, second, third);
    }
    if third.len() != 4 {
        return None;
    }
    if let Some(month) = month(second) {
        return civil(third, month, first);
    }
    match order {
        DateOrder::DayFirst => civil(third, second, first),
        DateOrder::MonthFirst => civil(third, first, second),
    }
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    // Nobody on a roster was born or began before then, and a year of 0202 is a slip.
    (1900..=2199).contains(&date.year()).then_some(date)
}

fn month(name: &str) -> Option<&'static str> {
    let months = [
        ("jan", "1"),
        ("feb", "2"),
        ("mar", "3"),
        ("apr", "4"),
        ("may", "5"),
        ("jun", "6"),
        ("jul", "7"),
        ("aug", "8"),
        ("sep", "9"),
        ("oct", "10"),
        ("nov", "11"),
        ("dec", "12"),
    ];
    let start = name.get(..3)?.to_ascii_lowercase();
    let (_, number) = months.iter().find(|(known, _)| *known == start)?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_read_as_written() {
        let second = date(2026, 9, 2);
        for text in [
            "2026-09-02",
            "20260902",
            "2026/9/2",
            "2/9/2026",
            "02.09.2026",
            "2-Sep-2026",
            "2026-09-02T00:00:00Z",
            "02/09/2026 00:00",
        ] {
            assert_eq!(read(text, DateOrder::DayFirst), Some(second), "{text}");
        }
        assert_eq!(read("9/2/2026", DateOrder::MonthFirst), Some(second));
        for text in [
            "",
            "31/31/2026",
            "8/24/2021",
            "2/9/26",
            "0202-01-01",
            "soon",
            "1-2-3-2020",
            "é-1-2020",
        ] {
            assert_eq!(read(text, DateOrder::DayFirst), None, "{text}");
        }
    }
}
