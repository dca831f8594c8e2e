//! A person's own tokens: listed, made, revoked.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::store::{self, ApiToken, NewToken, TokenId};
use crate::authority::{Access, Action, Actor, Routes};
use crate::store::PersonId;
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Longest name of a token, in characters.
const NAME_AT_MOST: usize = 80;
/// The lifetimes offered, in days.
const LIFETIMES: [i64; 4] = [7, 30, 90, 365];

/// `tokens/list.html`.
#[derive(Serialize)]
pub(crate) struct TokensPage {
    tokens: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    scope: Vec<&'static str>,
    state: &'static str,
    expires: String,
    used: Option<String>,
    works: bool,
}

impl TokensPage {
    fn of(tokens: &[ApiToken], now: jiff::Timestamp, zone: &TimeZone) -> Self {
        let rows = tokens.iter().map(|token| Row {
            id: token.id.to_string(),
            name: token.name.clone(),
            scope: token.scope.iter().map(|action| action.says()).collect(),
            state: match token.revoked_at {
                Some(_) => "Revoked",
                None if token.works(now) => "Works",
                None => "Over",
            },
            expires: day(token.expires_at.to_zoned(zone.clone()).date()),
            used: token.used_at.map(|used| moment(used, zone)),
            works: token.works(now),
        });
        Self {
            tokens: rows.collect(),
        }
    }
}

impl Page for TokensPage {
    const TEMPLATE: &'static str = "tokens/list.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let row = |works, used: Option<&str>| Row {
            id: "t1".to_owned(),
            name: "Nightly export".to_owned(),
            scope: if works {
                vec![Action::Export.says()]
            } else {
                vec![]
            },
            state: if works { "Works" } else { "Revoked" },
            expires: "1 December 2026".to_owned(),
            used: used.map(str::to_owned),
            works,
        };
        let tokens = vec![
            row(true, Some("20 November 2026 at 3:04pm")),
            row(false, None),
        ];
        vec![Self { tokens: Vec::new() }, Self { tokens }]
    }
}

/// `tokens/new.html`.
#[derive(Serialize)]
pub(crate) struct NewPage {
    name: String,
    actions: Vec<Offered>,
    lifetimes: [i64; 4],
    days: Option<i64>,
    name_error: Option<&'static str>,
    days_error: Option<&'static str>,
}

#[derive(Serialize)]
struct Offered {
    name: &'static str,
    says: &'static str,
    chosen: bool,
}

impl NewPage {
    fn for_actor(actor: &Actor, asked: &Asked) -> Self {
        let theirs = Action::ALL
            .iter()
            .filter(|&&action| actor.permit(action).is_some());
        let offered = theirs.map(|action| Offered {
            name: action.name(),
            says: action.says(),
            chosen: asked.scope.iter().any(|name| name == action.name()),
        });
        Self {
            name: asked.name.clone(),
            actions: offered.collect(),
            lifetimes: LIFETIMES,
            days: asked.days,
            name_error: None,
            days_error: None,
        }
    }
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "tokens/new.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |name_error, days_error, actions| Self {
            name: String::new(),
            actions,
            lifetimes: LIFETIMES,
            days: Some(30),
            name_error,
            days_error,
        };
        let offered = Offered {
            name: Action::ReadAudit.name(),
            says: Action::ReadAudit.says(),
            chosen: true,
        };
        vec![
            page(None, None, Vec::new()),
            page(
                Some("Enter a name"),
                Some("Choose a lifetime"),
                vec![offered],
            ),
        ]
    }
}

/// `tokens/issued.html`: the only time that the token is shown.
#[derive(Serialize)]
pub(crate) struct IssuedPage {
    name: String,
    token: String,
}

impl Page for IssuedPage {
    const TEMPLATE: &'static str = "tokens/issued.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Nightly export".to_owned(),
            token: "elm.t1.secret".to_owned(),
        }]
    }
}

/// `tokens/revoke.html`.
#[derive(Serialize)]
pub(crate) struct RevokePage {
    id: String,
    name: String,
}

impl Page for RevokePage {
    const TEMPLATE: &'static str = "tokens/revoke.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        vec![Self {
            id: "t1".to_owned(),
            name: "Nightly export".to_owned(),
        }]
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/me/tokens", Access::SignedIn, list)
        .get("/me/tokens/new", Access::SignedIn, form)
        .post("/me/tokens/new", Access::SignedIn, issue)
        .get("/me/tokens/{token}/revoke", Access::SignedIn, confirm)
        .post("/me/tokens/{token}/revoke", Access::SignedIn, revoke)
}

fn own(actor: &Actor) -> Result<&PersonId, Problem> {
    actor
        .person
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::Forbidden))
}

async fn list(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let tokens = store::of(&mut store.read(&actor.trust), own(&actor)?).await?;
    let now = app.clock().zoned();
    app.render(&TokensPage::of(&tokens, now.timestamp(), now.time_zone()))
}

/// What the form sends. The same name comes once for each box that is ticked.
#[derive(Debug, Default)]
struct Asked {
    name: String,
    scope: Vec<String>,
    days: Option<i64>,
}

impl From<Vec<(String, String)>> for Asked {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut asked = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "name" => value.trim().clone_into(&mut asked.name),
                "scope" => asked.scope.push(value),
                "days" => asked.days = value.parse().ok().filter(|days| LIFETIMES.contains(days)),
                _ => {}
            }
        }
        asked
    }
}

async fn form(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    app.render(&NewPage::for_actor(&actor, &Asked::default()))
}

async fn issue(
    State(app): State<App>,
    actor: Actor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Html<String>, Problem> {
    let asked = Asked::from(fields);
    let name_error = match asked.name.chars().count() {
        0 => Some("Enter a name that tells you later what the token is for"),
        n if n > NAME_AT_MOST => Some("The name must be 80 characters or fewer"),
        _ => None,
    };
    let (None, Some(days)) = (name_error, asked.days) else {
        let page = NewPage::for_actor(&actor, &asked);
        let days_error = asked
            .days
            .is_none()
            .then_some("Choose how long the token works");
        return app.render(&NewPage {
            name_error,
            days_error,
            ..page
        });
    };
    let scope: BTreeSet<Action> = asked
        .scope
        .iter()
        .filter_map(|name| Action::named(name))
        .collect();
    let new = NewToken {
        name: asked.name.clone(),
        scope,
        lifetime: SignedDuration::from_hours(24 * days),
    };
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let token = store::issue(&mut tx, &actor, new).await?;
    tx.commit().await?;
    app.render(&IssuedPage {
        name: asked.name,
        token,
    })
}

#[derive(Deserialize)]
struct Named {
    token: TokenId,
}

async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Path(named): Path<Named>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let token = store::own(&mut reader, own(&actor)?, &named.token).await?;
    let token = token.ok_or_else(|| Problem::new(Kind::NotFound))?;
    app.render(&RevokePage {
        id: token.id.to_string(),
        name: token.name,
    })
}

async fn revoke(
    State(app): State<App>,
    actor: Actor,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    if store::revoke(&mut tx, &actor, &named.token).await? {
        tx.commit().await?;
    }
    Ok(Redirect::to("/me/tokens").into_response())
}
