//! The installation's own log, for its operator at a terminal: what concerns no trust, or all of them.

use serde::Serialize;
use serde_json::Value as Json;

use super::event::flatten;
use super::events::{self, Listed};
use super::filter::Asked;
use crate::ledger::{self, LedgerError, installation_log};
use crate::store::Store;

/// An event with what it says. Nothing in the installation's log is about a person.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    #[serde(flatten)]
    pub(crate) event: Listed,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
}

/// Why the events cannot be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTold {
    /// A day cannot be read.
    #[error("{0}")]
    Asked(String),
    /// The log cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The newest events that are asked for, no more than so many.
pub(crate) async fn of_installation(
    store: &Store,
    asked: &Asked,
    most: i64,
) -> Result<Vec<Told>, NotTold> {
    let filter = asked.read(store.clock()).map_err(|faults| {
        let says: Vec<&str> = faults.iter().map(|fault| fault.says).collect();
        NotTold::Asked(says.join(". "))
    })?;
    let log = installation_log();
    let mut reader = store.read(&log);
    let rows = events::rows(&mut reader, &filter, most).await;
    let mut told = Vec::new();
    for row in rows.map_err(LedgerError::from)? {
        let content = ledger::open_content(&mut reader, store, &log, &row).await?;
        let (before, after) = content.map_or((None, None), |it| (it.before, it.after));
        let event = events::listed(&row).map_err(LedgerError::from)?;
        told.push(Told {
            event,
            before,
            after,
        });
    }
    Ok(told)
}

impl Told {
    /// What it says, in words: `records 120, files 1`; nothing where it says no more than its kind.
    pub(crate) fn in_words(&self) -> String {
        let mut fields = Vec::new();
        for state in [&self.before, &self.after].into_iter().flatten() {
            flatten("", state, &mut fields);
        }
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, value)| format!("{} {value}", name.replace(['_', '-'], " ")))
            .collect();
        fields.join(", ")
    }
}
