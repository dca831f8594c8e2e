//! A link that works once: shown by GET, which mail scanners follow too, and used by POST.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::cookie::Cookie;
use super::links::{self, Link, LinkKind};
use super::next::own_path;
use super::session::{self, Method};
use super::who::{self, Person};
use crate::authority::{Access, Identity, Routes};
use crate::store::{Store, TrustId};
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `sign_in/link.html`.
#[derive(Debug, Serialize)]
pub(crate) struct LinkPage {
    action: String,
    name: String,
    /// Who is signed in in this browser already, if somebody else.
    instead_of: Option<String>,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "sign_in/link.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |instead_of| Self {
            action: "/sign-in/link/x".into(),
            name: "Kate Adeyemi".into(),
            instead_of,
        };
        vec![page(None), page(Some("Ben Okoro".into()))]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/link/{token}", Access::Open, show)
        .post("/sign-in/link/{token}", Access::Open, follow)
}

fn gone() -> Problem {
    Problem::new(Kind::Gone).detail(
        "A sign-in link works once and for a short time. This one was used already, its time is \
         over, or part of it is missing.",
    )
}

async fn show(
    State(app): State<App>,
    identity: Identity,
    Path(token): Path<String>,
) -> Result<Html<String>, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(gone)?;
    let (_, person) = found(app.store()?, trust, &token).await?;
    let other = identity
        .actor
        .filter(|actor| actor.person.as_ref() != Some(&person.id));
    app.render(&LinkPage {
        action: format!("/sign-in/link/{token}"),
        name: person.name,
        instead_of: other.map(|actor| actor.name),
    })
}

async fn found(store: &Store, trust: &TrustId, token: &str) -> Result<(Link, Person), Problem> {
    let mut reader = store.read(trust);
    let link = links::find(&mut reader, trust, token, store.clock().now()).await?;
    let link = link
        .filter(|link| link.kind == LinkKind::OneTime)
        .ok_or_else(gone)?;
    let person = who::person(&mut reader, &link.person, store.clock().today()).await?;
    Ok((link, person.ok_or_else(gone)?))
}

async fn follow(
    State(app): State<App>,
    identity: Identity,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(gone)?;
    let store = app.store()?;
    let (link, person) = found(store, trust, &token).await?;
    let mut tx = store.begin(trust).await?;
    if !links::use_up(&mut tx, &link).await? {
        return Err(gone());
    }
    let agent = agent(&headers);
    let before = identity.actor.as_ref();
    let session = session::sign_in(&mut tx, trust, before, &person, Method::Link, agent).await?;
    tx.commit().await?;
    let cookie = Cookie::Session.set(&app, &session.cookie);
    Ok((cookie, Redirect::to(own_path(None))).into_response())
}

/// What the browser says it is.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT);
    agent.and_then(|agent| agent.to_str().ok()).unwrap_or("")
}
