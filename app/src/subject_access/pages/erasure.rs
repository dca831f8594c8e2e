//! What may be erased, chosen and confirmed.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Serialize;

use crate::authority::{Actor, Permit};
use crate::cases::CaseId;
use crate::people::reason_given;
use crate::subject_access::AccessError;
use crate::subject_access::erasure::{self, May};
use crate::subject_access::sight::{Sight, sight};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `subject_access/erasure.html`.
#[derive(Clone, Default, Serialize)]
pub(crate) struct ErasurePage {
    case: String,
    name: String,
    now: Vec<Line>,
    later: Vec<Line>,
    never: Vec<Line>,
    /// What was chosen is asked about once more.
    confirm: bool,
    reason: String,
    choose_error: &'static str,
    reason_error: &'static str,
}

#[derive(Clone, Serialize)]
struct Line {
    id: String,
    title: String,
    says: String,
    source: String,
    chosen: bool,
}

impl Page for ErasurePage {
    const TEMPLATE: &'static str = "subject_access/erasure.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |chosen| Line {
            id: "c2".into(),
            title: "INC-2026-0001 Incident: about them".into(),
            says: "Its time is over".into(),
            source: if chosen {
                String::new()
            } else {
                "A rule".into()
            },
            chosen,
        };
        let full = Self {
            case: "c1".into(),
            name: "Kate Adeyemi".into(),
            now: vec![line(true), line(false)],
            later: vec![line(false)],
            never: vec![line(true)],
            choose_error: "Choose what is erased",
            reason_error: "Say in 5 to 500 characters why it is erased",
            ..Self::default()
        };
        let confirm = Self {
            confirm: true,
            reason: "On request".into(),
            choose_error: "",
            reason_error: "",
            ..full.clone()
        };
        let empty = Self {
            name: "Kate Adeyemi".into(),
            ..Self::default()
        };
        vec![full, confirm, empty]
    }
}

async fn seen(app: &App, actor: &Actor, case: &CaseId) -> Result<Sight, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, case).await?;
    match seen.answers {
        true => Ok(seen),
        false => Err(AccessError::NotFound.into()),
    }
}

async fn page(
    app: &App,
    actor: &Actor,
    seen: &Sight,
    chosen: &[String],
) -> Result<ErasurePage, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&actor.trust);
    let held = erasure::outlook(&mut reader, store, actor, seen).await?;
    let lines = |may: May| -> Vec<Line> {
        let held = held.iter().filter(|held| held.may == may);
        held.map(|held| Line {
            chosen: chosen.contains(&held.id),
            id: held.id.clone(),
            title: held.title.clone(),
            says: held.says.clone(),
            source: held.source.clone(),
        })
        .collect()
    };
    Ok(ErasurePage {
        case: seen.collection.case.to_string(),
        name: seen.whom.name.clone(),
        now: lines(May::Now),
        later: lines(May::Later),
        never: lines(May::Never),
        ..ErasurePage::default()
    })
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let seen = seen(&app, actor, &case).await?;
    let page = page(&app, actor, &seen, &[]).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let seen = seen(&app, actor, &case).await?;
    let value = |wanted: &str| -> Vec<String> {
        let given = pairs.iter().filter(|(name, _)| name == wanted);
        given.map(|(_, value)| value.clone()).collect()
    };
    let chosen = value("held");
    let reason = value("reason").concat();
    let mut page = page(&app, actor, &seen, &chosen).await?;
    page.reason.clone_from(&reason);
    if page.now.iter().all(|line| !line.chosen) {
        page.choose_error = "Choose what is erased";
    }
    if reason_given(&reason).is_none() {
        page.reason_error = "Say in 5 to 500 characters why it is erased";
    }
    let sound = page.choose_error.is_empty() && page.reason_error.is_empty();
    if sound && value("confirm").concat() == "yes" {
        let gone = erasure::erase(app.store()?, actor, &seen, &chosen, &reason).await?;
        return Ok(Redirect::to(&format!("/subject-access?erased={gone}")).into_response());
    }
    page.confirm = sound;
    Ok(app.render(&page)?.into_response())
}
