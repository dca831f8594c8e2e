//! The page of the export, and the file itself.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Serialize;

use super::{ExportError, export};
use crate::authority::{Access, Action, Permit, Routes};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `export/export.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ExportPage {}

impl Page for ExportPage {
    const TEMPLATE: &'static str = "export/export.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// The page and its address. Taking the file is entered in the ledger, so it is a POST.
pub(crate) fn routes() -> Routes {
    let may = Access::MayEverywhere(Action::Export);
    Routes::new()
        .get("/export", may, page)
        .post("/export", may, take)
}

async fn page(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&ExportPage {})
}

async fn take(State(app): State<App>, permit: Permit) -> Result<Response, Problem> {
    let zip = export(app.store()?, &permit).await?;
    let named = format!(
        "attachment; filename=\"probity-export-{}.zip\"",
        app.today()
    );
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, zip).into_response())
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Ledger(error) => error.into(),
            ExportError::Denied(error) => error.into(),
            other => Problem::internal(&other),
        }
    }
}
