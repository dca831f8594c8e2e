//! The deadlines of cases: begun, reminded of, met, passed. Each is a row and, for every moment at which something
//! happens, a job that looks at the row when it is its turn.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};
use register::{Deadline, Due, Party, Span};
use serde::{Deserialize, Serialize};

use super::case::{Case, CaseId, moment};
use super::rules::InForce;
use super::{CaseError, Engine, access, change, parties, row};
use crate::authority::{Actor, Role};
use crate::jobs::{self, Job, JobContext, JobError, Protection};
use crate::mail::Link;
use crate::messages::{self, Message};
use crate::schools;
use crate::schools::calendar::SchoolCalendar;
use crate::store::{Query, StoreError, Tx};
use crate::values;

/// Why the program takes a step when a deadline has passed.
const TIME_OVER: &str = "The time was over.";

/// The last minute of a day: what is due on a day is due at its end.
const END_OF_DAY: Time = jiff::civil::time(23, 59, 0, 0);

/// Begins deadlines of a case.
pub(super) async fn begin(
    tx: &mut Tx,
    rules: &InForce,
    case: &Case,
    deadlines: &[&Deadline],
) -> Result<(), CaseError> {
    if case.paper || deadlines.is_empty() {
        return Ok(());
    }
    let calendar = calendar(tx, case).await?;
    let now = tx.store().clock().zoned();
    for deadline in deadlines {
        let Some(due) = due(rules, case, deadline, &now, &calendar) else {
            continue;
        };
        let began_at = tx.now();
        tx.execute(
            "INSERT INTO case_deadline (trust, case_id, deadline, began_at, due_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (trust, case_id, deadline, began_at) DO NOTHING",
            values![&case.id, &deadline.id, began_at, due.timestamp()],
        )
        .await?;
        let turn = |passed: bool| Turn {
            case: case.id.clone(),
            deadline: deadline.id.clone(),
            began_at: began_at.as_millisecond(),
            passed,
            long_ago: false,
        };
        for before in &deadline.remind {
            let at = earlier(&due, *before, &calendar).timestamp();
            if at > began_at {
                jobs::enqueue(tx, &turn(false), jobs::Due::At(at)).await?;
            }
        }
        jobs::enqueue(tx, &turn(true), jobs::Due::At(due.timestamp())).await?;
    }
    Ok(())
}

/// Ends deadlines of a case.
pub(super) async fn end(
    tx: &mut Tx,
    case: &CaseId,
    deadlines: &[&Deadline],
) -> Result<(), StoreError> {
    let now = tx.now();
    for deadline in deadlines {
        tx.execute(
            "UPDATE case_deadline SET ended_at = $4 WHERE trust = $1 AND case_id = $2 AND deadline = $3 AND ended_at IS NULL",
            values![case, &deadline.id, now],
        )
        .await?;
    }
    Ok(())
}

/// When a deadline that begins now has passed; never, where it hangs on a field that is empty.
fn due(
    rules: &InForce,
    case: &Case,
    deadline: &Deadline,
    now: &Zoned,
    calendar: &SchoolCalendar,
) -> Option<Zoned> {
    match &deadline.within {
        Due::After(amount) => Some(later(now, rules.settings.span(amount)?, calendar)),
        Due::Field(field) => {
            let day = case.answers.get(field)?.first()?;
            let day: Date = day.get(..10).unwrap_or(day).parse().ok()?;
            day.to_datetime(END_OF_DAY)
                .to_zoned(now.time_zone().clone())
                .ok()
        }
    }
}

/// A moment so much later; days count to the end of the last one.
pub(super) fn later(now: &Zoned, span: Span, calendar: &SchoolCalendar) -> Zoned {
    let end = |day: Date| {
        day.to_datetime(END_OF_DAY)
            .to_zoned(now.time_zone().clone())
    };
    let days = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let today = now.date();
    let day = match span {
        Span::Hours(hours) => {
            let wait = SignedDuration::from_hours(i64::from(hours));
            return now.checked_add(wait).unwrap_or_else(|_| now.clone());
        }
        Span::SchoolDays(n) => {
            Ok(calendar.school_days_after(today, u16::try_from(n).unwrap_or(u16::MAX)))
        }
        Span::Days(n) => today.checked_add(days(n).days()),
        Span::Months(n) => today.checked_add(days(n).months()),
        Span::Years(n) => today.checked_add(days(n).years()),
    };
    day.and_then(end).unwrap_or_else(|_| now.clone())
}

/// A moment so much earlier.
fn earlier(due: &Zoned, span: Span, calendar: &SchoolCalendar) -> Zoned {
    let days = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let moment = match span {
        Span::Hours(hours) => due.checked_sub(SignedDuration::from_hours(i64::from(hours))),
        Span::SchoolDays(n) => {
            let mut day = due.date();
            let mut left = n;
            while left > 0 {
                let Ok(before) = day.yesterday() else { break };
                day = before;
                left -= u32::from(calendar.is_school_day(day));
            }
            day.to_datetime(due.time())
                .to_zoned(due.time_zone().clone())
        }
        Span::Days(n) => due.checked_sub(days(n).days()),
        Span::Months(n) => due.checked_sub(days(n).months()),
        Span::Years(n) => due.checked_sub(days(n).years()),
    };
    moment.unwrap_or_else(|_| due.clone())
}

/// The calendar of a case's school; for the trust as a whole one of which nothing is known.
pub(super) async fn calendar(tx: &mut Tx, case: &Case) -> Result<SchoolCalendar, CaseError> {
    let school = match &case.school {
        Some(school) => schools::find(tx, school).await?,
        None => None,
    };
    match school {
        Some(school) => Ok(schools::calendar::calendar(tx, &school).await?),
        None => Ok(SchoolCalendar::unknown(
            schools::trust(tx).await?.settings.nation,
        )),
    }
}

/// Something that happens to a deadline when it is its turn: a reminder, or that it has passed.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Turn {
    case: CaseId,
    deadline: String,
    /// Which of its runs.
    began_at: i64,
    passed: bool,
    /// Whether it passed long ago, and the trust is to hear of it.
    #[serde(default)]
    long_ago: bool,
}

impl Job for Turn {
    const KIND: &'static str = "cases.deadline";
    const TITLE: &'static str = "Remind of a case's deadline, or say that it has passed";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        row::lock(&mut tx, &self.case).await?;
        let running = self.is_running(&mut tx).await?;
        if running {
            self.tell(engine, &mut tx, context)
                .await
                .map_err(JobError::retry)?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

impl Turn {
    async fn is_running(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let running = tx
            .count(
                "SELECT COUNT(*) AS n FROM case_deadline \
                 WHERE trust = $1 AND case_id = $2 AND deadline = $3 AND began_at = $4 AND ended_at IS NULL",
                values![&self.case, &self.deadline, moment(self.began_at)],
            )
            .await?;
        Ok(running > 0)
    }

    async fn tell(
        &self,
        engine: &Engine,
        tx: &mut Tx,
        context: &JobContext,
    ) -> Result<(), CaseError> {
        let (store, trust) = (context.store().clone(), context.trust().clone());
        let Some(case) = row::find(tx, &store, &trust, &self.case).await? else {
            return Ok(());
        };
        let rules = super::rules::of_case(tx, &case.rules).await?;
        let Some(deadline) = rules.register().deadline(&self.deadline) else {
            return Ok(());
        };
        if self.passed && !self.long_ago {
            let now = tx.now();
            tx.execute(
                "UPDATE case_deadline SET passed_at = $5 \
                 WHERE trust = $1 AND case_id = $2 AND deadline = $3 AND began_at = $4",
                values![&self.case, &self.deadline, moment(self.began_at), now],
            )
            .await?;
        }
        if let (true, Some(step)) = (self.passed, &deadline.then) {
            let program = Actor::operator(trust);
            let step = (step.as_str(), TIME_OVER);
            // Where the step is not open, nobody did what was due: it rises like any other.
            if change::by_program(tx, engine, &program, case.clone(), step).await? {
                return Ok(());
            }
        }
        if self.passed && !self.long_ago {
            let long_ago = Self {
                case: self.case.clone(),
                deadline: self.deadline.clone(),
                long_ago: true,
                ..*self
            };
            let at = tx.now() + access::LONG_OVERDUE;
            jobs::enqueue(tx, &long_ago, jobs::Due::At(at)).await?;
        }
        let today = store.clock().today();
        let mut sides = access::write(tx, &rules, &case, today).await?;
        let subject = match (self.passed, self.long_ago) {
            (_, true) => format!("Still overdue: {} ({})", deadline.says, case.reference),
            (true, false) => format!("Overdue: {} ({})", deadline.says, case.reference),
            (false, _) => format!("Due soon: {} ({})", deadline.says, case.reference),
        };
        if self.long_ago {
            sides.retain(|side| *side == parties::Side::Role(Role::TrustAdministrator));
        }
        if sides.is_empty() && !self.passed {
            // What is in force waits for nobody: that it ends concerns whom it is about.
            let of = parties::Subject::of(tx, &case, today).await?;
            sides = of.sides(&rules, &case, &Party::Subject);
        }
        let people = parties::people_of(tx, &case, &sides, today).await?;
        for person in people {
            messages::send(tx, &person, &message(&case, subject.clone())).await?;
        }
        Ok(())
    }
}

/// A message about a case: never a name or a detail in it.
pub(super) fn message(case: &Case, subject: String) -> Message {
    Message {
        subject,
        body: format!(
            "This is about {}. Sign in to see what there is to do.",
            case.reference
        ),
        link: Some(Link {
            text: format!("See {}", case.reference),
            path: format!("/cases/{}", case.id),
        }),
        urgent: false,
        confidential: false,
    }
}

/// The deadlines of a case that still run: which, when due, and whether passed.
pub(super) async fn running(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<(String, Timestamp, bool)>, StoreError> {
    let rows = query
        .all(
            "SELECT deadline, due_at, passed_at FROM case_deadline \
             WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY due_at, deadline",
            values![case],
        )
        .await?;
    let running = rows.iter().map(|row| {
        let passed: Option<Timestamp> = row.get("passed_at")?;
        Ok((row.get("deadline")?, row.get("due_at")?, passed.is_some()))
    });
    running.collect()
}
