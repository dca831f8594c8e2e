//! The page where people sign in, and the way out.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::cookie::Cookie;
use super::next::own_path;
use super::session;
use crate::authority::{Access, Actor, Identity, Means, Routes};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `sign_in/sign-in.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SignInPage {
    next: String,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "sign_in/sign-in.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            next: "/home".into(),
        }]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", Access::Open, show)
        .post("/sign-out", Access::Open, sign_out)
}

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
}

async fn show(
    State(app): State<App>,
    identity: Identity,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    app.store()?;
    let next = own_path(asked.next.as_deref());
    if identity.actor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let page: Html<String> = app.render(&SignInPage {
        next: next.to_owned(),
    })?;
    Ok(page.into_response())
}

/// Ends the session. Without one there is nothing to end, and that is no fault.
async fn sign_out(State(app): State<App>, actor: Option<Actor>) -> Result<Response, Problem> {
    if let Some(actor) = &actor
        && let (Means::Session { id, .. }, Some(person)) = (&actor.means, &actor.person)
    {
        let mut tx = app.store()?.begin(&actor.trust).await?;
        session::remove(&mut tx, id).await?;
        session::about(&mut tx, actor, person, "sign-in.ended").await?;
        tx.commit().await?;
    }
    Ok((Cookie::Session.clear(&app), Redirect::to("/")).into_response())
}
