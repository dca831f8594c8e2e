//! The page on which a person makes and revokes the address of their calendar, and the calendar itself.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{calendar, deadlines_of, made_at, make, reader, revoke};
use crate::authority::{Access, Actor, Identity, Routes};
use crate::store::PersonId;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `cases/calendar.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CalendarPage {
    /// When the address was made that works now.
    made: Option<String>,
    /// The address, shown once: just after it was made.
    address: Option<String>,
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "cases/calendar.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let made = Some("20 November 2026 at 12:00pm".to_owned());
        vec![
            Self {
                made: None,
                address: None,
            },
            Self {
                made: made.clone(),
                address: None,
            },
            Self {
                made,
                address: Some("https://probity.example/calendar/elm.c1.secret.ics".to_owned()),
            },
        ]
    }
}

/// `cases/calendar-revoke.html`.
#[derive(Debug, Serialize)]
pub(crate) struct RevokeCalendarPage {}

impl Page for RevokeCalendarPage {
    const TEMPLATE: &'static str = "cases/calendar-revoke.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// The pages and their addresses. The calendar is open to whoever has its address: that is its only key.
pub(in crate::cases) fn routes() -> Routes {
    Routes::new()
        .get("/me/calendar", Access::SignedIn, page)
        .post("/me/calendar", Access::SignedIn, make_it)
        .get("/me/calendar/revoke", Access::SignedIn, confirm)
        .post("/me/calendar/revoke", Access::SignedIn, revoke_it)
        .get("/calendar/{feed}", Access::Open, feed)
}

fn own(actor: &Actor) -> Result<&PersonId, Problem> {
    let person = actor.person.as_ref();
    person.ok_or_else(|| Problem::new(Kind::Forbidden))
}

async fn page(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let mut query = app.store()?.read(&actor.trust);
    let made = made_at(&mut query, own(&actor)?).await?;
    let zone = app.clock().zoned().time_zone().clone();
    app.render(&CalendarPage {
        made: made.map(|made| moment(made, &zone)),
        address: None,
    })
}

async fn make_it(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    own(&actor)?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let token = make(&mut tx, &actor).await?;
    tx.commit().await?;
    let now = app.clock().zoned();
    app.render(&CalendarPage {
        made: Some(moment(now.timestamp(), now.time_zone())),
        address: Some(app.address(&headers, &format!("/calendar/{token}.ics"))),
    })
}

async fn confirm(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    own(&actor)?;
    app.render(&RevokeCalendarPage {})
}

async fn revoke_it(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    if revoke(&mut tx, &actor).await? {
        tx.commit().await?;
    }
    Ok(Redirect::to("/me/calendar").into_response())
}

#[derive(Deserialize)]
struct Named {
    feed: String,
}

async fn feed(
    State(app): State<App>,
    identity: Identity,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    let nothing = || Problem::new(Kind::NotFound);
    let store = app.store()?;
    let trust = identity.trust.ok_or_else(nothing)?;
    let token = named.feed.strip_suffix(".ics").ok_or_else(nothing)?;
    let owner = reader(store, &trust, token).await?.ok_or_else(nothing)?;
    let entries = deadlines_of(&mut store.read(&trust), store, &owner).await?;
    let now = app.clock().zoned();
    let text = calendar::calendar(&entries, now.timestamp(), now.time_zone());
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}
