//! Where somebody stands with a course, by their cases in the register.

use jiff::Timestamp;

use super::{COURSE, PAST};
use crate::cases::{CaseId, Line};

/// Where somebody stands with a course.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Stand {
    /// It counts, until then where an end is known.
    Counts(CaseId, Option<Timestamp>),
    /// They were asked; by when, where a day is known.
    Asked(CaseId, Option<Timestamp>),
    /// Its time is over.
    Past(CaseId),
    /// It was said that it is not needed.
    LetGo(CaseId),
    /// They never had it.
    Never,
}

/// Where somebody stands, by their cases, the latest first.
pub(super) fn stand(lines: &[Line], course: &str) -> Stand {
    let of_course = |line: &&Line| {
        let answers = line.case.answers.get(COURSE);
        answers.is_some_and(|answers| answers.iter().any(|answer| answer == course))
    };
    let lines: Vec<&Line> = lines.iter().filter(of_course).collect();
    let id = |line: &&Line| line.case.id.clone();
    if let Some(line) = lines.iter().find(|line| line.case.in_force) {
        return Stand::Counts(id(line), line.due);
    }
    if let Some(line) = lines.iter().find(|line| line.case.closed_at.is_none()) {
        return Stand::Asked(id(line), line.due);
    }
    match lines.first() {
        Some(line) if line.case.state == PAST => Stand::Past(id(line)),
        Some(line) => Stand::LetGo(id(line)),
        None => Stand::Never,
    }
}

impl Stand {
    /// Whether somebody is to be asked who must take it.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Past(_) | Self::Never)
    }
}
