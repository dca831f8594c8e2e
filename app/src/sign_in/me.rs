//! One's own sign-in: password, second factor, recovery codes.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account};
use super::again::{own_account, recent};
use super::factor;
use super::form::Faults;
use super::password;
use crate::authority::{Access, Actor, Means, Routes};
use crate::store::SessionId;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};
use crate::web::qr::Qr;

/// Whoever changes how they sign in has proved who they are so many minutes ago, at most.
const RECENT: i64 = 15;

/// `sign_in/me.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct MePage {
    name: String,
    sign_in_name: String,
    password: bool,
    /// Since when there is a second factor.
    factor_since: Option<String>,
    recovery_codes_left: u64,
}

impl Page for MePage {
    const TEMPLATE: &'static str = "sign_in/me.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let whole = Self {
            name: "Kate Adeyemi".into(),
            sign_in_name: "kate@elm.example".into(),
            password: true,
            factor_since: Some("1 September 2026".into()),
            recovery_codes_left: 2,
        };
        vec![Self::default(), whole]
    }
}

/// `sign_in/password.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PasswordPage {
    sign_in_name: String,
    shortest: usize,
    faults: Faults,
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "sign_in/password.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let faulty = Self {
            sign_in_name: "kate@elm.example".into(),
            shortest: 12,
            faults: Faults::one("password", "That password is easy to guess"),
        };
        vec![Self::default(), faulty]
    }
}

/// `sign_in/second-factor.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SecondFactorPage {
    /// The secret, to type where the picture cannot be read; nothing before it was drawn.
    secret: String,
    faults: Faults,
}

impl Page for SecondFactorPage {
    const TEMPLATE: &'static str = "sign_in/second-factor.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let drawn = Self {
            secret: "ABCD EFGH".into(),
            faults: Faults::one("code", WRONG),
        };
        vec![Self::default(), drawn]
    }
}

/// `sign_in/recovery-codes.html`.
#[derive(Debug, Serialize)]
pub(crate) struct RecoveryCodesPage {
    codes: Vec<String>,
}

impl Page for RecoveryCodesPage {
    const TEMPLATE: &'static str = "sign_in/recovery-codes.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let codes = vec!["ABCD-EFGH-JKLM-NPQR".into()];
        vec![Self { codes }]
    }
}

const WRONG: &str = "That is not the code your app shows at this moment";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/me/sign-in", Access::SignedIn, show)
        .get("/me/password", Access::SignedIn, ask_password)
        .post("/me/password", Access::SignedIn, set_password)
        .get("/me/second-factor", Access::SignedIn, show_factor)
        .get("/me/second-factor/picture.svg", Access::SignedIn, picture)
        .post("/me/second-factor/begin", Access::SignedIn, begin)
        .post("/me/second-factor", Access::SignedIn, confirm)
        .post("/me/second-factor/remove", Access::SignedIn, remove)
        .post("/me/recovery-codes", Access::SignedIn, renew_codes)
}

async fn show(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let account = own_account(&app, &actor).await?;
    let mut reader = app.store()?.read(&actor.trust);
    let left = factor::recovery_codes_left(&mut reader, &account.person.id).await?;
    let zone = app.clock().zoned().time_zone().clone();
    app.render(&MePage {
        name: account.person.name.clone(),
        sign_in_name: account.sign_in_name().unwrap_or_default().to_owned(),
        password: account.password_hash.is_some(),
        factor_since: account.factor_since.map(|at| dates::moment(at, &zone)),
        recovery_codes_left: left,
    })
}

async fn ask_password(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    password_page(&app, &actor, Faults::default()).await
}

async fn password_page(app: &App, actor: &Actor, faults: Faults) -> Result<Response, Problem> {
    recent(app, actor, RECENT)?;
    let account = own_account(app, actor).await?;
    let status = match faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = PasswordPage {
        sign_in_name: account.sign_in_name().unwrap_or_default().to_owned(),
        shortest: account::shortest_password(&mut app.store()?.read(&actor.trust)).await?,
        faults,
    };
    Ok((status, app.render(&page)?).into_response())
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    again: Zeroizing<String>,
}

async fn set_password(
    State(app): State<App>,
    actor: Actor,
    Form(given): Form<NewPassword>,
) -> Result<Response, Problem> {
    recent(&app, &actor, RECENT)?;
    let account = own_account(&app, &actor).await?;
    let store = app.store()?;
    let shortest = account::shortest_password(&mut store.read(&actor.trust)).await?;
    let (about, randomness) = (account.about(), store.randomness());
    let taken = password::take(given.password, given.again, about, shortest, randomness).await?;
    let hash = match taken {
        Ok(hash) => hash,
        Err(refusal) => {
            return password_page(&app, &actor, Faults::one("password", refusal)).await;
        }
    };
    let mut tx = store.begin(&actor.trust).await?;
    let person = &account.person.id;
    account::set_password(&mut tx, &actor, person, &hash, session_of(&actor)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/me/sign-in").into_response())
}

/// The session in which somebody is asking.
pub(super) fn session_of(actor: &Actor) -> Option<&SessionId> {
    match &actor.means {
        Means::Session { id, .. } => Some(id),
        Means::Token(_) | Means::Operator => None,
    }
}

async fn begin(State(app): State<App>, actor: Actor) -> Result<Redirect, Problem> {
    recent(&app, &actor, RECENT)?;
    let account = own_account(&app, &actor).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    factor::begin(&mut tx, &actor.trust, &account.person.id).await?;
    tx.commit_unrecorded().await?;
    Ok(Redirect::to("/me/second-factor"))
}

async fn show_factor(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    factor_page(&app, &actor, Faults::default()).await
}

/// The secret is shown until its first code was given, and never after.
async fn drawn(app: &App, actor: &Actor) -> Result<(Account, Option<totp_rs::Totp>), Problem> {
    recent(app, actor, RECENT)?;
    let account = own_account(app, actor).await?;
    if account.factor_since.is_some() {
        return Err(Problem::new(Kind::Conflict)
            .detail("You have a second factor already. Remove it before you set up another."));
    }
    let store = app.store()?;
    let mut reader = store.read(&actor.trust);
    let totp = factor::totp(&mut reader, store, &actor.trust, &account).await?;
    Ok((account, totp))
}

async fn factor_page(app: &App, actor: &Actor, faults: Faults) -> Result<Response, Problem> {
    let (_, totp) = drawn(app, actor).await?;
    let secret = totp.map(|totp| totp.secret().to_base32());
    let letters: Vec<char> = secret.unwrap_or_default().chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    let status = match faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let secret = groups.join(" ");
    let page = app.render(&SecondFactorPage { secret, faults })?;
    Ok((status, page).into_response())
}

/// The secret as a picture that a telephone reads.
async fn picture(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    let (_, totp) = drawn(&app, &actor).await?;
    let totp = totp.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let address = totp.to_url().map_err(|error| Problem::internal(&error))?;
    let code = Qr::of(&address).ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], code.svg()).into_response())
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Form(given): Form<Code>,
) -> Result<Response, Problem> {
    let (account, _) = drawn(&app, &actor).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    if !factor::proves(&mut tx, &actor.trust, &account, &given.code).await? {
        drop(tx);
        return factor_page(&app, &actor, Faults::one("code", WRONG)).await;
    }
    let codes = factor::confirm(&mut tx, &actor, &account.person.id).await?;
    tx.commit().await?;
    Ok(app.render(&RecoveryCodesPage { codes })?.into_response())
}

async fn renew_codes(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    recent(&app, &actor, RECENT)?;
    let account = own_account(&app, &actor).await?;
    if account.factor_since.is_none() {
        return Ok(Redirect::to("/me/sign-in").into_response());
    }
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let codes = factor::recovery_codes(&mut tx, &actor, &account.person.id).await?;
    tx.commit().await?;
    Ok(app.render(&RecoveryCodesPage { codes })?.into_response())
}

async fn remove(State(app): State<App>, actor: Actor) -> Result<Redirect, Problem> {
    recent(&app, &actor, RECENT)?;
    let account = own_account(&app, &actor).await?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    factor::remove(&mut tx, &actor, &account.person.id).await?;
    tx.commit().await?;
    Ok(Redirect::to("/me/sign-in"))
}
