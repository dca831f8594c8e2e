//! The bank holidays of each nation: dated data with its source, in one file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::schools::Nation;

const FILE: &str = include_str!("../../../../bank-holidays.tsv");

static DAYS: LazyLock<BTreeMap<(Nation, Date), &'static str>> =
    LazyLock::new(|| lines().flatten().collect());

type Line = Option<((Nation, Date), &'static str)>;

/// Every line that is no comment; nothing for one that cannot be read, which a test forbids.
fn lines() -> impl Iterator<Item = Line> {
    let lines = FILE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        let (nation, day, name) = (columns.next()?, columns.next()?, columns.next()?);
        Some(((Nation::named(nation)?, day.parse().ok()?), name))
    })
}

/// The bank holiday of that day, by name.
#[must_use]
pub fn bank_holiday(nation: Nation, day: Date) -> Option<&'static str> {
    DAYS.get(&(nation, day)).copied()
}

/// The bank holidays of a nation from one day up to and with another.
pub fn bank_holidays(
    nation: Nation,
    first: Date,
    last: Date,
) -> impl Iterator<Item = (Date, &'static str)> {
    let first = (nation, first);
    let through = (nation, last.max(first.1));
    DAYS.range(first..=through)
        .map(|((_, day), name)| (*day, *name))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::{DAYS, bank_holiday, bank_holidays, lines};
    use crate::schools::Nation;

    #[test]
    fn every_line_is_read_and_no_day_stands_twice() {
        assert!(lines().all(|line| line.is_some()));
        assert_eq!(lines().count(), DAYS.len());
    }

    #[test]
    fn every_bank_holiday_is_a_weekday_and_every_nation_has_its_own() {
        for (_, day) in DAYS.keys() {
            assert!(
                !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
                "{day}"
            );
        }
        let in_2026 = |nation| bank_holidays(nation, date(2026, 1, 1), date(2026, 12, 31)).count();
        assert_eq!(in_2026(Nation::England), 8);
        assert_eq!(in_2026(Nation::Wales), 8);
        assert_eq!(in_2026(Nation::Scotland), 10);
        assert_eq!(in_2026(Nation::NorthernIreland), 10);
        assert!(bank_holiday(Nation::Scotland, date(2026, 11, 30)).is_some());
        assert!(bank_holiday(Nation::England, date(2026, 11, 30)).is_none());
    }
}
