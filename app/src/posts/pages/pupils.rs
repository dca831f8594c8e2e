//! Who of the pupils is in a post, and how: a list that a person enters, and that consent is asked about.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::super::consent_at::{self, Consent};
use super::super::pupils::{self, Shown};
use super::super::{PostError, may_go};
use super::to_edit;
use crate::accounts::answer;
use crate::authority::{Access, Actor, Routes};
use crate::cases::{CaseId, Seen};
use crate::pupils::{PupilId, named_so};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The most pupils to choose from; more are found by more of their name.
const AT_MOST: u32 = 10;

/// `posts/pupils.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PupilsPage {
    id: String,
    title: String,
    listed: Vec<Line>,
    q: String,
    found: Vec<(String, String)>,
    q_error: String,
    how_error: String,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    name: String,
    says: &'static str,
    may_not: String,
    mind: String,
}

impl Page for PupilsPage {
    const TEMPLATE: &'static str = "posts/pupils.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |may: bool| Line {
            id: "01k".into(),
            name: "Ella Khan".into(),
            says: "shown",
            may_not: if may { "" } else { "the family said no" }.into(),
            mind: if may { "No swimming" } else { "" }.into(),
        };
        let full = Self {
            id: "01k".into(),
            title: "Garden".into(),
            listed: vec![line(true), line(false)],
            q: "Ella".into(),
            found: vec![("01k".into(), "Ella Khan".into())],
            q_error: "Nobody has that name".into(),
            how_error: "Choose".into(),
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/{case}/pupils", Access::SignedIn, show)
        .post("/posts/{case}/pupils", Access::SignedIn, add)
        .post(
            "/posts/{case}/pupils/{pupil}/leave-out",
            Access::SignedIn,
            leave_out,
        )
}

/// What the form sends: first a name, then whom of those found, and how they are in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    q: String,
    pupil: String,
    shown: String,
    named: String,
}

async fn page(tx: &mut Tx, app: &App, seen: &Seen) -> Result<PupilsPage, PostError> {
    let post = &seen.case;
    let listed = pupils::of_post(tx, &post.id).await?;
    let (engine, today) = (app.engine(), app.today());
    let consents = consent_at::of(tx, &engine, post.school.as_ref(), &listed, today).await?;
    let mut lines = Vec::new();
    for (one, consent) in listed.iter().zip(consents) {
        let (may_not, mind) = match consent {
            Consent::May(mind) => (String::new(), mind.unwrap_or_default()),
            Consent::MayNot(why) => (why, String::new()),
        };
        lines.push(Line {
            id: one.id.to_string(),
            name: may_go::name_of(tx, one).await?,
            says: one.says(),
            may_not,
            mind,
        });
    }
    Ok(PupilsPage {
        id: post.id.to_string(),
        title: answer(post, "title").to_owned(),
        listed: lines,
        ..PupilsPage::default()
    })
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    let page = page(&mut tx, &app, &seen).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

async fn add(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = to_edit(&mut tx, &actor, &id).await?;
    let mut page = page(&mut tx, &app, &seen).await?;
    let q = typed.q.trim();
    let school = seen.case.school.as_ref();
    let found = match q {
        "" => Vec::new(),
        q => named_so(&mut tx, school, app.today(), q, AT_MOST).await?,
    };
    let chosen = found.iter().find(|one| one.id.as_str() == typed.pupil);
    let shown = Shown::named(&typed.shown);
    let named = typed.named == "yes";
    let is_in_it = shown.filter(|shown| *shown != Shown::No || named);
    if let (Some(pupil), Some(shown)) = (chosen, is_in_it) {
        let pupil: &PupilId = &pupil.id;
        pupils::enter(&mut tx, &actor, (&id, pupil), (shown, named)).await?;
        tx.commit().await?;
        return Ok(Redirect::to(&format!("/posts/{id}/pupils")).into_response());
    }
    if q.is_empty() {
        page.q_error = "Enter a part of the name".to_owned();
    } else if found.is_empty() {
        page.q_error = "No pupil on the roll has that name. Enter another part of it".to_owned();
    } else if !typed.pupil.is_empty() {
        page.how_error = "Say whether they are shown, named, or both".to_owned();
    }
    page.q = q.to_owned();
    page.found = found
        .into_iter()
        .map(|one| (one.id.to_string(), one.name))
        .collect();
    let wrong = !page.q_error.is_empty() || !page.how_error.is_empty();
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok((status, app.render(&page)?).into_response())
}

async fn leave_out(
    State(app): State<App>,
    actor: Actor,
    Path((id, listed)): Path<(CaseId, String)>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    to_edit(&mut tx, &actor, &id).await?;
    let all = pupils::of_post(&mut tx, &id).await?;
    let one = all.iter().find(|one| one.id.as_str() == listed);
    let one = one.ok_or(PostError::NotFound)?;
    pupils::leave_out(&mut tx, &actor, one).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}/pupils")))
}
