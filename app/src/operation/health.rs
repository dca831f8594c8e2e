//! `/healthz` and `/readyz`.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;

use crate::store::{Query as _, Store, StoreError};
use crate::values;
use crate::web::App;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer of the database is good for, so that nobody can wear it out by asking.
const FRESH: Duration = Duration::from_millis(500);

/// What the database said last: what is wrong, and the newest step of its schema.
#[derive(Clone, Debug)]
pub(super) struct Pulse {
    at: Instant,
    said: Result<i64, &'static str>,
}

type Answer = (StatusCode, String);

fn well() -> Answer {
    (StatusCode::OK, "ok".to_owned())
}

fn unwell(why: impl Into<String>) -> Answer {
    (StatusCode::SERVICE_UNAVAILABLE, why.into())
}

/// Works, and its database answers.
pub(super) async fn healthy(State(app): State<App>) -> Answer {
    match database(&app).await {
        Err(why) => unwell(why),
        Ok(_) => well(),
    }
}

/// Should be sent requests: its database answers with the schema that it knows, and it is not about to stop. The keys
/// are open: without them it would not have started.
pub(super) async fn ready(State(app): State<App>) -> Answer {
    if app.operation().stopping() {
        return unwell("stopping");
    }
    match database(&app).await {
        Err(why) => unwell(why),
        Ok(Some(found)) if found != Store::newest_step() => unwell(format!(
            "the schema of the database has step {found}, this program knows steps up to {}: it was upgraded by another node",
            Store::newest_step()
        )),
        Ok(_) => well(),
    }
}

/// The newest step of the schema; nothing where there is no store.
async fn database(app: &App) -> Result<Option<i64>, &'static str> {
    let Some(store) = app.store_if_any() else {
        return Ok(None);
    };
    // Whoever asks meanwhile waits for the same answer.
    let mut pulse = app.operation().pulse.lock().await;
    if let Some(pulse) = pulse.as_ref().filter(|pulse| pulse.at.elapsed() < FRESH) {
        return pulse.said.map(Some);
    }
    let said = match tokio::time::timeout(PATIENCE, step(store)).await {
        Err(_) => Err("the database does not answer in time"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            Err("the database does not answer")
        }
        Ok(Ok(step)) => Ok(step),
    };
    let at = Instant::now();
    *pulse = Some(Pulse { at, said });
    said.map(Some)
}

async fn step(store: &Store) -> Result<i64, StoreError> {
    let newest = "SELECT MAX(version) AS n FROM _sqlx_migrations";
    match store.installation().first(newest, values![]).await? {
        Some(row) => row.get("n"),
        None => Ok(0),
    }
}
