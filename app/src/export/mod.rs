//! Everything that is held of schools, people and pupils, as CSV and JSON in one zip: to look
//! through, to take elsewhere. The ledger has its own way out.

pub(crate) mod csv_file;
mod pages;
mod tables;
#[cfg(test)]
mod tests;

use std::io::{Cursor, Write as _};

use serde_json::{Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::authority::{Action, Denied, Permit, Place};
use crate::ledger::{Change, LedgerError, record_event};
use crate::protection::ProtectionError;
use crate::store::{Store, StoreError};

#[cfg(test)]
pub(crate) use pages::ExportPage;
pub(crate) use pages::routes;

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Something sealed could not be opened.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The right does not reach that far.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The files could not be written.
    #[error("the export could not be written: {0}")]
    Write(String),
}

/// A zip with a CSV and a JSON file for each table. Who took it is entered in the ledger first.
pub async fn export(store: &Store, permit: &Permit) -> Result<Vec<u8>, ExportError> {
    permit.at(Place::Trust)?;
    if permit.action() != Action::Export {
        return Err(Denied.into());
    }
    let trust = permit.actor().trust.clone();
    enter(store, permit).await?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut counts = serde_json::Map::new();
    for table in tables::TABLES {
        let rows = tables::read(store, &trust, table).await?;
        counts.insert(table.name.to_owned(), json!(rows.len()));
        let written = tokio::task::spawn_blocking(move || -> Result<_, ExportError> {
            write(&mut zip, table, &rows)?;
            Ok(zip)
        });
        zip = written.await.map_err(unwritten)??;
    }
    let about = json!({
        "trust": trust,
        "exported_at": store.clock().now().to_string(),
        "rows": counts,
        "note": "In the CSV files a cell that a spreadsheet would run as a formula begins with an apostrophe. The JSON files hold the exact values.",
    });
    put(&mut zip, "about.json", &bytes(&about)?)?;
    let done = zip.finish().map_err(unwritten)?;
    Ok(done.into_inner())
}

async fn enter(store: &Store, permit: &Permit) -> Result<(), ExportError> {
    let actor = permit.actor();
    let mut tx = store.begin(&actor.trust).await?;
    let change = Change {
        kind: "records.exported",
        record_kind: "trust",
        record: actor.trust.as_str(),
        before: None,
        after: None,
    };
    record_event(&mut tx, actor, Some(Action::Export), change).await?;
    tx.commit().await?;
    Ok(())
}

type Zip = ZipWriter<Cursor<Vec<u8>>>;

fn write(zip: &mut Zip, table: &tables::Table, rows: &[Vec<Json>]) -> Result<(), ExportError> {
    let csv = csv_file::write(table.columns, rows).map_err(unwritten)?;
    put(zip, &format!("{}.csv", table.name), &csv)?;
    let object = |row: &Vec<Json>| -> Json {
        let columns = table.columns.iter().map(|column| (*column).to_owned());
        columns
            .zip(row.iter().cloned())
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let objects: Vec<Json> = rows.iter().map(object).collect();
    put(
        zip,
        &format!("{}.json", table.name),
        &bytes(&Json::Array(objects))?,
    )
}

fn bytes(json: &Json) -> Result<Vec<u8>, ExportError> {
    serde_json::to_vec_pretty(json).map_err(unwritten)
}

fn put(zip: &mut Zip, name: &str, content: &[u8]) -> Result<(), ExportError> {
    zip.start_file(name, SimpleFileOptions::default())
        .map_err(unwritten)?;
    zip.write_all(content).map_err(unwritten)
}

fn unwritten(error: impl std::fmt::Display) -> ExportError {
    ExportError::Write(error.to_string())
}
