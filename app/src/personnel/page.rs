//! The file on screen, on paper and as a table.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::file::{EXPORTED, Entry, Group, Look, READ, csv, groups, looks};
use crate::authority::{Action, Actor, Permit};
use crate::cases;
use crate::ledger::{self, Change, Reading, record_event};
use crate::people;
use crate::store::PersonId;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `personnel/file.html`.
#[derive(Serialize)]
pub(crate) struct FilePage {
    /// Whose it is; the owner themself is spoken to.
    name: String,
    own: bool,
    back: String,
    csv: String,
    groups: Vec<Group>,
    looks: Vec<Look>,
    /// When it was made, for the printed one.
    made: String,
}

impl Page for FilePage {
    const TEMPLATE: &'static str = "personnel/file.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let entry = |full: bool| Entry {
            reference: "PER-2026-0001".to_owned(),
            href: "/cases/c1".to_owned(),
            state: "Given".to_owned(),
            in_force: full,
            until: if full {
                "31 August 2027".to_owned()
            } else {
                String::new()
            },
            opened: "1 September 2026".to_owned(),
            closed: if full {
                String::new()
            } else {
                "20 November 2026".to_owned()
            },
            paper: full,
        };
        let page = |own: bool, full: bool| Self {
            name: "Kate Adeyemi".to_owned(),
            own,
            back: "/people/p1".to_owned(),
            csv: "/people/p1/file.csv".to_owned(),
            groups: match full {
                true => vec![Group {
                    name: "Permissions".to_owned(),
                    entries: vec![entry(true), entry(false)],
                }],
                false => Vec::new(),
            },
            looks: match full {
                true => vec![Look {
                    when: "20 November 2026 at 3:04pm".to_owned(),
                    who: "Ada Okafor".to_owned(),
                    at_what: "Your file".to_owned(),
                }],
                false => Vec::new(),
            },
            made: "20 November 2026 at 3:04pm".to_owned(),
        };
        vec![
            page(true, true),
            page(true, false),
            page(false, true),
            page(false, false),
        ]
    }
}

fn zone(app: &App) -> TimeZone {
    app.clock().zoned().time_zone().clone()
}

pub(super) async fn of_another(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    if actor.person.as_ref() == Some(&id) {
        return Ok(Redirect::to("/me/file").into_response());
    }
    let store = app.store()?;
    let mut reader = store.read(&actor.trust);
    let person = people::seen(&mut reader, &permit, &id, app.today()).await?;
    let reading = Reading {
        kind: READ,
        record_kind: "person",
        record: id.as_str(),
    };
    ledger::read(store, actor, Some(Action::ViewPersonnel), reading).await?;
    let filed = cases::on_file(&mut reader, store, actor, &id).await?;
    let page = FilePage {
        name: person.name(),
        own: false,
        back: format!("/people/{id}"),
        csv: format!("/people/{id}/file.csv"),
        groups: groups(&filed, &zone(&app)),
        looks: Vec::new(),
        made: moment(app.clock().now(), &zone(&app)),
    };
    Ok(app.render(&page)?.into_response())
}

pub(super) async fn of_another_as_csv(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    if actor.person.as_ref() == Some(&id) {
        return Ok(Redirect::to("/me/file.csv").into_response());
    }
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    people::seen(&mut tx, &permit, &id, app.today()).await?;
    let change = Change {
        kind: EXPORTED,
        record_kind: "person",
        record: id.as_str(),
        before: None,
        after: None,
    };
    record_event(&mut tx, actor, Some(Action::ViewPersonnel), change).await?;
    tx.commit().await?;
    let filed = cases::on_file(&mut store.read(&actor.trust), store, actor, &id).await?;
    Ok(table(csv(&groups(&filed, &zone(&app)))?))
}

pub(super) async fn own(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let own = person(&actor)?;
    let store = app.store()?;
    let mut reader = store.read(&actor.trust);
    let filed = cases::on_file(&mut reader, store, &actor, &own).await?;
    app.render(&FilePage {
        name: actor.name.clone(),
        own: true,
        back: "/me".to_owned(),
        csv: "/me/file.csv".to_owned(),
        groups: groups(&filed, &zone(&app)),
        looks: looks(&mut reader, &own, &filed, &zone(&app)).await?,
        made: moment(app.clock().now(), &zone(&app)),
    })
}

pub(super) async fn own_as_csv(State(app): State<App>, actor: Actor) -> Result<Response, Problem> {
    let own = person(&actor)?;
    let store = app.store()?;
    let filed = cases::on_file(&mut store.read(&actor.trust), store, &actor, &own).await?;
    Ok(table(csv(&groups(&filed, &zone(&app)))?))
}

fn person(actor: &Actor) -> Result<PersonId, Problem> {
    let person = actor.person.clone();
    person.ok_or_else(|| Problem::new(Kind::NotFound))
}

fn table(bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"personnel-file.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}
