//! Proving once more who one is, before something that is worth stealing a session for.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account;
use super::client::Client;
use super::entering::Entering;
use super::entry::{Candidate, Choice, choices_at, count, failed, too_many};
use super::form::{Faults, no_trust};
use super::next::own_path;
use super::session;
use super::{factor, password, tries};
use crate::authority::{Access, Actor, Identity, Means, Routes};
use crate::store::{Query as _, StoreError, TrustId, Tx};
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

/// So many minutes whoever opens a secret has shown who they are at most.
const JUST: i64 = 5;

/// Proof that a person has shown within five minutes who they are: by their password and their second factor where they
/// have one, a code or link that worked once, or a provider that asked them again. A request of theirs, in a browser,
/// gives one and nothing else does: no job, no command and no API token can.
pub(crate) struct JustProved(Actor);

impl JustProved {
    /// Who has.
    pub(crate) fn actor(&self) -> &Actor {
        &self.0
    }
}

impl FromRequestParts<App> for JustProved {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = <Actor as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let Means::Session { id, .. } = &actor.means else {
            return Err(Problem::new(Kind::Forbidden));
        };
        let sql = "SELECT proved_at FROM session WHERE trust = $1 AND id = $2";
        let mut reader = app.store()?.read(&actor.trust);
        let row = reader.first(sql, values![id]).await?;
        let proved: Option<Timestamp> = row.map_or(Ok(None), |row| row.get("proved_at"))?;
        let since = app.store()?.clock().now() - SignedDuration::from_mins(JUST);
        match proved.is_some_and(|at| at >= since) {
            true => Ok(Self(actor)),
            false => Err(Problem::new(Kind::SignInAgain)),
        }
    }
}

/// `sign_in/again.html`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct AgainPage {
    next: String,
    name: String,
    /// Whether there is a password to ask for.
    password: bool,
    /// Whether the second factor is asked for as well.
    code: bool,
    /// Providers at which they can show it instead.
    providers: Vec<Choice>,
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
            code: true,
            providers: vec![Choice {
                text: "Sign in with Microsoft".into(),
                href: "/sign-in/again/with/01j".into(),
            }],
            faults: Faults::one("password", WRONG),
        };
        let wrong_code = Self {
            password: true,
            code: true,
            faults: Faults::one("code", WRONG_CODE),
            ..Self::default()
        };
        vec![Self::default(), faulty, wrong_code]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/again", Access::SignedIn, show)
        .post("/sign-in/again", Access::SignedIn, prove)
}

const WRONG: &str = "That is not your password";
const WRONG_CODE: &str =
    "That code does not work. Wait until your app shows a new one, or enter a recovery code";

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
    let page = page(
        &app,
        &actor,
        &account,
        asked.next.as_deref(),
        Faults::default(),
    )
    .await?;
    Ok(app.render(&page)?.into_response())
}

async fn page(
    app: &App,
    actor: &Actor,
    account: &account::Account,
    next: Option<&str>,
    faults: Faults,
) -> Result<AgainPage, Problem> {
    let next = own_path(next).to_owned();
    Ok(AgainPage {
        providers: choices_at(app, &actor.trust, &next, "/sign-in/again/with").await?,
        next,
        name: actor.name.clone(),
        password: account.password_hash.is_some(),
        code: account.factor_since.is_some(),
        faults,
    })
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
    #[serde(default)]
    code: String,
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
    let asked = page(
        &app,
        &actor,
        &account,
        given.next.as_deref(),
        Faults::default(),
    )
    .await?;
    let refuse = |status: StatusCode, field: &'static str, text: String| {
        let page = AgainPage {
            faults: Faults::one(field, text),
            ..asked.clone()
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
        return refuse(StatusCode::TOO_MANY_REQUESTS, "password", too_many(wait));
    }
    let account = candidate.account.as_ref();
    let hash = account.and_then(|account| account.password_hash.clone());
    if !password::is(given.password, hash).await? {
        failed(&app, trust, account, "sign-in.again-failed").await?;
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "password",
            WRONG.to_owned(),
        );
    }
    let mut tx = app.store()?.begin(trust).await?;
    let factor = account.filter(|account| account.factor_since.is_some());
    if let Some(account) = factor
        && !second_factor(&mut tx, trust, account, &given.code).await?
    {
        drop(tx);
        failed(&app, trust, Some(account), "sign-in.second-factor-failed").await?;
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "code",
            WRONG_CODE.to_owned(),
        );
    }
    tries::succeeded(&mut tx, trust, attempt).await?;
    proved(&mut tx, &actor).await?;
    session::about(&mut tx, &actor, &person, "sign-in.again").await?;
    tx.commit().await?;
    Ok(Redirect::to(&next).into_response())
}

/// Whether a code is the second factor's, or a recovery code, which is used up.
async fn second_factor(
    tx: &mut Tx,
    trust: &TrustId,
    account: &account::Account,
    code: &str,
) -> Result<bool, Problem> {
    let proved = factor::proves(tx, trust, account, code).await?;
    Ok(proved || factor::recovers(tx, &account.person.id, code).await?)
}

/// Notes in a session that its owner has just shown who they are.
pub(super) async fn proved(tx: &mut Tx, actor: &Actor) -> Result<(), StoreError> {
    if let Means::Session { id, .. } = &actor.means {
        let now = tx.now();
        tx.execute(
            "UPDATE session SET authenticated_at = $3, proved_at = $3 WHERE trust = $1 AND id = $2",
            values![id, now],
        )
        .await?;
    }
    Ok(())
}
