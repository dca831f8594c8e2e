//! The short quiz of a case: a few situations of the school's policy, answered on screen and marked with the clause
//! that decides. It can be tried as often as one likes, each time with other questions; only that it was passed is
//! kept.

mod page;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use page::{MarkedPage, QuizPage};

use policy::library::Library;
use policy::quiz::{self, Question};
use policy::table::Table;

use crate::authority::{Access, Action, Routes};
use crate::cases::Case;
use crate::schools;
use crate::store::{Query, StoreError};

/// The address of the quiz, as registers name it for a step.
const PAGE: &str = "/quiz/{case}";
/// Questions and right answers, where nothing else is set.
pub(crate) const USUAL: Length = Length {
    questions: 5,
    pass: 4,
};

pub(crate) fn routes() -> Routes {
    let work = Access::May(Action::WorkCases);
    Routes::new()
        .get(PAGE, work, page::ask)
        .post(PAGE, work, page::mark)
}

/// How long a quiz is, and how many answers must be right.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Length {
    pub(crate) questions: usize,
    pub(crate) pass: usize,
}

impl Length {
    /// As the case says, else as usual; never more right answers than questions.
    fn of(case: &Case) -> Self {
        let number = |field: &str| {
            let answers = case.answers.get(field);
            let answer = answers.and_then(|answers| answers.first());
            answer.and_then(|n| n.parse::<usize>().ok())
        };
        let questions = number("quiz_questions").filter(|n| *n > 0);
        let questions = questions.unwrap_or(USUAL.questions);
        Self {
            questions,
            pass: number("quiz_pass").unwrap_or(USUAL.pass).min(questions),
        }
    }
}

/// The policy that a case is about: the one it names, else the one that its school follows.
async fn table_of<'l>(
    query: &mut impl Query,
    library: &'l Library,
    case: &Case,
    today: jiff::civil::Date,
) -> Result<Option<&'l Table>, StoreError> {
    let named = case.answers.get("policy");
    let named = named.and_then(|answers| library.table(answers.first()?));
    if named.is_some() {
        return Ok(named);
    }
    let Some(school) = &case.school else {
        return Ok(None);
    };
    let following = schools::policy_on(query, school, today).await?;
    Ok(following.and_then(|following| library.table(&following.policy)))
}

/// The questions of a case's so-manieth try: the same for everybody who asks again, so that nothing need be kept.
fn drawn<'l>(
    library: &'l Library,
    table: &'l Table,
    case: &Case,
    attempt: u32,
) -> Vec<Question<'l>> {
    let seed = format!("{}/{attempt}", case.id);
    let length = Length::of(case);
    quiz::questions(table, library.vocabulary(), &seed, length.questions)
}
