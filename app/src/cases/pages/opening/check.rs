//! The answers once more before they are sent, and the sending.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use policy::words::capitalised;
use register::value::AnswerFault;
use register::{Door, Field, FieldKind};
use serde::Serialize;

use super::open::Open;
use crate::authority::Permit;
use crate::cases::words::in_words;
use crate::cases::{self, CaseError, Decision, DraftId, evidence};
use crate::schools;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/opening/check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckPage {
    register: String,
    action: String,
    back: String,
    discard: String,
    school: String,
    decision: Option<Decision>,
    rows: Vec<Row>,
    errors: Vec<Fault>,
    button: &'static str,
}

/// A question with its answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) question: String,
    pub(super) answers: Vec<String>,
    pub(super) change: String,
}

/// What is wrong, and where to mend it.
#[derive(Clone, Debug, Serialize)]
struct Fault {
    text: String,
    href: String,
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "cases/opening/check.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let row = |answers: &[&str]| Row {
            question: "Who is the tie with?".into(),
            answers: answers.iter().map(|&answer| answer.into()).collect(),
            change: "/drafts/01j/with?then=check".into(),
        };
        let fault = Fault {
            text: "Choose an answer".into(),
            href: "/drafts/01j/with?then=check".into(),
        };
        let page = |school: &str, decision, errors| Self {
            register: "Declaration of a relationship".into(),
            action: "/drafts/01j".into(),
            back: "/drafts/01j/with".into(),
            discard: "/discard-draft/01j".into(),
            school: school.into(),
            decision,
            rows: vec![row(&["A pupil"]), row(&["One", "Two"]), row(&[])],
            errors,
            button: button(None),
        };
        let decision = Decision {
            address: "/ask/example/answer?act=x".into(),
            policy: "Social media policy, Example School".into(),
            version: "0123".into(),
            says: "Better not".into(),
        };
        vec![
            page("", None, Vec::new()),
            page("Ash School", Some(decision), vec![fault]),
        ]
    }
}

const fn button(door: Option<Door>) -> &'static str {
    match door {
        Some(Door::Report) => "Send this report",
        Some(Door::Declare) => "Send this declaration",
        Some(Door::Request) => "Send this request",
        Some(Door::Ask) => "Send this question",
        Some(Door::Keep) => "Enter this record",
        None => "Send",
    }
}

/// The answers to check; a question that must still be answered comes first.
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DraftId>,
) -> Result<Response, Problem> {
    let open = Open::find(&app, &permit, &id).await?;
    if let Some(missing) = open.missing() {
        let to = format!("/drafts/{id}/{}", missing.id);
        return Ok(Redirect::to(&to).into_response());
    }
    let page = page(&app, &permit, &open, &[]).await?;
    Ok(app.render(&page)?.into_response())
}

async fn page(
    app: &App,
    permit: &Permit,
    open: &Open,
    faults: &[AnswerFault],
) -> Result<CheckPage, Problem> {
    let id = &open.draft.id;
    let change = |field: &str| format!("/drafts/{id}/{field}?then=check");
    let mut rows = Vec::new();
    for field in open.questions() {
        rows.push(Row {
            question: field.question.clone(),
            answers: answers(app, permit, open, field).await?,
            change: change(&field.id),
        });
    }
    let mut reader = app.store()?.read(&permit.actor().trust);
    let school = match &open.draft.school {
        Some(school) => schools::find(&mut reader, school).await?,
        None => None,
    };
    let fault = |fault: &AnswerFault| Fault {
        text: fault.what.clone(),
        href: change(&fault.field),
    };
    let last = open
        .questions()
        .last()
        .map(|field| format!("/drafts/{id}/{}", field.id));
    Ok(CheckPage {
        register: capitalised(&open.register().name),
        action: format!("/drafts/{id}"),
        back: last.unwrap_or_else(|| "/registers".to_owned()),
        discard: format!("/discard-draft/{id}"),
        school: school.map(|school| school.details.name).unwrap_or_default(),
        decision: open.draft.decision.clone(),
        rows,
        errors: faults.iter().map(fault).collect(),
        button: button(open.register().door),
    })
}

async fn answers(
    app: &App,
    permit: &Permit,
    open: &Open,
    field: &Field,
) -> Result<Vec<String>, Problem> {
    let Some(given) = open.draft.answers.get(&field.id) else {
        return Ok(Vec::new());
    };
    let (store, actor) = (app.store()?, permit.actor());
    if field.kind == FieldKind::Evidence {
        let files = evidence::files(store, app.attachments()?, actor, &open.draft).await?;
        let mine = files
            .iter()
            .filter(|file| given.iter().any(|id| id == file.id.as_str()));
        return Ok(mine.map(|file| file.name.clone()).collect());
    }
    let library = app.library();
    let mut reader = store.read(&actor.trust);
    Ok(in_words(&mut reader, library.platforms(), field, given).await?)
}

/// Opens the case.
pub(super) async fn send(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DraftId>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    match cases::open_draft(&mut tx, &app.engine(), app.attachments()?, actor, &id).await {
        Ok(case) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/opened/{}", case.id)).into_response())
        }
        Err(CaseError::Answers(faults)) => {
            drop(tx);
            let open = Open::find(&app, &permit, &id).await?;
            let page = page(&app, &permit, &open, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
