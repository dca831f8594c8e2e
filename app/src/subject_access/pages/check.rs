//! The second look before anything is given out; making the package, and fetching it.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Serialize;

use crate::authority::{Actor, Permit};
use crate::cases::CaseId;
use crate::subject_access::AccessError;
use crate::subject_access::item::{Choice, Exemption, Item};
use crate::subject_access::release::{self, release};
use crate::subject_access::sight::sight;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `subject_access/check.html`.
#[derive(Clone, Default, Serialize)]
pub(crate) struct AccessCheckPage {
    case: String,
    name: String,
    answers: bool,
    undecided: usize,
    given: Vec<Line>,
    redacted: Vec<Line>,
    withheld: Vec<Line>,
    error: String,
}

#[derive(Clone, Serialize)]
struct Line {
    href: String,
    title: String,
    /// What is left out, or why it is withheld.
    says: String,
}

impl Page for AccessCheckPage {
    const TEMPLATE: &'static str = "subject_access/check.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |says: &str| Line {
            href: "/subject-access/c1/items/1".into(),
            title: "INC-2026-0001 Incident".into(),
            says: says.into(),
        };
        let full = Self {
            case: "c1".into(),
            name: "Kate Adeyemi".into(),
            answers: true,
            undecided: 2,
            given: vec![line("")],
            redacted: vec![line("“Omar Khan”; 1 line")],
            withheld: vec![line("It would tell about somebody else")],
            error: "Not everything is decided".into(),
        };
        let empty = Self {
            name: full.name.clone(),
            case: full.case.clone(),
            ..Self::default()
        };
        vec![full, empty]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let page = page(&app, permit.actor(), &case, String::new()).await?;
    app.render(&page)
}

async fn page(
    app: &App,
    actor: &Actor,
    case: &CaseId,
    error: String,
) -> Result<AccessCheckPage, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, case).await?;
    let lines = |wanted: Choice| -> Vec<Line> {
        let items = seen.items.iter().filter(|item| {
            let decision = item.decision.as_ref();
            decision.is_some_and(|decision| decision.choice == wanted)
        });
        items.map(|item| line(case, item)).collect()
    };
    Ok(AccessCheckPage {
        case: case.to_string(),
        name: seen.whom.name.clone(),
        answers: seen.answers,
        undecided: seen.items.len() - seen.decided(),
        given: lines(Choice::Include),
        redacted: lines(Choice::Redact),
        withheld: lines(Choice::Withhold),
        error,
    })
}

fn line(case: &CaseId, item: &Item) -> Line {
    let says = item
        .decision
        .as_ref()
        .map(|decision| match decision.choice {
            Choice::Include => String::new(),
            Choice::Withhold => decision.exemption.map_or("", Exemption::says).to_owned(),
            Choice::Redact => {
                let passages = decision.marks.passages.iter();
                let mut said: Vec<String> =
                    passages.map(|passage| format!("“{passage}”")).collect();
                match decision.marks.parts.len() {
                    0 => {}
                    1 => said.push("1 line".to_owned()),
                    many => said.push(format!("{many} lines")),
                }
                match decision.marks.spans.len() {
                    0 => {}
                    1 => said.push("1 place in the text".to_owned()),
                    many => said.push(format!("{many} places in the text")),
                }
                said.join("; ")
            }
        });
    Line {
        href: format!("/subject-access/{case}/items/{}", item.number),
        title: item.content.title.clone(),
        says: says.unwrap_or_default(),
    }
}

pub(super) async fn make(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let engine = app.engine();
    let with = (app.store()?, &engine, app.attachments()?);
    match release(with, actor, &case).await {
        Ok(()) => Ok(Redirect::to(&format!("/subject-access/{case}?done=made")).into_response()),
        Err(error @ (AccessError::NotYet(_) | AccessError::TooLarge(_))) => {
            let page = page(&app, actor, &case, error.to_string()).await?;
            Ok(app.render(&page)?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn fetch(
    State(app): State<App>,
    permit: Permit,
    Path((case, package)): Path<(CaseId, String)>,
) -> Result<Response, Problem> {
    let bytes = release::fetch(app.store()?, permit.actor(), &case, &package).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"what-is-held.zip\"",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}
