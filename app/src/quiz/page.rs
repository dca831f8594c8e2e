//! The quiz on screen, and how it went.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use policy::policy_file::Standing;
use policy::quiz::{self, Question};
use policy::table::Table;
use serde::{Deserialize, Serialize};

use super::{Length, PAGE, drawn, table_of};
use crate::ask::standing_says;
use crate::authority::{Actor, Permit};
use crate::cases::{self, CaseId, Seen, Taking};
use crate::policies::anchor;
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `quiz/questions.html`.
#[derive(Debug, Serialize)]
pub(crate) struct QuizPage {
    case: String,
    reference: String,
    policy: String,
    attempt: u32,
    pass: usize,
    questions: Vec<Asked>,
}

/// A question as it is asked.
#[derive(Debug, Serialize)]
struct Asked {
    name: String,
    facts: Vec<String>,
    choices: Vec<Choice>,
    error: bool,
}

/// A verdict to choose.
#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
    chosen: bool,
}

/// `quiz/marked.html`.
#[derive(Debug, Serialize)]
pub(crate) struct MarkedPage {
    case: String,
    reference: String,
    next: u32,
    passed: bool,
    right: usize,
    of: usize,
    pass: usize,
    questions: Vec<Marked>,
}

/// A question as it was answered.
#[derive(Debug, Serialize)]
struct Marked {
    name: String,
    facts: Vec<String>,
    right: bool,
    yours: &'static str,
    says: &'static str,
    clauses: Vec<Clause>,
}

/// A clause that decides.
#[derive(Debug, Serialize)]
struct Clause {
    printed: String,
    says: String,
    href: String,
}

impl Page for QuizPage {
    const TEMPLATE: &'static str = "quiz/questions.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |error: bool| Self {
            case: "c1".into(),
            reference: "ATT-2026-0001".into(),
            policy: "Social media policy".into(),
            attempt: 1,
            pass: 4,
            questions: vec![Asked {
                name: "A pupil asks to follow me".into(),
                facts: vec!["With: a pupil".into()],
                choices: choices(Some(Standing::Permitted)),
                error,
            }],
        };
        vec![page(false), page(true)]
    }
}

impl Page for MarkedPage {
    const TEMPLATE: &'static str = "quiz/marked.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let question = |right: bool| Marked {
            name: "A pupil asks to follow me".into(),
            facts: vec!["With: a pupil".into()],
            right,
            yours: "Yes",
            says: "No, do not do this",
            clauses: match right {
                true => vec![Clause {
                    printed: "4.6".into(),
                    says: "Be no friend of a pupil.".into(),
                    href: "/policies/link#clause-4.6".into(),
                }],
                false => Vec::new(),
            },
        };
        let page = |passed: bool| Self {
            case: "c1".into(),
            reference: "ATT-2026-0001".into(),
            next: 2,
            passed,
            right: 1,
            of: 2,
            pass: 2,
            questions: vec![question(true), question(false)],
        };
        vec![page(true), page(false)]
    }
}

/// Which try it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attempt {
    attempt: u32,
}

/// A case whose quiz is open to somebody.
struct Open {
    seen: Seen,
    step: String,
}

/// The case, where its quiz is open to whoever asks; otherwise as if it were not there.
async fn open(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<Open, Problem> {
    let seen = cases::see(tx, actor, id).await?;
    let register = seen.rules.register();
    let quiz = seen.steps.iter().find(|open| {
        let step = register.step(&open.id);
        step.is_some_and(|step| step.page.as_deref() == Some(PAGE))
    });
    let step = quiz.map(|open| open.id.clone());
    let step = step.ok_or_else(|| {
        Problem::new(Kind::NotFound).detail("There is no quiz for you on this case now.")
    })?;
    Ok(Open { seen, step })
}

async fn table<'l>(
    app: &App,
    tx: &mut Tx,
    library: &'l policy::library::Library,
    seen: &Seen,
) -> Result<&'l Table, Problem> {
    let table = table_of(tx, library, &seen.case, app.today()).await?;
    table.ok_or_else(|| {
        Problem::new(Kind::NotFound)
            .detail("The school follows no policy that is here, so there is nothing to ask.")
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    Query(attempt): Query<Attempt>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let open = open(&mut tx, actor, &id).await?;
    let table = table(&app, &mut tx, &library, &open.seen).await?;
    tx.commit_unrecorded().await?;
    let attempt = attempt.attempt.max(1);
    let questions = drawn(&library, table, &open.seen.case, attempt);
    app.render(&questionnaire(&open, table, attempt, &questions, None))
}

fn questionnaire(
    open: &Open,
    table: &Table,
    attempt: u32,
    questions: &[Question<'_>],
    answers: Option<&[Option<Standing>]>,
) -> QuizPage {
    let answer = |at: usize| answers.and_then(|answers| answers.get(at).copied().flatten());
    let asked = questions.iter().enumerate().map(|(at, question)| Asked {
        name: question.name.to_owned(),
        facts: question.facts.clone(),
        choices: choices(answer(at)),
        error: answers.is_some() && answer(at).is_none(),
    });
    let case = &open.seen.case;
    QuizPage {
        case: case.id.to_string(),
        reference: case.reference.clone(),
        policy: table.policy().title.clone(),
        attempt,
        pass: Length::of(case).pass.min(questions.len()),
        questions: asked.collect(),
    }
}

fn choices(chosen: Option<Standing>) -> Vec<Choice> {
    let choice = |standing: Standing| Choice {
        value: standing.id(),
        text: standing_says(standing),
        chosen: chosen == Some(standing),
    };
    Standing::ALL.into_iter().rev().map(choice).collect()
}

pub(super) async fn mark(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    Query(attempt): Query<Attempt>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let library = app.library();
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let open = open(&mut tx, actor, &id).await?;
    let table = table(&app, &mut tx, &library, &open.seen).await?;
    let attempt = attempt.attempt.max(1);
    let case = &open.seen.case;
    let questions = drawn(&library, table, case, attempt);
    let answers: Vec<Option<Standing>> = (0..questions.len())
        .map(|at| answered(&sent, &format!("q{at}")))
        .collect();
    if answers.iter().any(Option::is_none) {
        let page = questionnaire(&open, table, attempt, &questions, Some(&answers));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    }
    let marks = quiz::mark(&questions, &answers);
    let pass = Length::of(case).pass.min(marks.of);
    let passed = marks.right >= pass;
    if passed {
        let number = |n: usize| vec![n.to_string()];
        let taking = Taking {
            step: open.step.clone(),
            revision: case.revision,
            answers: [("right", number(marks.right)), ("of", number(marks.of))]
                .map(|(field, answers)| (field.to_owned(), answers))
                .into(),
            ..Taking::default()
        };
        cases::take_on_its_page(&mut tx, &app.engine(), actor, &id, taking).await?;
        tx.commit().await?;
    } else {
        tx.commit_unrecorded().await?;
    }
    let asked = questions.iter().zip(answers);
    let page = MarkedPage {
        case: case.id.to_string(),
        reference: case.reference.clone(),
        next: attempt.saturating_add(1),
        passed,
        right: marks.right,
        of: marks.of,
        pass,
        questions: asked
            .map(|(question, answer)| marked(&table.policy().id, question, answer))
            .collect(),
    };
    Ok(app.render(&page)?.into_response())
}

fn answered(sent: &[(String, String)], field: &str) -> Option<Standing> {
    let value = sent.iter().rev().find(|(name, _)| name == field);
    let value = value.map(|(_, value)| value.as_str())?;
    Standing::ALL.into_iter().find(|one| one.id() == value)
}

fn marked(policy: &str, question: &Question<'_>, answer: Option<Standing>) -> Marked {
    let clauses = question.clauses.iter().map(|clause| Clause {
        printed: clause.printed.clone(),
        says: clause.says.clone(),
        href: format!("/policies/{policy}#{}", anchor(&clause.reference)),
    });
    Marked {
        name: question.name.to_owned(),
        facts: question.facts.clone(),
        right: answer == Some(question.standing),
        yours: answer.map_or("", standing_says),
        says: standing_says(question.standing),
        clauses: clauses.collect(),
    }
}
