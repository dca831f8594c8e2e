//! Looking after how others sign in: invitations, resets, codes, sessions, second factors.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::account::{self, Account};
use super::again::recent;
use super::client::address;
use super::links::{self, INVITATION, LinkKind, RESET};
use super::{code, factor, letters, session};
use crate::authority::{Access, Action, Permit, Routes};
use crate::people;
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Whoever changes how others sign in has proved who they are so many minutes ago, at most.
const RECENT: i64 = 30;

/// `sign_in/desk.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct DeskPage {
    person: String,
    name: String,
    email: Option<String>,
    username: Option<String>,
    password: bool,
    factor: bool,
    code_until: Option<String>,
    sessions: u64,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "sign_in/desk.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let whole = Self {
            person: "p1".into(),
            name: "Kate Adeyemi".into(),
            email: Some("kate@elm.example".into()),
            username: Some("k.adeyemi".into()),
            password: true,
            factor: true,
            code_until: Some("27 November 2026 at 9:00am".into()),
            sessions: 2,
        };
        vec![Self::default(), whole]
    }
}

/// `sign_in/handed-over.html`: what is shown once, to hand over.
#[derive(Debug, Default, Serialize)]
pub(crate) struct HandedOverPage {
    person: String,
    name: String,
    /// Where the link was sent to; then it is not shown.
    mailed_to: Option<String>,
    /// The link, where it is one.
    link: Option<String>,
    username: Option<String>,
    code: Option<String>,
    works: &'static str,
}

impl Page for HandedOverPage {
    const TEMPLATE: &'static str = "sign_in/handed-over.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let link = Self {
            link: Some("https://probity.example/sign-in/link/x".into()),
            works: "for 7 days",
            ..Self::default()
        };
        let code = Self {
            username: Some("k.adeyemi".into()),
            code: Some("ABCD-EFGH-JKLM".into()),
            works: "for 7 days",
            ..Self::default()
        };
        let mailed = Self {
            mailed_to: Some("kate@elm.example".into()),
            works: "for 7 days",
            ..Self::default()
        };
        vec![link, code, mailed]
    }
}

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::ManageSignIn);
    Routes::new()
        .get("/people/{person}/sign-in", may, show)
        .post("/people/{person}/sign-in/invite", may, invite)
        .post("/people/{person}/sign-in/reset", may, reset)
        .post("/people/{person}/sign-in/code", may, issue_code)
        .post("/people/{person}/sign-in/end-sessions", may, end_sessions)
        .post("/people/{person}/sign-in/remove-factor", may, remove_factor)
}

/// The account of somebody whom the permit reaches everywhere they belong: whoever may not change
/// a person may not become that person either.
async fn reached(app: &App, permit: &Permit, person: &PersonId) -> Result<Account, Problem> {
    let missing = || Problem::new(Kind::NotFound).detail("There is no such person here.");
    let (store, trust, today) = (app.store()?, &permit.actor().trust, app.today());
    let mut reader = store.read(trust);
    let found = people::find(&mut reader, person).await?;
    let found = found
        .filter(|found| found.seen_by(permit, today))
        .ok_or_else(missing)?;
    if !found.governed_by(permit, today) {
        return Err(Problem::new(Kind::Forbidden).detail(
            "This person also belongs to where you have no rights. Ask somebody who looks after \
             sign-in for the whole trust.",
        ));
    }
    recent(app, permit.actor(), RECENT)?;
    let account = account::of(&mut reader, person, today).await?;
    account.ok_or_else(missing)
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let account = reached(&app, &permit, &person).await?;
    let now = app.clock().now();
    let sessions = app
        .store()?
        .read(&permit.actor().trust)
        .count(
            "SELECT COUNT(*) AS n FROM session \
             WHERE trust = $1 AND person = $2 AND expires_at > $3 AND seen_at > $4 \
               AND replaced_at IS NULL",
            values![&person, now, now - session::IDLE],
        )
        .await?;
    let zone = app.clock().zoned().time_zone().clone();
    let code_until = account.code_expires_at.filter(|&at| now < at);
    app.render(&DeskPage {
        person: person.to_string(),
        name: account.person.name,
        email: account.person.email,
        username: account.username,
        password: account.password_hash.is_some(),
        factor: account.factor_since.is_some(),
        code_until: code_until.map(|at| dates::moment(at, &zone)),
        sessions,
    })
}

async fn invite(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    hand_over(&app, &permit, &headers, &person, LinkKind::Invitation).await
}

async fn reset(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    hand_over(&app, &permit, &headers, &person, LinkKind::Reset).await
}

/// Makes a link with which somebody chooses a password, and sends it or shows it.
async fn hand_over(
    app: &App,
    permit: &Permit,
    headers: &HeaderMap,
    person: &PersonId,
    kind: LinkKind,
) -> Result<Html<String>, Problem> {
    let (lifetime, works) = match kind {
        LinkKind::Invitation => (INVITATION, "for 7 days"),
        LinkKind::Reset | LinkKind::OneTime => (RESET, "for one hour"),
    };
    let account = reached(app, permit, person).await?;
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let path = links::make_link(&mut tx, actor, person, kind, lifetime).await?;
    // Where mail goes out, nobody but the person sees the link.
    let mailed_to = account.person.email.filter(|_| app.mailer().is_set_up());
    if mailed_to.is_some() {
        letters::send(&mut tx, person, kind, path.clone()).await?;
    }
    tx.commit().await?;
    let shown = mailed_to.is_none();
    app.render(&HandedOverPage {
        person: person.to_string(),
        name: account.person.name,
        link: shown.then(|| address(app, headers, &path)),
        mailed_to,
        works,
        ..HandedOverPage::default()
    })
}

async fn issue_code(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let account = reached(&app, &permit, &person).await?;
    let store = app.store()?;
    let drawn = code::draw(store, &account).await?;
    let actor = permit.actor();
    let mut tx = store.begin(&actor.trust).await?;
    let issued = code::issue(&mut tx, actor, &account, drawn).await?;
    tx.commit().await?;
    app.render(&HandedOverPage {
        person: person.to_string(),
        name: account.person.name,
        username: Some(issued.username),
        code: Some(issued.code),
        works: "for 7 days",
        ..HandedOverPage::default()
    })
}

async fn end_sessions(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
) -> Result<Response, Problem> {
    reached(&app, &permit, &person).await?;
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    session::end_sessions(&mut tx, actor, &person, None).await?;
    tx.commit().await?;
    Ok(back(&person))
}

async fn remove_factor(
    State(app): State<App>,
    permit: Permit,
    Path(person): Path<PersonId>,
) -> Result<Response, Problem> {
    reached(&app, &permit, &person).await?;
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    factor::remove(&mut tx, actor, &person).await?;
    tx.commit().await?;
    Ok(back(&person))
}

fn back(person: &PersonId) -> Response {
    Redirect::to(&format!("/people/{person}/sign-in")).into_response()
}
