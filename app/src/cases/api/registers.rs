//! `GET /api/v1/registers` and `/api/v1/registers/{id}`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::schema::of_fields;
use crate::cases::CaseError;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// A register in the path.
#[derive(Deserialize)]
pub(crate) struct Which {
    pub(super) id: String,
}

pub(crate) async fn list(State(app): State<App>) -> Result<Response, Problem> {
    let catalogue = app.registers();
    let registers = catalogue.registers().iter().map(|register| {
        json!({
            "id": register.id,
            "name": register.name,
            "plural": register.plural,
            "reference": register.reference,
            "purpose": register.purpose,
            "sensitivity": register.sensitivity,
        })
    });
    let registers: Vec<_> = registers.collect();
    Ok(Json(json!({ "registers": registers })).into_response())
}

pub(crate) async fn show(
    State(app): State<App>,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    let catalogue = app.registers();
    let register = catalogue
        .register(&which.id)
        .ok_or(CaseError::NoSuchRegister)?;
    let schema = of_fields(&register.fields);
    Ok(Json(json!({ "register": register, "opening": schema })).into_response())
}
