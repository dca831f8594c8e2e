//! Proving once more who one is, before something that is worth stealing a session for.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account;
use super::client::Client;
use super::entering::Entering;
use super::entry::{Candidate, count, failed, too_many};
use super::form::{Faults, no_trust};
use super::next::own_path;
use super::session;
use super::{password, tries};
use crate::authority::{Access, Actor, Identity, Means, Routes};
use crate::values;
use crate::web::App;
use crate::web::extract::{Form, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Whether somebody proved who they are within so many minutes; otherwise they are asked to, and
/// come back afterwards. Ask it where a page is shown, so that what they typed is not lost.
pub fn recent(app: &App, actor: &Actor, minutes: i64) -> Result<(), Problem> {
    let Means::Session {
        authenticated_at, ..
    } = &actor.means
    else {
        return Ok(());
    };
    let until = *authenticated_at + SignedDuration::from_mins(minutes);
    match app.clock().now() <= until {
        true => Ok(()),
        false => Err(Problem::new(Kind::SignInAgain)),
    }
}

/// `sign_in/again.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct AgainPage {
    next: String,
    name: String,
    /// Whether there is a password to ask for.
    password: bool,
    faults: Faults,
}

impl Page for AgainPage {
    const TEMPLATE: &'static str = "sign_in/again.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let faulty = Self {
            next: "/me/sign-in".into(),
            name: "Kate Adeyemi".into(),
            password: true,
            faults: Faults::one("password", WRONG),
        };
        vec![Self::default(), faulty]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/again", Access::SignedIn, show)
        .post("/sign-in/again", Access::SignedIn, prove)
}

const WRONG: &str = "That is not your password";

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let account = own_account(&app, &actor).await?;
    let page = AgainPage {
        next: own_path(asked.next.as_deref()).to_owned(),
        name: actor.name.clone(),
        password: account.password_hash.is_some(),
        faults: Faults::default(),
    };
    Ok(app.render(&page)?.into_response())
}

/// The account of whoever is asking.
pub(super) async fn own_account(app: &App, actor: &Actor) -> Result<account::Account, Problem> {
    let nobody = || Problem::new(Kind::Forbidden).detail("Only a person has a sign-in.");
    let person = actor.person.as_ref().ok_or_else(nobody)?;
    let mut reader = app.store()?.read(&actor.trust);
    let account = account::of(&mut reader, person, app.today()).await?;
    account.ok_or_else(nobody)
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    password: Zeroizing<String>,
    next: Option<String>,
}

async fn prove(
    State(app): State<App>,
    identity: Identity,
    actor: Actor,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let account = own_account(&app, &actor).await?;
    let next = own_path(given.next.as_deref()).to_owned();
    let refuse = |status: StatusCode, text: String| {
        let page = AgainPage {
            next: next.clone(),
            name: actor.name.clone(),
            password: true,
            faults: Faults::one("password", text),
        };
        Ok((status, app.render(&page)?).into_response())
    };
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: None,
    };
    let person = account.person.id.clone();
    let candidate = Candidate::of(&entering, Some(account)).await?;
    let attempt = candidate.attempt("again", person.as_str(), client);
    if let Err(wait) = count(&app, trust, attempt).await? {
        return refuse(StatusCode::TOO_MANY_REQUESTS, too_many(wait));
    }
    let account = candidate.account.as_ref();
    let hash = account.and_then(|account| account.password_hash.clone());
    if !password::is(given.password, hash).await? {
        failed(&app, trust, account, "sign-in.again-failed").await?;
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, WRONG.to_owned());
    }
    let mut tx = app.store()?.begin(trust).await?;
    tries::succeeded(&mut tx, trust, attempt).await?;
    if let Means::Session { id, .. } = &actor.means {
        let now = tx.now();
        tx.execute(
            "UPDATE session SET authenticated_at = $3 WHERE trust = $1 AND id = $2",
            values![id, now],
        )
        .await?;
    }
    session::about(&mut tx, &actor, &person, "sign-in.again").await?;
    tx.commit().await?;
    Ok(Redirect::to(&next).into_response())
}
