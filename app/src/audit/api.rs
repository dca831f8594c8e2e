//! `GET /api/v1/audit`: the events that are asked for, newest first, without their content.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::events::{self, Listed};
use super::filter::Asked;
use super::of_case::Sight;
use crate::authority::Permit;
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::{Kind, Problem};

/// Events in one answer.
const GIVEN: usize = 200;

pub(crate) async fn read(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let filter = asked.read(app.clock()).map_err(|faults| {
        let says = faults.first().map_or("", |fault| fault.says);
        Problem::new(Kind::Unprocessable).detail(format!("{says}."))
    })?;
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let mut sight = Sight::of(store, permit.actor());
    let rows = sight.rows(&mut reader, &filter, GIVEN).await?;
    let listed: Vec<Listed> = rows.iter().map(events::listed).collect::<Result<_, _>>()?;
    let full = rows.len() == GIVEN;
    let next = listed.last().filter(|_| full).map(|last| last.number);
    Ok(Json(json!({ "events": listed, "next_before": next })).into_response())
}
