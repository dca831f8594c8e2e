//! The second step: a code by the time, or a recovery code.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::entering::{Entering, Half};
use super::entry::{Candidate, count, failed, too_many};
use super::form::{Faults, no_trust};
use super::{account, factor, session, tries};
use crate::authority::{Access, Identity, Routes};
use crate::web::App;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `sign_in/second-step.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SecondStepPage {
    faults: Faults,
}

impl Page for SecondStepPage {
    const TEMPLATE: &'static str = "sign_in/second-step.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let faulty = Self {
            faults: Faults::one("code", WRONG),
        };
        vec![Self::default(), faulty]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/second-step", Access::Open, show)
        .post("/sign-in/second-step", Access::Open, prove)
}

const WRONG: &str =
    "That code does not work. Wait until your app shows a new one, or enter a recovery code";

async fn show(
    State(app): State<App>,
    identity: Identity,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entering = entering(&app, &identity, &headers)?;
    let mut reader = app.store()?.read(entering.trust);
    match entering.half(&mut reader).await? {
        Some(_) => Ok(app.render(&SecondStepPage::default())?.into_response()),
        None => Ok(Redirect::to("/sign-in").into_response()),
    }
}

fn entering<'a>(
    app: &'a App,
    identity: &'a Identity,
    headers: &'a HeaderMap,
) -> Result<Entering<'a>, Problem> {
    Ok(Entering {
        app,
        trust: identity.trust.as_ref().ok_or_else(no_trust)?,
        identity,
        headers,
        next: None,
    })
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    code: String,
}

async fn prove(
    State(app): State<App>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let entering = entering(&app, &identity, &headers)?;
    let refuse = |status: StatusCode, text: String| {
        let faults = Faults::one("code", text);
        Ok((status, app.render(&SecondStepPage { faults })?).into_response())
    };
    let half = entering
        .half(&mut app.store()?.read(entering.trust))
        .await?;
    let Some(half) = half else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if given.code.trim().is_empty() {
        let wanted = "Enter the code from your app, or a recovery code";
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, wanted.to_owned());
    }
    let candidate = Candidate::of(&entering, Some(half.account.clone())).await?;
    let person = half.account.person.id.clone();
    let attempt = candidate.attempt("second-step", person.as_str(), client);
    if let Err(wait) = count(&app, entering.trust, attempt).await? {
        return refuse(StatusCode::TOO_MANY_REQUESTS, too_many(wait));
    }
    let mut tx = app.store()?.begin(entering.trust).await?;
    if proves(&mut tx, &entering, &half, &given.code).await? {
        tries::succeeded(&mut tx, entering.trust, attempt).await?;
        let entered = entering.complete(&mut tx, &half).await?;
        tx.commit().await?;
        return Ok(entered.map_or_else(
            || Redirect::to("/sign-in").into_response(),
            |entered| entered.into_response(),
        ));
    }
    drop(tx);
    let account = Some(&half.account);
    failed(
        &app,
        entering.trust,
        account,
        "sign-in.second-factor-failed",
    )
    .await?;
    refuse(StatusCode::UNPROCESSABLE_ENTITY, WRONG.to_owned())
}

async fn proves(
    tx: &mut crate::store::Tx,
    entering: &Entering<'_>,
    half: &Half,
    code: &str,
) -> Result<bool, Problem> {
    if factor::proves(tx, entering.trust, &half.account, code).await? {
        return Ok(true);
    }
    let person = &half.account.person;
    if !factor::recovers(tx, &person.id, code).await? {
        return Ok(false);
    }
    let actor = account::acting(tx, entering.trust, person).await?;
    session::about(tx, &actor, &person.id, "sign-in.recovery-code-used").await?;
    Ok(true)
}
