//! The queue as those see it who look after it.

use axum::extract::State as AppState;
use axum::response::{Html, Redirect};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::page;
use super::queue::{self, JobId, State, Waiting};
use crate::authority::{Access, Action, Permit, Routes};
use crate::store::{Query as _, Reader, Row, StoreError};
use crate::values;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// Jobs on one page of the list.
const PER_PAGE: u64 = 50;
/// Jobs that are queued again at once at most, so that one change stays short.
const RETRIED_AT_ONCE: i64 = 500;

/// `jobs/list.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ListPage {
    /// Which jobs are shown: the name of a state.
    state: &'static str,
    waiting: u64,
    running: u64,
    dead: u64,
    due_since: Option<String>,
    jobs: Vec<Line>,
    previous: Option<u64>,
    next: Option<u64>,
    /// What was done just now: `retried`, `discarded`, or nothing.
    done: String,
}

/// One job on the list.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    title: String,
    attempts: u64,
    at: String,
    error: Option<String>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "jobs/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |error: Option<&str>| Line {
            id: "01j".into(),
            title: "Send a message by e-mail".into(),
            attempts: 12,
            at: "20 November 2026 at 12:00".into(),
            error: error.map(Into::into),
        };
        let page = |state: State, jobs: Vec<Line>, done: &str| Self {
            state: state.name(),
            waiting: 2,
            running: 1,
            dead: jobs.len() as u64,
            due_since: (!jobs.is_empty()).then(|| "20 November 2026 at 12:00".into()),
            previous: (!jobs.is_empty()).then_some(1),
            next: (!jobs.is_empty()).then_some(3),
            jobs,
            done: done.into(),
        };
        vec![
            page(
                State::Dead,
                vec![line(Some("The mail server said no.")), line(None)],
                "retried",
            ),
            page(State::Dead, Vec::new(), "discarded"),
            page(
                State::Waiting,
                vec![line(Some("The mail server was busy.")), line(None)],
                "",
            ),
            page(State::Waiting, Vec::new(), ""),
            page(State::Running, vec![line(None)], ""),
            page(State::Running, Vec::new(), ""),
        ]
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: u64,
    #[serde(default)]
    done: String,
}

pub(crate) fn routes() -> Routes {
    let may = Access::MayEverywhere(Action::ManageJobs);
    Routes::new()
        .get("/jobs", may, list)
        .post("/jobs/retry", may, retry_all)
        .merge(page::routes(may))
}

async fn list(
    AppState(app): AppState<App>,
    permit: Permit,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let waiting = queue::waiting(&mut reader, store.clock().now()).await?;
    let state = State::named(&shown.state).unwrap_or(State::Dead);
    let page = shown.page.clamp(1, 100_000);
    let zone = store.clock().zoned().time_zone().clone();
    let (jobs, more) = lines(&mut reader, state, page, &zone).await?;
    let Waiting {
        waiting,
        running,
        dead,
        due_since,
    } = waiting;
    app.render(&ListPage {
        state: state.name(),
        waiting,
        running,
        dead,
        due_since: due_since.map(|since| moment(since, &zone)),
        jobs,
        previous: (page > 1).then(|| page - 1),
        next: more.then_some(page + 1),
        done: shown.done,
    })
}

/// One page of jobs, and whether there are more after it.
async fn lines(
    reader: &mut Reader,
    state: State,
    page: u64,
    zone: &TimeZone,
) -> Result<(Vec<Line>, bool), StoreError> {
    let skipped = i64::try_from((page - 1) * PER_PAGE).unwrap_or(i64::MAX);
    let one_more = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = reader
        .all(
            "SELECT id, title, attempts, due_at, last_error FROM job \
             WHERE trust = $1 AND state = $2 ORDER BY due_at, id LIMIT $3 OFFSET $4",
            values![state.name(), one_more, skipped],
        )
        .await?;
    let most = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let line = |row: &Row| {
        Ok(Line {
            id: row.get("id")?,
            title: row.get("title")?,
            attempts: row.get("attempts")?,
            at: moment(row.get("due_at")?, zone),
            error: row.get("last_error")?,
        })
    };
    let lines: Result<Vec<_>, StoreError> = rows.iter().map(line).collect();
    Ok((lines?, more))
}

/// Queues everything that was given up once more.
async fn retry_all(AppState(app): AppState<App>, permit: Permit) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let rows = tx
        .all(
            "SELECT id FROM job WHERE trust = $1 AND state = 'dead' ORDER BY due_at, id LIMIT $2",
            values![RETRIED_AT_ONCE],
        )
        .await?;
    if rows.is_empty() {
        return Ok(Redirect::to("/jobs"));
    }
    for row in rows {
        let id: JobId = row.get("id")?;
        page::revive(&mut tx, &permit, &id).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to("/jobs?done=retried"))
}
