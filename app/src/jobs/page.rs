//! One job: what it is, why it was given up, and trying it again or discarding it.

use axum::extract::State as AppState;
use axum::response::{Html, Redirect};
use serde::Serialize;
use serde_json::json;

use super::queue::{self, JobId, State};
use crate::authority::{Access, Permit, Routes};
use crate::ledger::{Change, LedgerError, record_event};
use crate::store::{Query, Store, StoreError, Tx};
use crate::values;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// What a page tells of a job.
#[derive(Clone, Debug, Serialize)]
struct Told {
    id: String,
    kind: String,
    title: String,
    state: &'static str,
    attempts: u64,
    queued_at: String,
    at: String,
    error: Option<String>,
}

/// `jobs/job.html`.
#[derive(Debug, Serialize)]
pub(crate) struct JobPage {
    job: Told,
}

/// `jobs/discard.html`.
#[derive(Debug, Serialize)]
pub(crate) struct DiscardPage {
    job: Told,
}

fn sample(state: State, error: Option<&str>) -> Told {
    Told {
        id: "01j".into(),
        kind: "messages.mail".into(),
        title: "Send a message by e-mail".into(),
        state: state.name(),
        attempts: 12,
        queued_at: "20 November 2026 at 12:00".into(),
        at: "21 November 2026 at 02:00".into(),
        error: error.map(Into::into),
    }
}

impl Page for JobPage {
    const TEMPLATE: &'static str = "jobs/job.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        [
            sample(State::Dead, Some("The mail server said no.")),
            sample(State::Waiting, None),
            sample(State::Running, None),
        ]
        .map(|job| Self { job })
        .into()
    }
}

impl Page for DiscardPage {
    const TEMPLATE: &'static str = "jobs/discard.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let job = sample(State::Dead, Some("The mail server said no."));
        vec![Self { job }]
    }
}

pub(super) fn routes(may: Access) -> Routes {
    Routes::new()
        .get("/jobs/{job}", may, show)
        .post("/jobs/{job}/retry", may, retry)
        .get("/jobs/{job}/discard", may, ask_to_discard)
        .post("/jobs/{job}/discard", may, discard)
}

/// The job that an address names, which may have ended since the list was shown.
async fn find(query: &mut impl Query, store: &Store, id: &JobId) -> Result<Told, Problem> {
    let row = query
        .first(
            "SELECT kind, title, state, attempts, created_at, due_at, last_error FROM job \
             WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let row = row.ok_or_else(|| {
        Problem::new(Kind::NotFound).detail("This job is not in the queue. It may be done by now.")
    })?;
    let zone = store.clock().zoned().time_zone().clone();
    Ok(Told {
        id: id.to_string(),
        kind: row.get("kind")?,
        title: row.get("title")?,
        state: row.get::<State>("state")?.name(),
        attempts: row.get("attempts")?,
        queued_at: moment(row.get("created_at")?, &zone),
        at: moment(row.get("due_at")?, &zone),
        error: row.get("last_error")?,
    })
}

async fn show(
    AppState(app): AppState<App>,
    permit: Permit,
    Path(id): Path<JobId>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let job = find(&mut store.read(&permit.actor().trust), store, &id).await?;
    app.render(&JobPage { job })
}

async fn ask_to_discard(
    AppState(app): AppState<App>,
    permit: Permit,
    Path(id): Path<JobId>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let job = find(&mut store.read(&permit.actor().trust), store, &id).await?;
    app.render(&DiscardPage { job })
}

async fn retry(
    AppState(app): AppState<App>,
    permit: Permit,
    Path(id): Path<JobId>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    if !revive(&mut tx, &permit, &id).await? {
        return Err(not_given_up());
    }
    tx.commit().await?;
    Ok(Redirect::to("/jobs?done=retried"))
}

async fn discard(
    AppState(app): AppState<App>,
    permit: Permit,
    Path(id): Path<JobId>,
) -> Result<Redirect, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    let job = find(&mut tx, store, &id).await?;
    // One that may run at this moment cannot be taken back.
    if job.state != State::Dead.name() || !remove(&mut tx, &id).await? {
        return Err(not_given_up());
    }
    let discarded = json!({ "title": job.title, "attempts": job.attempts, "error": job.error });
    let change = Change {
        kind: "job.discarded",
        record_kind: "job",
        record: id.as_str(),
        before: Some(discarded),
        after: None,
    };
    record_event(&mut tx, permit.actor(), Some(permit.action()), change).await?;
    tx.commit().await?;
    Ok(Redirect::to("/jobs?done=discarded"))
}

async fn remove(tx: &mut Tx, id: &JobId) -> Result<bool, StoreError> {
    queue::remove(tx, id, None).await
}

/// Queues a job that was given up once more, and enters it in the ledger; false where it is not
/// one.
pub(super) async fn revive(tx: &mut Tx, permit: &Permit, id: &JobId) -> Result<bool, LedgerError> {
    if !queue::revive(tx, id).await? {
        return Ok(false);
    }
    let change = Change {
        kind: "job.retried",
        record_kind: "job",
        record: id.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, permit.actor(), Some(permit.action()), change).await?;
    Ok(true)
}

fn not_given_up() -> Problem {
    Problem::new(Kind::Conflict).detail(
        "This job is waiting or running again by now, so there is nothing to decide about it.",
    )
}
