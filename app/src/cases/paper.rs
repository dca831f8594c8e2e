//! What is different about a case that was kept on paper before: its day has gone by, its end may have been reached,
//! and nobody is hurried or written to.

use jiff::Zoned;
use register::life::{OPEN, Taken};
use register::value::{AnswerFault, Answers};
use register::{Effect, Field, FieldKind, Register};

use super::CaseError;
use super::case::{Case, Done};
use super::change::Paper;

/// The fields of the opening as paper can answer them: without files, and with days to come that have gone by since.
pub(super) fn fields(register: &Register) -> Vec<Field> {
    let fields = register.fields.iter().cloned();
    let on_paper = fields.filter(|field| field.kind != FieldKind::Evidence);
    on_paper
        .map(|field| match field.kind {
            FieldKind::FutureDate => Field {
                kind: FieldKind::Date,
                ..field
            },
            _ => field,
        })
        .collect()
}

/// Puts the case where the paper says it stands. It is assigned to nobody.
pub(super) fn stands<'r>(
    register: &'r Register,
    paper: &Paper,
    taken: &mut Taken<'r>,
) -> Result<(), CaseError> {
    if let Some(state) = &paper.state {
        taken.to = register
            .state(state)
            .ok_or_else(|| fault("state", "Choose a state of this register"))?;
    }
    taken.begin.clear();
    taken
        .effects
        .retain(|effect| !matches!(effect, Effect::Assign { .. }));
    Ok(())
}

/// When the case was opened, in milliseconds since 1970: as its day began.
pub(super) fn began(paper: &Paper, now: &Zoned) -> Result<Option<i64>, CaseError> {
    let Some(day) = paper.on else {
        return Ok(None);
    };
    let began = day.to_zoned(now.time_zone().clone()).ok();
    let began = began.filter(|_| day <= now.date()).ok_or_else(|| {
        fault(
            "opened_on",
            "Give the day on which it was opened: today or earlier",
        )
    })?;
    Ok(Some(began.timestamp().as_millisecond()))
}

/// The opening in the timeline: of whoever opened the case on paper. The ledger says who entered it, and when.
pub(super) fn done(case: &Case, answers: Answers) -> Done {
    Done {
        step: OPEN.to_owned(),
        at: case.opened_at,
        person: case.opened_by.clone(),
        role: None,
        to: case.state.clone(),
        note: "Entered from paper.".to_owned(),
        answers,
        decision: None,
    }
}

fn fault(field: &str, what: &str) -> CaseError {
    CaseError::Answers(vec![AnswerFault {
        field: field.to_owned(),
        what: what.to_owned(),
    }])
}
