//! Terms as the overview counts them: the same days everywhere, so that schools can be laid side by side.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// September to December, January to March, April to August.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Term {
    year: i16,
    /// 0, 1, 2 in a year of the calendar: spring, summer, autumn.
    number: i8,
}

impl Term {
    /// The term of a day.
    pub(super) fn of(day: Date) -> Self {
        let number = match day.month() {
            1..=3 => 0,
            4..=8 => 1,
            _ => 2,
        };
        Self {
            year: day.year(),
            number,
        }
    }

    /// The term of that name, as in addresses.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (year, term) = name.split_once('-')?;
        let number = ["spring", "summer", "autumn"]
            .iter()
            .position(|known| *known == term)?;
        let year = year
            .parse()
            .ok()
            .filter(|year| (2000..2100).contains(year))?;
        Some(Self {
            year,
            number: i8::try_from(number).ok()?,
        })
    }

    fn season(self) -> &'static str {
        match self.number {
            0 => "spring",
            1 => "summer",
            _ => "autumn",
        }
    }

    /// The name in addresses: `2026-autumn`.
    pub(super) fn name(self) -> String {
        format!("{}-{}", self.year, self.season())
    }

    /// The name on screen: "autumn 2026".
    pub(super) fn words(self) -> String {
        format!("{} {}", self.season(), self.year)
    }

    pub(super) fn before(self) -> Self {
        match self.number {
            0 => Self {
                year: self.year - 1,
                number: 2,
            },
            n => Self {
                number: n - 1,
                ..self
            },
        }
    }

    fn after(self) -> Self {
        match self.number {
            2 => Self {
                year: self.year + 1,
                number: 0,
            },
            n => Self {
                number: n + 1,
                ..self
            },
        }
    }

    /// So many terms up to this one, the oldest first.
    pub(super) fn up_to(self, count: usize) -> Vec<Self> {
        let mut terms: Vec<Self> = std::iter::successors(Some(self), |term| Some(term.before()))
            .take(count)
            .collect();
        terms.reverse();
        terms
    }

    /// The first day.
    pub(super) fn first(self) -> Date {
        let month = match self.number {
            0 => 1,
            1 => 4,
            _ => 9,
        };
        date(self.year, month, 1)
    }

    /// Whether it is over on a day.
    pub(super) fn is_over(self, day: Date) -> bool {
        self.after().first() <= day
    }

    /// Its first moment and the first one after it, in milliseconds since 1970.
    pub(super) fn span(self, zone: &TimeZone) -> (i64, i64) {
        let begin = |day: Date| {
            let zoned = day.to_zoned(zone.clone());
            zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
        };
        (
            begin(self.first()).as_millisecond(),
            begin(self.after().first()).as_millisecond(),
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::Term;

    #[test]
    fn terms_follow_one_another_without_a_gap() {
        let autumn = Term::of(date(2026, 11, 20));
        assert_eq!(autumn.name(), "2026-autumn");
        assert_eq!(Term::named("2026-autumn"), Some(autumn));
        assert_eq!(Term::named("2026-winter"), None);
        let names: Vec<String> = autumn.up_to(4).into_iter().map(Term::name).collect();
        assert_eq!(
            names,
            ["2025-autumn", "2026-spring", "2026-summer", "2026-autumn"]
        );
        let spans: Vec<_> = autumn
            .up_to(6)
            .into_iter()
            .map(|term| term.span(&TimeZone::UTC))
            .collect();
        for pair in spans.windows(2) {
            assert_eq!(pair[0].1, pair[1].0);
        }
        assert!(!autumn.is_over(date(2026, 12, 31)) && autumn.is_over(date(2027, 1, 1)));
    }
}
