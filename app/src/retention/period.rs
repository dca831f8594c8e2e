//! How long a case is kept, by its register's rule and what is known of it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Disposal, Keep, Retention, RetentionStart, Span};

/// What is known of a case that counts for its time.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) closed: Date,
    pub(super) subject: Subject,
    /// The date in the field that starts the time.
    pub(super) field: Option<Date>,
    /// The birth of the pupil in the field that starts the time.
    pub(super) born: Option<Date>,
}

/// Whom it is about, as far as it counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    Nobody,
    /// Still here, or leaving on a day to come.
    Here {
        born: Option<Date>,
    },
    Gone {
        left: Date,
        born: Option<Date>,
    },
}

/// When the time is over, and what is proposed then.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Period {
    pub(super) ends: Date,
    pub(super) review: bool,
    /// How it was worked out: "6 years after the case was closed on 1 September 2020".
    pub(super) says: String,
    /// What is not sure about it, to be checked by whoever confirms; empty where nothing is.
    pub(super) doubt: String,
}

/// Works the time out; nothing where it has not begun to run.
pub(super) fn period(rule: &Retention, known: &Known) -> Option<Period> {
    let (start, what, doubt) = start(rule, known)?;
    let (span, mut review) = match rule.keep {
        Keep::Span(span) => (span, rule.then == Disposal::Review),
        Keep::RetirementOrTenYears => (Span::Years(10), true),
    };
    let mut doubts: Vec<&str> = doubt.into_iter().collect();
    if rule.keep == Keep::RetirementOrTenYears {
        doubts.push(
            "The rule asks for normal retirement age where that is later. Dates of birth of staff are not held here: check it before you erase.",
        );
    }
    // What rests on a guess is looked at by a person, whatever the register proposes.
    review |= !doubts.is_empty();
    let ends = after(start, span).max(known.closed);
    let says = format!(
        "{} after {what} {}",
        words(span),
        crate::web::dates::day(start)
    );
    Some(Period {
        ends,
        review,
        says,
        doubt: doubts.join(" "),
    })
}

type Start = (Date, &'static str, Option<&'static str>);

const CLOSED: &str = "the case was closed on";

fn start(rule: &Retention, known: &Known) -> Option<Start> {
    let closed = |doubt| Some((known.closed, CLOSED, doubt));
    match (&rule.from, known.subject) {
        (RetentionStart::Closed, _) => closed(None),
        (RetentionStart::Left, Subject::Nobody) => closed(Some(
            "The rule counts from when somebody leaves, but the case is about nobody who is on record: it counts from its end.",
        )),
        (RetentionStart::Left, Subject::Here { .. }) => None,
        (RetentionStart::Left, Subject::Gone { left, .. }) => {
            Some((left, "whom it is about left on", None))
        }
        (
            RetentionStart::Born,
            Subject::Here { born: Some(born) }
            | Subject::Gone {
                born: Some(born), ..
            },
        ) => Some((born, "whom it is about was born on", None)),
        (RetentionStart::Born, _) => closed(Some(
            "The rule counts from a date of birth that is not held here: it counts from the end of the case.",
        )),
        (RetentionStart::BornOf(_), _) => match known.born {
            Some(born) => Some((born, "the pupil whom it concerns was born on", None)),
            None => closed(Some(
                "The rule counts from the birth of a pupil, which is not held here: it counts from the end of the case. Put what belongs in the child's file there before you erase this.",
            )),
        },
        (RetentionStart::Field(_), _) => match known.field {
            Some(day) => Some((day, "the date in the case,", None)),
            None => closed(Some(
                "The rule counts from a date that the case does not give: it counts from its end.",
            )),
        },
    }
}

/// The last day of a time; where it cannot be told in days exactly, rather later than too early.
fn after(start: Date, span: Span) -> Date {
    let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let end = match span {
        Span::Hours(hours) => start.checked_add(count(hours.div_ceil(24)).days()),
        // A week has five school days at most, and a year as many days of holiday as of school.
        Span::SchoolDays(days) => start.checked_add(count(days.saturating_mul(2)).days()),
        Span::Days(days) => start.checked_add(count(days).days()),
        Span::Months(months) => start.checked_add(count(months).months()),
        Span::Years(years) => start.checked_add(count(years).years()),
    };
    end.unwrap_or(Date::MAX)
}

fn words(span: Span) -> String {
    let (count, unit) = match span {
        Span::Hours(n) => (n, "hour"),
        Span::SchoolDays(n) => (n, "school day"),
        Span::Days(n) => (n, "day"),
        Span::Months(n) => (n, "month"),
        Span::Years(n) => (n, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use register::{Disposal, Keep, Retention, RetentionStart, Span};

    use super::{Known, Subject, period};

    fn rule(from: RetentionStart, keep: Keep) -> Retention {
        Retention {
            from,
            keep,
            then: Disposal::Erase,
            source: "A made rule.".into(),
        }
    }

    fn known(subject: Subject) -> Known {
        Known {
            closed: date(2020, 3, 1),
            subject,
            field: Some(date(2021, 5, 31)),
            born: Some(date(2010, 9, 1)),
        }
    }

    #[test]
    fn each_start_counts_from_its_own_day() {
        let six = Keep::Span(Span::Years(6));
        let gone = Subject::Gone {
            left: date(2024, 8, 31),
            born: Some(date(2008, 1, 2)),
        };
        let ends = |from, keep, subject| period(&rule(from, keep), &known(subject)).map(|p| p.ends);
        assert_eq!(
            ends(RetentionStart::Closed, six, Subject::Nobody),
            Some(date(2026, 3, 1))
        );
        assert_eq!(
            ends(RetentionStart::Left, six, gone),
            Some(date(2030, 8, 31))
        );
        assert_eq!(
            ends(RetentionStart::Left, six, Subject::Here { born: None }),
            None
        );
        let adult = Keep::Span(Span::Years(25));
        assert_eq!(
            ends(RetentionStart::Born, adult, gone),
            Some(date(2033, 1, 2))
        );
        assert_eq!(
            ends(
                RetentionStart::BornOf("pupil".into()),
                adult,
                Subject::Nobody
            ),
            Some(date(2035, 9, 1))
        );
        let half = Keep::Span(Span::Months(6));
        assert_eq!(
            ends(RetentionStart::Field("on".into()), half, gone),
            Some(date(2021, 11, 30))
        );
    }

    #[test]
    fn what_rests_on_a_guess_says_so_and_is_looked_at() {
        let closed = rule(RetentionStart::Closed, Keep::RetirementOrTenYears);
        let found = period(&closed, &known(Subject::Nobody)).unwrap();
        assert_eq!(found.ends, date(2030, 3, 1));
        assert!(found.review && found.doubt.contains("retirement"));
        let born = period(
            &rule(RetentionStart::Born, Keep::Span(Span::Years(25))),
            &known(Subject::Here { born: None }),
        )
        .unwrap();
        assert!(born.review && born.doubt.contains("date of birth"));
        let mut unknown = known(Subject::Nobody);
        unknown.born = None;
        let pupil = rule(
            RetentionStart::BornOf("pupil".into()),
            Keep::Span(Span::Years(25)),
        );
        let pupil = period(&pupil, &unknown).unwrap();
        assert_eq!(pupil.ends, date(2045, 3, 1));
        assert!(pupil.review && pupil.doubt.contains("birth of a pupil"));
        assert_eq!(
            born.says,
            "25 years after the case was closed on 1 March 2020"
        );
    }

    #[test]
    fn nothing_is_over_before_its_case_is() {
        let rule = rule(
            RetentionStart::Field("on".into()),
            Keep::Span(Span::Days(1)),
        );
        let mut early = known(Subject::Nobody);
        early.field = Some(date(2010, 1, 1));
        assert_eq!(period(&rule, &early).unwrap().ends, date(2020, 3, 1));
    }
}
