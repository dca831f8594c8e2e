//! A list of cases as a file: CSV and XLSX, with what the person may see and nothing else. Taking one is entered in
//! the ledger.

mod sheet;
mod table;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::api::{Asked, AskedWrongly};
use super::{CaseError, Engine};
use crate::authority::{Access, Action, Actor, Permit, Routes};
use crate::ledger::{Change, record_event};
use crate::store::{Store, Tx};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::Problem;

/// Why no file was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// The query cannot be read.
    #[error(transparent)]
    Asked(#[from] AskedWrongly),
    /// The cases could not be read.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The file could not be written.
    #[error("the export could not be written: {0}")]
    Write(String),
}

/// What kind of file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Comma-separated values.
    Csv,
    /// A workbook of a spreadsheet.
    Xlsx,
}

/// The files and their addresses.
pub(super) fn routes() -> Routes {
    let may = Access::May(Action::ReadCases);
    Routes::new()
        .get("/cases/export.csv", may, csv)
        .get("/cases/export.xlsx", may, xlsx)
}

async fn csv(app: State<App>, permit: Permit, asked: Query<Asked>) -> Result<Response, Problem> {
    take(app, permit, asked, Kind::Csv).await
}

async fn xlsx(app: State<App>, permit: Permit, asked: Query<Asked>) -> Result<Response, Problem> {
    take(app, permit, asked, Kind::Xlsx).await
}

async fn take(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
    kind: Kind,
) -> Result<Response, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let tx = store.begin(&actor.trust).await?;
    let file = export(store, &app.engine(), actor, &asked, kind, tx).await?;
    let (media_type, ending) = match kind {
        Kind::Csv => ("text/csv; charset=utf-8", "csv"),
        Kind::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    let named = format!("attachment; filename=\"cases-{}.{ending}\"", app.today());
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}

/// The cases that somebody may see and asks for, as a file; `tx` is committed. Who took it is entered in the ledger; where the full
/// export of a sensitive register was asked for, the reading of each case is.
///
/// # Errors
/// Where the query cannot be read or the store fails.
pub(crate) async fn export(
    store: &Store,
    engine: &Engine,
    actor: &Actor,
    asked: &Asked,
    kind: Kind,
    mut tx: Tx,
) -> Result<Vec<u8>, ExportError> {
    let (filter, _) = asked.read()?;
    let table = table::table(&mut tx, (store, engine), actor, &filter, asked.full()).await?;
    let (record_kind, record) = match &filter.register {
        Some(register) => ("register", register.as_str()),
        None => ("trust", actor.trust.as_str()),
    };
    let taken = std::iter::once(("cases.exported", record_kind, record));
    let read = table
        .read
        .iter()
        .map(|id| ("case.read", "case_file", id.as_str()));
    for (kind, record_kind, record) in taken.chain(read) {
        let change = Change {
            kind,
            record_kind,
            record,
            before: None,
            after: None,
        };
        let entered = record_event(&mut tx, actor, Some(Action::ReadCases), change).await;
        entered.map_err(CaseError::from)?;
    }
    tx.commit().await.map_err(CaseError::from)?;
    let made_on = store.clock().today();
    let written = tokio::task::spawn_blocking(move || match kind {
        Kind::Csv => sheet::csv(&table),
        Kind::Xlsx => sheet::xlsx(&table, made_on),
    });
    let written = written
        .await
        .map_err(|e| ExportError::Write(e.to_string()))?;
    written.map_err(ExportError::Write)
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Asked(error) => error.into(),
            ExportError::Case(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
