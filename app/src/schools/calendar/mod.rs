//! When a school is open and what is on at each hour: pure, with no store and no clock.

mod bank_holidays;
mod dates;
mod day;
mod kept;
mod paste;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

pub use bank_holidays::{bank_holiday, bank_holidays};
pub use dates::read_date;
pub use day::WEEKDAYS;
pub use day::{Band, BandKind, Week};
pub use kept::{calendar, keep_calendar, remove_calendar, states};
pub use paste::{
    Pasted, WrongLine, band_lines, closed_lines, read_bands, read_closed, read_terms, term_lines,
};

use super::Nation;

/// A stretch of days: a term, or days on which the school is closed.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day, which belongs to it.
    pub last: Date,
    /// What it is called.
    pub name: String,
}

impl Stretch {
    /// Whether a day lies in it.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The days and hours of one school.
///
/// Where terms are known, a school day is a weekday in a term on which the school is not closed
/// and which is no bank holiday. Before the first term and after the last one nothing is known:
/// there every weekday that is no bank holiday counts, so that a deadline is never put off
/// without end and never falls later than it should.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SchoolCalendar {
    nation: Nation,
    terms: Vec<Stretch>,
    closed: Vec<Stretch>,
    week: Week,
}

/// Terms or closed days that cannot be: said in words that name them.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CalendarFault {
    /// The end lies before the beginning.
    #[error("{0} ends before it begins")]
    Backwards(String),
    /// Two terms share a day.
    #[error("{0} and {1} overlap")]
    Overlap(String, String),
    /// A term that is longer than a school year.
    #[error("{0} is longer than a year: check the years of its dates")]
    TooLong(String),
}

/// No term is longer.
const TERM_DAYS_AT_MOST: i32 = 366;

impl SchoolCalendar {
    /// A calendar of which nothing but the nation is known.
    #[must_use]
    pub fn unknown(nation: Nation) -> Self {
        let (terms, closed, week) = Default::default();
        Self {
            nation,
            terms,
            closed,
            week,
        }
    }

    /// A calendar with these terms and closed days, in any order.
    pub fn new(
        nation: Nation,
        mut terms: Vec<Stretch>,
        mut closed: Vec<Stretch>,
        week: Week,
    ) -> Result<Self, CalendarFault> {
        terms.sort();
        closed.sort();
        for one in terms.iter().chain(&closed) {
            if one.last < one.first {
                return Err(CalendarFault::Backwards(one.name.clone()));
            }
            let days = one.last.since(one.first).map_or(i32::MAX, |d| d.get_days());
            if days > TERM_DAYS_AT_MOST {
                return Err(CalendarFault::TooLong(one.name.clone()));
            }
        }
        for (one, next) in terms.iter().zip(terms.iter().skip(1)) {
            if next.first <= one.last {
                return Err(CalendarFault::Overlap(one.name.clone(), next.name.clone()));
            }
        }
        Ok(Self {
            nation,
            terms,
            closed,
            week,
        })
    }

    /// The nation whose bank holidays hold.
    #[must_use]
    pub fn nation(&self) -> Nation {
        self.nation
    }

    /// The terms, in order.
    #[must_use]
    pub fn terms(&self) -> &[Stretch] {
        &self.terms
    }

    /// The days on which the school is closed within its terms, in order.
    #[must_use]
    pub fn closed(&self) -> &[Stretch] {
        &self.closed
    }

    /// The day's bands, weekday by weekday.
    #[must_use]
    pub fn week(&self) -> &Week {
        &self.week
    }

    /// Whether the terms say anything of that day.
    #[must_use]
    pub fn knows(&self, day: Date) -> bool {
        let first = self.terms.first().is_some_and(|term| term.first <= day);
        let last = self.terms.last().is_some_and(|term| day <= term.last);
        first && last
    }

    /// Whether pupils are taught that day.
    #[must_use]
    pub fn is_school_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let within = |stretches: &[Stretch]| stretches.iter().any(|one| one.holds(day));
        !weekend
            && bank_holiday(self.nation, day).is_none()
            && !within(&self.closed)
            && (within(&self.terms) || !self.knows(day))
    }

    /// The last day of 'within `n` school days' of a day: the `n`th school day after it, the day
    /// itself for none.
    #[must_use]
    pub fn school_days_after(&self, day: Date, n: u16) -> Date {
        (0..n).fold(day, |day, _| self.next_school_day(day))
    }

    /// The first school day after a day.
    #[must_use]
    pub fn next_school_day(&self, day: Date) -> Date {
        let mut next = day;
        while let Ok(tomorrow) = next.tomorrow() {
            next = tomorrow;
            if self.is_school_day(next) {
                break;
            }
        }
        next
    }

    /// How many school days lie after one day, up to and with another.
    #[must_use]
    pub fn school_days_between(&self, after: Date, last: Date) -> usize {
        let days = std::iter::successors(after.tomorrow().ok(), |day| day.tomorrow().ok());
        days.take_while(|day| *day <= last)
            .filter(|day| self.is_school_day(*day))
            .count()
    }

    /// What is on at that hour, in the school's own time.
    #[must_use]
    pub fn band_at(&self, moment: DateTime) -> BandKind {
        if !self.is_school_day(moment.date()) {
            return BandKind::Outside;
        }
        self.week.band_at(moment.date().weekday(), moment.time())
    }
}
