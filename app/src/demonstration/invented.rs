//! The invented schools: what each is, which policy it follows, and its days.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use crate::mail::Link;
use crate::messages::Message;
use crate::schools::calendar::{Stretch, Week, read_bands};
use crate::schools::{ContactDetails, ContactRole, Nation, Phase, SchoolDetails};

/// An invented school.
pub(super) struct Invented {
    /// The policy that it follows.
    pub(super) policy: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The part of its people's addresses after the `@`. Nothing below `.example` exists.
    pub(super) domain: &'static str,
    /// Whom it teaches.
    pub(super) phase: Phase,
    /// The years of its pupils.
    pub(super) years: &'static [&'static str],
}

/// One school for each of the policies.
pub(super) const SCHOOLS: [Invented; 5] = [
    Invented {
        policy: "stivichall",
        name: "Quillbrook Primary School",
        domain: "quillbrook.example",
        phase: Phase::Primary,
        years: &["R", "1", "2", "3", "4", "5", "6"],
    },
    Invented {
        policy: "tlt",
        name: "Hazelmoor High School",
        domain: "hazelmoor.example",
        phase: Phase::Secondary,
        years: &["7", "8", "9", "10", "11"],
    },
    Invented {
        policy: "link",
        name: "Otterfold Academy",
        domain: "otterfold.example",
        phase: Phase::AllThrough,
        years: &["R", "2", "4", "6", "8", "10", "12"],
    },
    Invented {
        policy: "cmat",
        name: "Fernwhistle Junior School",
        domain: "fernwhistle.example",
        phase: Phase::Primary,
        years: &["3", "4", "5", "6"],
    },
    Invented {
        policy: "yes",
        name: "Thistledown College",
        domain: "thistledown.example",
        phase: Phase::Secondary,
        years: &["9", "10", "11", "12", "13"],
    },
];

/// The invented trust.
pub(super) const TRUST: &str = "Bramblewick Learning Trust";
/// The part of the addresses of the trust's own people after the `@`.
pub(super) const TRUST_DOMAIN: &str = "bramblewick.example";

impl Invented {
    pub(super) fn details(&self) -> SchoolDetails {
        SchoolDetails {
            name: self.name.to_owned(),
            urn: None,
            dfe_number: None,
            phase: self.phase,
            nation: Nation::England,
        }
    }

    /// The council's officer, outside the school.
    pub(super) fn lado(&self) -> ContactDetails {
        ContactDetails {
            role: ContactRole::Lado,
            name: "Duty officer".to_owned(),
            organisation: Some("Bramblewick Council (invented)".to_owned()),
            email: Some("lado@council.example".to_owned()),
            // A number that Ofcom keeps free for drama.
            phone: Some("01632 960123".to_owned()),
        }
    }
}

/// The first day of the school year in which a day lies.
pub(super) fn year_begins(day: Date) -> Date {
    let year = match day.month() {
        9..=12 => day.year(),
        _ => day.year() - 1,
    };
    date(year, 9, 1)
}

/// The terms of a school year and of the next, and the days on which the school is closed.
pub(super) fn days(today: Date) -> (Vec<Stretch>, Vec<Stretch>) {
    let this = year_begins(today).year();
    let (mut terms, mut closed) = (Vec::new(), Vec::new());
    for year in [this, this + 1] {
        let next = year + 1;
        terms.push(stretch("Autumn term", date(year, 9, 2), date(year, 12, 18)));
        terms.push(stretch("Spring term", date(next, 1, 5), date(next, 3, 26)));
        terms.push(stretch("Summer term", date(next, 4, 13), date(next, 7, 21)));
        closed.push(stretch("Training day", date(year, 9, 2), date(year, 9, 2)));
        for from in [date(year, 10, 24), date(next, 2, 13), date(next, 5, 25)] {
            let monday = first_monday(from);
            closed.push(stretch("Half-term", monday, monday + 4.days()));
        }
    }
    (terms, closed)
}

/// The first Monday on or after a day.
fn first_monday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Monday => day,
        other => day + i64::from(other.until(Weekday::Monday)).days(),
    }
}

fn stretch(name: &str, first: Date, last: Date) -> Stretch {
    let name = name.to_owned();
    Stretch { first, last, name }
}

const DAY: &str = "08:40 to 09:00 directed
09:00 to 10:40 lesson
10:40 to 11:00 break
11:00 to 12:40 lesson
12:40 to 13:30 break
13:30 to 15:10 lesson
15:10 to 15:40 directed";

/// The same bands from Monday to Friday.
pub(super) fn week() -> Week {
    let day = read_bands(DAY).unwrap_or_default();
    Week::new([day.clone(), day.clone(), day.clone(), day.clone(), day]).unwrap_or_default()
}

/// What everybody finds on their home page.
pub(super) fn welcome() -> Message {
    Message {
        subject: "Welcome to Probity".to_owned(),
        body: "Here you find everything that waits for you.\n\nNot sure whether you may do \
               something? Ask first: you get the answer of your school’s policy, with its clause."
            .to_owned(),
        link: Some(Link {
            text: "Ask before you act".to_owned(),
            path: "/".to_owned(),
        }),
        urgent: false,
        confidential: false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{days, week, year_begins};
    use crate::schools::Nation;
    use crate::schools::calendar::{BandKind, SchoolCalendar};

    #[test]
    fn the_invented_calendar_is_one_whatever_the_year() {
        for year in 2024..2040 {
            let (terms, closed) = days(date(year, 11, 20));
            let calendar = SchoolCalendar::new(Nation::England, terms, closed, week()).unwrap();
            assert!(calendar.knows(date(year + 1, 6, 1)), "{year}");
            let days = calendar.school_days_between(date(year, 8, 31), date(year + 1, 8, 31));
            assert!((170..=200).contains(&days), "{year}: {days}");
        }
        assert_eq!(year_begins(date(2027, 8, 31)), date(2026, 9, 1));
        assert_eq!(year_begins(date(2026, 9, 1)), date(2026, 9, 1));
        let bands = week();
        assert_eq!(bands.bands(jiff::civil::Weekday::Friday).len(), 7);
        assert_eq!(
            bands.bands(jiff::civil::Weekday::Friday)[1].kind,
            BandKind::Lesson
        );
    }
}
