//! Lengths of time, deadlines and retention.

use serde::{Deserialize, Serialize};

use super::{ClauseRef, Condition, Party};

/// A length of time, or the setting that says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So long.
    Span(Span),
    /// As long as a setting says.
    Setting(String),
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Hours on the clock, holidays or not.
    Hours(u32),
    /// Days on which the school is open.
    SchoolDays(u32),
    /// Days of the calendar.
    Days(u32),
    /// Months of the calendar.
    Months(u32),
    /// Years of the calendar.
    Years(u32),
}

/// By when something must have happened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Deadline {
    /// The name in data.
    pub id: String,
    /// What must have happened, in words: "acknowledge the declaration".
    pub says: String,
    /// When it begins to run.
    pub starts: Start,
    /// It runs only where all of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
    /// How long there is; or the last day is the one in a field.
    pub within: Due,
    /// The states that end it; it ends in every state that it did not start in where none is named.
    pub met_in: Vec<String>,
    /// How long before the end a reminder goes to those it waits for.
    pub remind: Vec<Span>,
    /// To whom it rises when it has passed.
    pub escalate: Vec<Party>,
    /// The step that the program takes when it has passed.
    pub then: Option<String>,
    /// Whether the law sets it.
    pub statutory: bool,
    /// The clauses that it carries out.
    pub clauses: Vec<ClauseRef>,
}

/// When a deadline begins to run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// When the case comes into one of these states.
    States(Vec<String>),
    /// When an effect starts it.
    Clock,
}

/// When a deadline has passed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// So long after it began.
    After(Amount),
    /// At the end of the day in a field; never, where the field is empty.
    Field(String),
}

/// How long a case is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Retention {
    /// What starts the clock.
    pub from: RetentionStart,
    /// How long it then runs.
    pub keep: Keep,
    /// What is proposed then.
    pub then: Disposal,
    /// Where the period comes from.
    pub source: String,
}

/// How long the cases of some kinds or ends are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ParticularRetention {
    /// Only where all of these hold.
    pub when: Vec<Condition>,
    /// Only where the case ended in one of these states; in any where none is named.
    pub states: Vec<String>,
    /// How long those are kept.
    pub retention: Retention,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// So long.
    Span(Span),
    /// Until the subject's normal retirement age, or ten years, the longer.
    RetirementOrTenYears,
}

/// What starts the clock of retention.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetentionStart {
    /// The case's end.
    Closed,
    /// The end of its subject's time at the trust.
    Left,
    /// The subject's birth.
    Born,
    /// The birth of the pupil whom a field names.
    BornOf(String),
    /// The date in a field.
    Field(String),
}

/// What is proposed at the end of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposal {
    /// Erase it.
    Erase,
    /// Look at it again.
    Review,
}
