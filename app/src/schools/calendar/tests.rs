use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date, time};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{
    Band, BandKind, CalendarFault, SchoolCalendar, Stretch, Week, bank_holiday, closed_lines,
    read_bands, read_closed, read_terms, term_lines,
};
use crate::schools::Nation;

fn stretch(name: &str, first: Date, last: Date) -> Stretch {
    let name = name.to_owned();
    Stretch { first, last, name }
}

fn calendar() -> SchoolCalendar {
    let terms = vec![
        stretch("Spring term", date(2027, 1, 5), date(2027, 3, 25)),
        stretch("Autumn term", date(2026, 9, 2), date(2026, 12, 18)),
    ];
    let closed = vec![
        stretch("Half-term", date(2026, 10, 26), date(2026, 10, 30)),
        stretch("Training day", date(2026, 11, 27), date(2026, 11, 27)),
    ];
    let day = vec![
        Band {
            from: time(8, 45, 0, 0),
            to: time(9, 0, 0, 0),
            kind: BandKind::Directed,
        },
        Band {
            from: time(10, 30, 0, 0),
            to: time(10, 45, 0, 0),
            kind: BandKind::Break,
        },
        Band {
            from: time(9, 0, 0, 0),
            to: time(10, 30, 0, 0),
            kind: BandKind::Lesson,
        },
    ];
    let week = Week::new([day.clone(), day.clone(), day, Vec::new(), Vec::new()]).unwrap();
    SchoolCalendar::new(Nation::England, terms, closed, week).unwrap()
}

#[test]
fn five_school_days_leave_out_weekends_closed_days_and_holidays() {
    let calendar = calendar();
    // Friday 20 November: Monday to Thursday, not the training day, then Monday.
    assert_eq!(
        calendar.school_days_after(date(2026, 11, 20), 5),
        date(2026, 11, 30)
    );
    assert_eq!(
        calendar.school_days_after(date(2026, 10, 23), 1),
        date(2026, 11, 2)
    );
    assert_eq!(
        calendar.next_school_day(date(2026, 12, 18)),
        date(2027, 1, 5)
    );
    assert_eq!(
        calendar.school_days_after(date(2026, 12, 25), 0),
        date(2026, 12, 25)
    );
}

#[test]
fn where_no_term_is_known_weekdays_count_but_bank_holidays_never() {
    let calendar = calendar();
    assert!(!calendar.knows(date(2027, 3, 26)));
    // Good Friday and Easter Monday 2027.
    assert_eq!(
        calendar.next_school_day(date(2027, 3, 25)),
        date(2027, 3, 30)
    );
    let unknown = SchoolCalendar::unknown(Nation::Scotland);
    assert_eq!(
        unknown.next_school_day(date(2026, 11, 27)),
        date(2026, 12, 1)
    );
}

#[test]
fn an_hour_belongs_to_the_band_that_begins_with_it() {
    let calendar = calendar();
    let monday = date(2026, 11, 23);
    let at = |day: Date, hour, minute| calendar.band_at(day.at(hour, minute, 0, 0));
    assert_eq!(at(monday, 8, 44), BandKind::Outside);
    assert_eq!(at(monday, 8, 45), BandKind::Directed);
    assert_eq!(at(monday, 9, 0), BandKind::Lesson);
    assert_eq!(at(monday, 10, 30), BandKind::Break);
    assert_eq!(at(monday, 10, 45), BandKind::Outside);
    assert_eq!(at(date(2026, 11, 26), 9, 30), BandKind::Outside);
    assert_eq!(at(date(2026, 10, 26), 9, 30), BandKind::Outside);
    let unknown = SchoolCalendar::unknown(Nation::England);
    assert_eq!(unknown.band_at(monday.at(15, 29, 0, 0)), BandKind::Lesson);
    assert_eq!(unknown.band_at(monday.at(15, 30, 0, 0)), BandKind::Outside);
}

#[test]
fn impossible_terms_and_bands_are_refused() {
    let new = |terms| SchoolCalendar::new(Nation::England, terms, Vec::new(), Week::default());
    let autumn = || stretch("Autumn", date(2026, 9, 1), date(2026, 12, 18));
    let spring = stretch("Spring", date(2026, 12, 18), date(2027, 3, 25));
    let backwards = stretch("Summer", date(2027, 7, 20), date(2027, 4, 12));
    let long = stretch("Autumn", date(2026, 9, 1), date(2062, 12, 18));
    assert!(matches!(
        new(vec![spring, autumn()]),
        Err(CalendarFault::Overlap(..))
    ));
    assert!(matches!(
        new(vec![backwards]),
        Err(CalendarFault::Backwards(_))
    ));
    assert!(matches!(new(vec![long]), Err(CalendarFault::TooLong(_))));
    let band = |from, to| Band {
        from: time(from, 0, 0, 0),
        to: time(to, 0, 0, 0),
        kind: BandKind::Lesson,
    };
    let monday = |bands| Week::new([bands, vec![], vec![], vec![], vec![]]);
    assert!(monday(vec![band(9, 11), band(10, 12)]).is_err());
    assert!(monday(vec![band(9, 9)]).is_err());
    assert!(monday(vec![band(10, 12), band(9, 10)]).is_ok());
}

#[test]
fn pasted_lines_are_read_as_schools_write_them() {
    let autumn = stretch("Autumn term", date(2026, 9, 2), date(2026, 12, 18));
    for text in [
        "Autumn term: 2 September 2026 to 18 December 2026",
        "Autumn term\tWednesday 2 September 2026\tFriday 18 December 2026",
        "Autumn term 02/09/2026 - 18/12/2026",
        "Autumn term 2nd Sept – 18th Dec 2026",
        "2026-09-02 2026-12-18 Autumn term",
    ] {
        assert_eq!(
            read_terms(text).unwrap(),
            std::slice::from_ref(&autumn),
            "{text}"
        );
    }
    let half_term = stretch("Half-term", date(2026, 10, 26), date(2026, 10, 30));
    assert_eq!(
        read_closed("Half-term 26-30 October 2026").unwrap(),
        [half_term]
    );
    let year_7 = stretch("Year 7 trip", date(2026, 10, 1), date(2026, 10, 2));
    assert_eq!(
        read_closed("Year 7 trip 1 and 2 October 2026").unwrap(),
        [year_7]
    );
    let easter = stretch("Good Friday", date(2027, 3, 26), date(2027, 3, 26));
    assert_eq!(
        read_closed("\n26/03/2027 Good Friday\n\n").unwrap(),
        [easter]
    );
}

#[test]
fn every_wrong_line_is_named() {
    let wrong =
        read_terms("Autumn term\n\nSpring term 5 January 2027\nSummer 12 April to 31 June 2027")
            .unwrap_err();
    let lines: Vec<usize> = wrong.iter().map(|wrong| wrong.line).collect();
    assert_eq!(lines, [1, 3, 4]);
    let bands =
        read_bands("9:00-10:00 lesson\n10.00 to 10.20\nlunch 12:00 to 1:00pm\nregistration")
            .unwrap_err();
    assert_eq!(
        bands.iter().map(|wrong| wrong.line).collect::<Vec<_>>(),
        [2, 4]
    );
    let right = read_bands("Period 1 09:00-10:00\nlunch 12:00 to 1:00pm").unwrap();
    assert_eq!(right[1].to, time(13, 0, 0, 0));
    assert_eq!(right[0].kind, BandKind::Lesson);
}

fn day() -> impl Strategy<Value = Date> {
    (0..1500_i32).prop_map(|days| date(2025, 1, 1) + days.days())
}

fn calendars() -> impl Strategy<Value = SchoolCalendar> {
    let nations = prop::sample::select(Nation::ALL.to_vec());
    let pieces = vec((1..40_i32, 20..90_i32), 0..5);
    let closed = vec((day(), 0..10_i32), 0..4);
    (nations, day(), pieces, closed).prop_map(|(nation, start, pieces, closed)| {
        let mut next = start;
        let mut terms = Vec::new();
        for (gap, length) in pieces {
            let first = next + gap.days();
            next = first + length.days();
            terms.push(stretch("Term", first, next));
        }
        let closed = closed
            .into_iter()
            .map(|(first, days)| stretch("Closed", first, first + days.days()));
        SchoolCalendar::new(nation, terms, closed.collect(), Week::default()).unwrap()
    })
}

proptest! {
    #[test]
    fn counting_forward_and_counting_between_agree(calendar in calendars(), from in day(), n in 0..60_u16) {
        let end = calendar.school_days_after(from, n);
        prop_assert_eq!(calendar.school_days_between(from, end), usize::from(n));
        prop_assert!(n == 0 || calendar.is_school_day(end));
    }

    #[test]
    fn a_deadline_never_comes_earlier_by_waiting(calendar in calendars(), from in day(), n in 0..30_u16) {
        let (today, tomorrow) = (from, from.tomorrow().unwrap());
        prop_assert!(calendar.school_days_after(today, n) <= calendar.school_days_after(tomorrow, n));
        prop_assert!(calendar.school_days_after(from, n) < calendar.school_days_after(from, n + 1));
    }

    #[test]
    fn no_school_day_is_a_weekend_or_a_bank_holiday(calendar in calendars(), day in day()) {
        if calendar.is_school_day(day) {
            prop_assert!(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
            prop_assert!(bank_holiday(calendar.nation(), day).is_none());
            prop_assert!(!calendar.closed().iter().any(|one| one.holds(day)));
        }
    }

    #[test]
    fn lines_are_read_back_as_they_were_written(calendar in calendars()) {
        prop_assert_eq!(read_terms(&term_lines(calendar.terms())).unwrap(), calendar.terms());
        prop_assert_eq!(read_closed(&closed_lines(calendar.closed())).unwrap(), calendar.closed());
    }

    #[test]
    fn nothing_that_is_pasted_makes_it_fall_over(text in ".{0,200}") {
        let _ = (read_terms(&text), read_closed(&text), read_bands(&text));
    }
}
