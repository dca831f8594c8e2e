//! Taking a step: what it asks and does, what is wrong with what was typed, and what changed meanwhile.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use policy::words::capitalised;
use register::life::Refusal;
use register::value::AnswerFault;
use register::{Field, FieldKind, Need, Step};
use serde::{Deserialize, Serialize};

use super::followed::before;
use super::timeline::{Event, timeline};
use super::typed::{Typed, fields};
use crate::authority::{Actor, Permit};
use crate::cases::pages::opening::asked::{Asked, Pairs};
use crate::cases::pages::words::Names;
use crate::cases::{self, CaseError, CaseId, Seen, Taking};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;
use crate::web::upload::Sent;

/// `cases/work/step.html`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct StepPage {
    id: String,
    step: String,
    reference: String,
    kind: String,
    says: String,
    help: String,
    /// What it does, a sentence each.
    does: Vec<String>,
    /// Whether this page only says what the step does, before it asks anything.
    before: bool,
    /// Whether it cannot be taken back.
    confirm: bool,
    fields: Vec<Asked>,
    note_needed: bool,
    note: String,
    note_error: String,
    /// Where files may be brought: the largest, in words.
    may_bring: String,
    file_error: String,
    /// What is wrong that belongs to no field.
    error: String,
    revision: i64,
    seen: usize,
    /// What others did since the page was opened.
    meanwhile: Option<Vec<Event>>,
    /// Whether the step is no longer open, so that what was typed can only be read.
    gone: bool,
    kept: Vec<Kept>,
}

/// What was typed for a step that is no longer open.
#[derive(Clone, Debug, Serialize)]
struct Kept {
    label: String,
    value: String,
}

impl Page for StepPage {
    const TEMPLATE: &'static str = "cases/work/step.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let plain = Self {
            id: "c1".into(),
            step: "end".into(),
            reference: "DEC-2026-0001".into(),
            kind: "Declaration of a relationship".into(),
            says: "End it".into(),
            revision: 1,
            ..Self::default()
        };
        let before = Self {
            before: true,
            confirm: true,
            help: "Only where the tie is over.".into(),
            does: vec!["The case is over: Ended.".into()],
            ..plain.clone()
        };
        let wrong = Self {
            confirm: true,
            fields: vec![Asked {
                name: "since".into(),
                question: "Since when?".into(),
                error: "Enter a date.".into(),
                at: "since".into(),
                ..Asked::default()
            }],
            note_needed: true,
            note_error: "Say why.".into(),
            file_error: "The file is empty.".into(),
            may_bring: "25 MB".into(),
            error: "Something must be there first.".into(),
            ..before.clone()
        };
        let wrong = Self {
            before: false,
            ..wrong
        };
        let overtaken = Self {
            meanwhile: Some(vec![Event {
                says: "Acknowledge it".into(),
                who: "Kate Adeyemi, head".into(),
                note: "As agreed".into(),
                ..Event::default()
            }]),
            ..plain.clone()
        };
        let gone = Self {
            meanwhile: Some(Vec::new()),
            gone: true,
            kept: vec![Kept {
                label: "Note".into(),
                value: "As agreed".into(),
            }],
            ..plain.clone()
        };
        vec![plain, before, wrong, overtaken, gone]
    }
}

/// Whether what the step does was read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sure {
    sure: String,
}

/// What is wrong with what was typed.
#[derive(Debug, Default)]
struct Wrong {
    answers: Vec<AnswerFault>,
    note: String,
    file: String,
    error: String,
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path((id, step)): Path<(CaseId, String)>,
    Query(sure): Query<Sure>,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = cases::see(&mut tx, actor, &id).await?;
    let step = offered(&seen, &step).ok_or(CaseError::Refused(Refusal::NotOffered))?;
    let open = seen.steps.iter().find(|open| open.id == step.id);
    let lacks: Vec<String> = open.map(|open| open.lacks.clone()).unwrap_or_default();
    let mut page = page(&app, &seen, step);
    page.before = step.confirm && sure.sure != "yes";
    page.error = sentence(&lacks.join("; "));
    let typed = Typed::corrections(&mut tx, &seen, step).await?;
    page.fields = fields(&app, &mut tx, &seen, step, &typed, &[]).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

pub(super) async fn take(
    State(app): State<App>,
    permit: Permit,
    Path((id, step)): Path<(CaseId, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let sent = Sent::read(request).await?;
    let taken = taken(&app, actor, &id, &step, sent).await?;
    Ok(match taken {
        Ok(()) => Redirect::to(&format!("/cases/{id}?step={step}")).into_response(),
        Err((status, page)) => (status, app.render(&page)?).into_response(),
    })
}

type Again = (StatusCode, StepPage);

async fn taken(
    app: &App,
    actor: &Actor,
    id: &CaseId,
    step_id: &str,
    mut sent: Sent,
) -> Result<Result<(), Again>, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let seen = cases::see(&mut tx, actor, id).await?;
    let revision: i64 = sent.value("revision").parse().unwrap_or_default();
    let Some(step) = offered(&seen, step_id).filter(|_| revision == seen.case.revision) else {
        let again = overtaken(app, &mut tx, &seen, step_id, &sent).await?;
        tx.commit_unrecorded().await?;
        return Ok(Err(again));
    };
    let files = std::mem::take(&mut sent.files);
    let typed = Typed::read(app, &mut tx, &seen, step, &sent.pairs).await?;
    tx.commit_unrecorded().await?;
    let mut wrong = Wrong {
        answers: typed.faults.clone(),
        ..Wrong::default()
    };
    let mut brought = Vec::new();
    for file in files {
        let field = step.fields.iter().find(|field| field.id == file.field);
        let field = field.filter(|field| field.kind == FieldKind::Evidence);
        let field = field.map(|field| field.id.clone());
        match file.receive(app, actor).await? {
            Ok(file) => brought.push(cases::Brought { field, file }),
            Err(what) => match field {
                Some(field) => wrong.answers.push(AnswerFault { field, what }),
                None => wrong.file = what,
            },
        }
    }
    let taking = Taking {
        step: step.id.clone(),
        revision,
        note: sent.value("note").to_owned(),
        answers: typed.answers.clone(),
    };
    if step.needs.contains(&Need::Note) && taking.note.trim().is_empty() {
        wrong.note = "Say why in a note.".to_owned();
    }
    let mut tx = store.begin(&actor.trust).await?;
    if wrong.answers.is_empty() && wrong.note.is_empty() && wrong.file.is_empty() {
        let engine = app.engine();
        let took = match app.attachments() {
            Ok(attachments) => {
                let with = (&engine, attachments);
                cases::take_with_evidence(&mut tx, with, actor, id, taking, brought).await
            }
            Err(_) => cases::take(&mut tx, &engine, actor, id, taking).await,
        };
        match took {
            Ok(_) => {
                tx.commit().await?;
                return Ok(Ok(()));
            }
            Err(CaseError::Answers(faults)) => wrong.answers = faults,
            Err(CaseError::Refused(Refusal::NoNote)) => {
                wrong.note = "Say why in a note.".to_owned();
            }
            Err(CaseError::Refused(Refusal::Lacks(lacks))) => {
                let lacks: Vec<String> = lacks.iter().map(ToString::to_string).collect();
                wrong.error = sentence(&lacks.join("; "));
            }
            Err(CaseError::Changed | CaseError::Refused(Refusal::NotOffered)) => {
                drop(tx);
                let mut tx = store.begin(&actor.trust).await?;
                let seen = cases::see(&mut tx, actor, id).await?;
                let again = overtaken(app, &mut tx, &seen, step_id, &sent).await?;
                tx.commit_unrecorded().await?;
                return Ok(Err(again));
            }
            Err(other) => return Err(other.into()),
        }
        drop(tx);
        tx = store.begin(&actor.trust).await?;
    }
    let again = again(app, &mut tx, &seen, step, (&typed, &sent), wrong).await?;
    Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, again)))
}

/// A step that is open to whoever was shown the case.
fn offered<'s>(seen: &'s Seen, step: &str) -> Option<&'s Step> {
    let open = seen.steps.iter().find(|open| open.id == step)?;
    let step = seen.rules.register().step(&open.id);
    step.filter(|step| step.page.is_none())
}

fn page(app: &App, seen: &Seen, step: &Step) -> StepPage {
    let case = &seen.case;
    let registers = app.registers();
    let asks_files = step
        .fields
        .iter()
        .any(|field| field.kind == FieldKind::Evidence);
    let may_bring = match app.attachments() {
        Ok(attachments) if !seen.outline && !asks_files => attachments.largest(),
        _ => String::new(),
    };
    StepPage {
        id: case.id.to_string(),
        step: step.id.clone(),
        reference: case.reference.clone(),
        kind: capitalised(&seen.rules.register().name),
        says: step.says.clone(),
        help: step.help.clone().unwrap_or_default(),
        does: before(seen, step, registers.registers()),
        confirm: step.confirm,
        note_needed: step.needs.contains(&Need::Note),
        may_bring,
        revision: case.revision,
        seen: case.done.len(),
        ..StepPage::default()
    }
}

/// The form again, with what is wrong beside what was typed.
async fn again(
    app: &App,
    tx: &mut Tx,
    seen: &Seen,
    step: &Step,
    (typed, sent): (&Typed, &Sent),
    wrong: Wrong,
) -> Result<StepPage, Problem> {
    let fields = fields(app, tx, seen, step, typed, &wrong.answers).await?;
    Ok(StepPage {
        fields,
        note: sent.value("note").to_owned(),
        note_error: wrong.note,
        file_error: wrong.file,
        error: wrong.error,
        ..page(app, seen, step)
    })
}

/// The form again after somebody else was first: what they did, and what was typed. Where the step is no longer open,
/// what was typed is there to be read.
async fn overtaken(
    app: &App,
    tx: &mut Tx,
    seen: &Seen,
    step_id: &str,
    sent: &Sent,
) -> Result<Again, Problem> {
    let register = seen.rules.register();
    let mut names = Names::of(app)?;
    let mut events = timeline(tx, &mut names, register, &seen.case).await?;
    let known: usize = sent.value("seen").parse().unwrap_or_default();
    let new = events.split_off(known.min(events.len()));
    let Some(step) = offered(seen, step_id) else {
        let step = register.step(step_id).ok_or(CaseError::NotFound)?;
        let kept = kept(seen, step, &sent.pairs);
        let gone = StepPage {
            meanwhile: Some(new),
            gone: true,
            kept,
            ..page(app, seen, step)
        };
        return Ok((StatusCode::CONFLICT, gone));
    };
    let typed = Typed::read(app, tx, seen, step, &sent.pairs).await?;
    let page = StepPage {
        meanwhile: Some(new),
        ..again(app, tx, seen, step, (&typed, sent), Wrong::default()).await?
    };
    Ok((StatusCode::CONFLICT, page))
}

/// What was typed, for reading.
fn kept(seen: &Seen, step: &Step, pairs: &Pairs) -> Vec<Kept> {
    let asked: Vec<Field> = seen.asked(step);
    let label = |name: &str| {
        let field = asked.iter().find(|field| name.starts_with(&field.id));
        match field {
            Some(field) => field.label.clone(),
            None => "Note".to_owned(),
        }
    };
    let typed = pairs.iter().filter(|(name, value)| {
        !value.trim().is_empty()
            && !matches!(name.as_str(), "revision" | "seen")
            && !name.ends_with("-was")
    });
    let kept = typed.map(|(name, value)| Kept {
        label: label(name),
        value: value.clone(),
    });
    kept.collect()
}

fn sentence(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("{}.", capitalised(text)),
    }
}
