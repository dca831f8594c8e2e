//! What a person was told: read, counted, marked as read.

use axum::extract::State;
use axum::response::Redirect;

use super::message::{Kept, MessageId, opened};
use super::preference_page;
use crate::authority::{Access, Actor, Routes};
use crate::store::{KeyError, PersonId, Query as _, Reader, Store};
use crate::values;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::problem::{Kind, Problem};

/// A part of what a person was told: unread first, then the latest.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// How many are unread, in all.
    pub(crate) unread: u64,
    /// The part.
    pub(crate) messages: Vec<Kept>,
    /// Whether there are more.
    pub(crate) more: bool,
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/home/messages/read", Access::SignedIn, read_all)
        .post("/home/messages/{message}/read", Access::SignedIn, read_one)
        .merge(preference_page::routes())
}

/// The person who is asking; a program has none, and no home.
pub(crate) fn person(actor: &Actor) -> Result<&PersonId, Problem> {
    actor
        .person
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::NotFound))
}

/// A part of what a person was told; parts count from 1.
pub(crate) async fn inbox(
    reader: &mut Reader,
    store: &Store,
    actor: &Actor,
    person: &PersonId,
    (part, size): (u64, u64),
) -> Result<Inbox, Problem> {
    let skipped = i64::try_from(part.saturating_sub(1) * size).unwrap_or(i64::MAX);
    let one_more = i64::try_from(size + 1).unwrap_or(i64::MAX);
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
    let mut messages = opened.map_err(|error| match error {
        KeyError::Store(error) => error.into(),
        error => Problem::internal(&error),
    })?;
    let most = usize::try_from(size).unwrap_or(usize::MAX);
    let more = messages.len() > most;
    messages.truncate(most);
    let unread = reader
        .count(
            "SELECT COUNT(*) AS n FROM message \
             WHERE trust = $1 AND person = $2 AND read_at IS NULL",
            values![person],
        )
        .await?;
    Ok(Inbox {
        unread,
        messages,
        more,
    })
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
