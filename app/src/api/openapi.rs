//! `GET /api/v1/openapi.json`: the description of this interface, written by hand in
//! `openapi.json` and held to the running routes and their answers by the tests.

use axum::http::header;
use axum::response::IntoResponse;

/// The whole document.
pub(super) const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn read() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
