//! Cases for programs: the registers, lists, one case with its timeline, opening and steps. Who sees and may do what
//! is the engine's alone; here its answers become JSON.

mod asked;
mod change;
mod once;
mod registers;
mod schema;
mod told;
mod words;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::{CaseId, list, see};
use crate::authority::Permit;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::problem::Problem;

pub(crate) use asked::{Asked, AskedWrongly};
pub(crate) use change::{open, step};
pub(super) use once::{begin as begin_once, digest, end as end_once};
pub(crate) use registers::{list as registers, show as register};
pub(crate) use told::{Told, events_of, line, seen};
pub(super) use words::says;

/// A case in the path.
#[derive(Deserialize)]
pub(crate) struct Named {
    pub(super) id: CaseId,
}

/// `GET /api/v1/cases`: those that the person may see and the filter wants.
pub(crate) async fn cases(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (filter, part) = asked.read()?;
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    let found = list(&mut reader, store, actor, &filter, part).await?;
    let mut told = Vec::new();
    for item in &found.items {
        told.push(line(&mut reader, Told::of(store, actor), item).await?);
    }
    let size = u64::from(part.size);
    Ok(Json(json!({
        "cases": told,
        "total": found.total,
        "more": found.more,
        "page": u64::from(part.skip) / size + 1,
        "pages": found.total.div_ceil(size).max(1),
    }))
    .into_response())
}

/// `GET /api/v1/cases/{id}`: one case as the person sees it.
pub(crate) async fn case(
    State(app): State<App>,
    permit: Permit,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut tx = store.begin(&actor.trust).await?;
    let found = see(&mut tx, actor, &named.id).await?;
    let told = seen(&mut tx, Told::of(store, actor), &found).await?;
    tx.commit_unrecorded().await?;
    Ok(Json(told).into_response())
}

/// `GET /api/v1/cases/{id}/events`: what was done, the opening first.
pub(crate) async fn events(
    State(app): State<App>,
    permit: Permit,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut tx = store.begin(&actor.trust).await?;
    let found = see(&mut tx, actor, &named.id).await?;
    let told = events_of(&mut tx, Told::of(store, actor), &found).await?;
    tx.commit_unrecorded().await?;
    Ok(Json(json!({ "events": told })).into_response())
}
