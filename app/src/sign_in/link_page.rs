//! A link that works once: shown by GET, which mail scanners follow too, and used by POST. An
//! invitation and a reset ask for a new password, and are used up only when it is taken.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account};
use super::entering::Entering;
use super::form::{Faults, no_trust};
use super::links::{self, Link, LinkKind};
use super::password;
use super::session::Method;
use crate::authority::{Access, Identity, Routes};
use crate::store::{Store, TrustId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `sign_in/link.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LinkPage {
    action: String,
    name: String,
    /// The name to type from now on, where a password is chosen.
    sign_in_name: String,
    /// Whether a password is chosen: at an invitation, and at a reset.
    choose: bool,
    shortest: usize,
    /// Who is signed in in this browser already, if somebody else.
    instead_of: Option<String>,
    faults: Faults,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "sign_in/link.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |choose, instead_of, faults| Self {
            action: "/sign-in/link/x".into(),
            name: "Kate Adeyemi".into(),
            sign_in_name: "kate@elm.example".into(),
            choose,
            shortest: 12,
            instead_of,
            faults,
        };
        let faults = Faults::one("password", "That password is easy to guess");
        vec![
            page(false, None, Faults::default()),
            page(true, Some("Ben Okoro".into()), faults),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/link/{token}", Access::Open, show)
        .post("/sign-in/link/{token}", Access::Open, follow)
}

fn gone() -> Problem {
    Problem::new(Kind::Gone).detail(
        "A link for signing in works once and for a short time. This one was used already, its \
         time is over, or part of it is missing.",
    )
}

/// A link that works, and whom it is for.
struct Opened {
    link: Link,
    account: Account,
    shortest: usize,
}

impl Opened {
    async fn find(store: &Store, trust: &TrustId, token: &str) -> Result<Self, Problem> {
        let mut reader = store.read(trust);
        let clock = store.clock();
        let link = links::find(&mut reader, trust, token, clock.now()).await?;
        let link = link.ok_or_else(gone)?;
        let account = account::of(&mut reader, &link.person, clock.today()).await?;
        Ok(Self {
            link,
            account: account.ok_or_else(gone)?,
            shortest: account::shortest_password(&mut reader).await?,
        })
    }

    fn page(&self, identity: &Identity, token: &str, faults: Faults) -> LinkPage {
        let person = &self.account.person;
        let other = identity.actor.as_ref();
        let other = other.filter(|actor| actor.person.as_ref() != Some(&person.id));
        LinkPage {
            action: format!("/sign-in/link/{token}"),
            name: person.name.clone(),
            sign_in_name: self.account.sign_in_name().unwrap_or_default().to_owned(),
            choose: self.link.kind != LinkKind::OneTime,
            shortest: self.shortest,
            instead_of: other.map(|actor| actor.name.clone()),
            faults,
        }
    }
}

async fn show(
    State(app): State<App>,
    identity: Identity,
    Path(token): Path<String>,
) -> Result<Html<String>, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let opened = Opened::find(app.store()?, trust, &token).await?;
    app.render(&opened.page(&identity, &token, Faults::default()))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    again: Zeroizing<String>,
}

async fn follow(
    State(app): State<App>,
    identity: Identity,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let store = app.store()?;
    let opened = Opened::find(store, trust, &token).await?;
    let account = &opened.account;
    let mut chosen = None;
    if opened.link.kind != LinkKind::OneTime {
        let (about, randomness) = (account.about(), store.randomness());
        let (password, again) = (given.password, given.again);
        match password::take(password, again, about, opened.shortest, randomness).await? {
            Ok(hash) => chosen = Some(hash),
            Err(refusal) => {
                let page = opened.page(&identity, &token, Faults::one("password", refusal));
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
            }
        }
    }
    let mut tx = store.begin(trust).await?;
    if !links::use_up(&mut tx, &opened.link).await? {
        return Err(gone());
    }
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: None,
    };
    let entered = match chosen {
        Some(hash) => {
            let actor = account::acting(&mut tx, trust, &account.person).await?;
            account::set_password(&mut tx, &actor, &account.person.id, &hash, None).await?;
            entering.proved(&mut tx, account, Method::Link).await?
        }
        None => entering.enter(&mut tx, account, Method::Link).await?,
    };
    tx.commit().await?;
    Ok(entered.into_response())
}
