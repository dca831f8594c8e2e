//! A person's home page: what waits for them, and what they can do.

use axum::extract::State;
use axum::response::{Html, Redirect};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::message::{Kept, MessageId, opened, paragraphs};
use super::preference_page;
use crate::administration;
use crate::authority::{Access, Actor, Routes};
use crate::mail::{self, Link};
use crate::store::{KeyError, PersonId, Query as _, Reader, Store};
use crate::values;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Messages on one page.
const PER_PAGE: u64 = 20;

/// `messages/home.html`.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage {
    name: String,
    /// The person's address, where it does not work.
    broken_address: Option<String>,
    unread: u64,
    messages: Vec<Line>,
    previous: Option<u64>,
    next: Option<u64>,
    administers: bool,
    /// What was done just now: `read`, or nothing.
    done: String,
}

/// One message.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    subject: String,
    paragraphs: Vec<String>,
    link: Option<Link>,
    at: String,
    unread: bool,
    urgent: bool,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "messages/home.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |unread: bool, urgent: bool| Line {
            id: "01j".into(),
            subject: "A declaration waits for you".into(),
            paragraphs: vec!["Please look at it this week.".into()],
            link: urgent.then(|| Link {
                text: "Look at it".into(),
                path: "/home".into(),
            }),
            at: "20 November 2026 at 12:00pm".into(),
            unread,
            urgent,
        };
        let page = |messages: Vec<Line>, broken: Option<&str>, done: &str| Self {
            name: "Kate Adeyemi".into(),
            broken_address: broken.map(Into::into),
            unread: messages.iter().filter(|line| line.unread).count() as u64,
            previous: (messages.len() > 1).then_some(1),
            next: (messages.len() > 1).then_some(3),
            messages,
            administers: broken.is_some(),
            done: done.into(),
        };
        vec![
            page(Vec::new(), None, ""),
            page(
                vec![line(true, true), line(true, false), line(false, false)],
                Some("kate@ash.example"),
                "read",
            ),
            page(vec![line(false, false)], None, ""),
        ]
    }
}

/// Which part of the messages.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    page: u64,
    #[serde(default)]
    done: String,
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/home", Access::SignedIn, home)
        .post("/home/messages/read", Access::SignedIn, read_all)
        .post("/home/messages/{message}/read", Access::SignedIn, read_one)
        .merge(preference_page::routes())
}

/// The person who is asking; a program has none, and no home.
pub(super) fn person(actor: &Actor) -> Result<&PersonId, Problem> {
    actor
        .person
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::NotFound))
}

async fn home(
    State(app): State<App>,
    actor: Actor,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let person = person(&actor)?;
    let mut reader = store.read(&actor.trust);
    let page = shown.page.clamp(1, 100_000);
    let kept = kept(&mut reader, store, &actor, person, page).await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let more = kept.len() > most;
    let zone = store.clock().zoned().time_zone().clone();
    let unread = reader
        .count(
            "SELECT COUNT(*) AS n FROM message \
             WHERE trust = $1 AND person = $2 AND read_at IS NULL",
            values![person],
        )
        .await?;
    app.render(&HomePage {
        broken_address: mail::fault(&mut reader, person).await?,
        unread,
        messages: kept
            .into_iter()
            .take(most)
            .map(|kept| line(kept, &zone))
            .collect(),
        previous: (page > 1).then(|| page - 1),
        next: more.then_some(page + 1),
        administers: administration::concerns(&actor),
        done: shown.done,
        name: actor.name,
    })
}

/// One page of messages and one more, if there is one: unread first, then the latest.
async fn kept(
    reader: &mut Reader,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
    page: u64,
) -> Result<Vec<Kept>, Problem> {
    let skipped = i64::try_from((page - 1) * PER_PAGE).unwrap_or(i64::MAX);
    let one_more = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let rows = reader
        .all(
            "SELECT id, content, created_at, read_at FROM message \
             WHERE trust = $1 AND person = $2 \
             ORDER BY CASE WHEN read_at IS NULL THEN 0 ELSE 1 END, created_at DESC, id DESC \
             LIMIT $3 OFFSET $4",
            values![person, one_more, skipped],
        )
        .await?;
    let opened = opened(reader, store, &actor.trust, person, &rows).await;
    opened.map_err(|error| match error {
        KeyError::Store(error) => error.into(),
        error => Problem::internal(&error),
    })
}

fn line(kept: Kept, zone: &TimeZone) -> Line {
    Line {
        id: kept.id.to_string(),
        subject: kept.message.subject,
        paragraphs: paragraphs(&kept.message.body),
        link: kept.message.link,
        at: moment(kept.created_at, zone),
        unread: !kept.read,
        urgent: kept.message.urgent,
    }
}

async fn read_one(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<MessageId>,
) -> Result<Redirect, Problem> {
    let person = person(&actor)?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let now = tx.now();
    let read = tx
        .execute(
            "UPDATE message SET read_at = $4 \
             WHERE trust = $1 AND id = $2 AND person = $3 AND read_at IS NULL",
            values![&id, person, now],
        )
        .await?;
    tx.commit_unrecorded().await?;
    Ok(Redirect::to(match read {
        0 => "/home",
        _ => "/home?done=read",
    }))
}

async fn read_all(State(app): State<App>, actor: Actor) -> Result<Redirect, Problem> {
    let person = person(&actor)?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let now = tx.now();
    tx.execute(
        "UPDATE message SET read_at = $3 WHERE trust = $1 AND person = $2 AND read_at IS NULL",
        values![person, now],
    )
    .await?;
    tx.commit_unrecorded().await?;
    Ok(Redirect::to("/home?done=read"))
}
