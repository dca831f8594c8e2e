//! `GET /api/v1/coverage`: what carries each clause out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::coverage::coverage;
use serde::Deserialize;
use serde_json::json;

use super::{chosen, heavy};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::Problem;

/// Which policy; all of them, where none is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Covered {
    policy: Option<String>,
}

pub(super) async fn read(
    State(app): State<App>,
    Query(covered): Query<Covered>,
) -> Result<Response, Problem> {
    heavy(move || carried(&app, &covered)).await
}

fn carried(app: &App, covered: &Covered) -> Result<Response, Problem> {
    let (library, carriers) = (app.library(), app.carriers());
    let policies: Vec<_> = chosen(&library, covered.policy.as_deref())?
        .into_iter()
        .map(|table| coverage(table, library.vocabulary(), &carriers))
        .collect();
    Ok(Json(json!({ "policies": policies })).into_response())
}
