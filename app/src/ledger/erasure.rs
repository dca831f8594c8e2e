//! Erasing what the law says must go: the content of a record's events goes with its salt and its key,
//! the leaves stay, and the erasure is itself an event.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kind::RecordKind;
use super::log::logs;
use super::record::{Change, LedgerError, record_event};
use crate::authority::{Action, Actor};
use crate::protection::{make_folder, owner_only};
use crate::store::{Query as _, RecordId, Store, TrustId, Tx};
use crate::values;

/// The kind of record that an erasure is.
pub(super) const ERASURE: &str = "erasure";
/// What happened where something was erased.
pub(super) const ERASED: &str = "record.erased";
/// Ends a line that was not written whole.
const CUT_OFF: &str = "#cut off";
const BY_RESTORE: &str = "erased before; done again after an older copy was restored";

/// What is to be erased.
#[derive(Clone, Copy, Debug)]
pub struct Erasure<'a> {
    /// The kind of record, the name of its table.
    pub record_kind: &'a str,
    /// The record.
    pub record: &'a str,
    /// Why: the rule or the request, in words that name nobody. It is kept.
    pub reason: &'a str,
}

/// What the event of an erasure says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Erased {
    pub(super) erasure: String,
    pub(super) record_kind: String,
    pub(super) record: String,
    pub(super) reason: String,
    pub(super) events: u64,
}

/// A line of the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Listed {
    /// The log.
    pub log: TrustId,
    /// The erasure.
    pub id: RecordId,
    /// The kind of record that was erased.
    pub record_kind: String,
    /// The record that was erased.
    pub record: String,
    /// When.
    pub at: Timestamp,
}

/// The list of erasures: a file outside the database and its backups, one JSON line for each, so that
/// a restored older copy can be made to forget again. It names records by identifier alone.
#[derive(Clone, Debug)]
pub struct ErasureList(PathBuf);

/// Erases the content of everything that the ledger holds about a record, and the record's key, with
/// which everything that was sealed under it goes as well. The caller removes the record itself in the
/// same transaction. Gives the number of events whose content went.
///
/// The erasure reaches the [`ErasureList`] with the next [`list_erasures`].
pub async fn erase(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    erasure: Erasure<'_>,
) -> Result<u64, LedgerError> {
    let id: RecordId = tx.fresh()?;
    erase_as(tx, actor, action, erasure, &id).await
}

async fn erase_as(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    erasure: Erasure<'_>,
    id: &RecordId,
) -> Result<u64, LedgerError> {
    let Erasure {
        record_kind,
        record,
        reason,
    } = erasure;
    // Nothing may be entered about the record between the erasing and its event.
    super::log::head(tx).await?;
    let events = tx
        .execute(
            "UPDATE ledger_event SET salt = NULL, content = NULL \
             WHERE trust = $1 AND record_kind = $2 AND record = $3 AND content IS NOT NULL",
            values![record_kind, record],
        )
        .await?;
    tx.destroy_record_key(&format!("{record_kind}/{record}"))
        .await?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO ledger_erasure (trust, id, record_kind, record, at, listed) \
         VALUES ($1, $2, $3, $4, $5, 0)",
        values![id, record_kind, record, now],
    )
    .await?;
    let erased = Erased {
        erasure: id.to_string(),
        record_kind: record_kind.to_owned(),
        record: record.to_owned(),
        reason: reason.to_owned(),
        events,
    };
    let change = Change {
        kind: ERASED,
        record_kind: ERASURE,
        // Under the name of what was erased, so that both are found together.
        record: &format!("{record_kind}/{record}"),
        before: None,
        after: Some(serde_json::to_value(&erased)?),
    };
    record_event(tx, actor, action, change).await?;
    Ok(events)
}

/// Writes to the list what was erased since the last time: at the start, now and then while the
/// program runs, and before a backup. Gives how many lines were added.
pub async fn list_erasures(store: &Store, list: &ErasureList) -> Result<usize, LedgerError> {
    let mut listed = 0;
    for log in logs(store).await? {
        let unlisted = unlisted(store, &log).await?;
        if unlisted.is_empty() {
            continue;
        }
        list.append(&unlisted)?;
        let mut tx = store.begin(&log).await?;
        for entry in &unlisted {
            tx.execute(
                "UPDATE ledger_erasure SET listed = 1 WHERE trust = $1 AND id = $2",
                values![&entry.id],
            )
            .await?;
        }
        tx.commit_unrecorded().await?;
        listed += unlisted.len();
    }
    Ok(listed)
}

async fn unlisted(store: &Store, log: &TrustId) -> Result<Vec<Listed>, LedgerError> {
    let rows = store
        .read(log)
        .all(
            "SELECT id, record_kind, record, at FROM ledger_erasure \
             WHERE trust = $1 AND listed = 0 ORDER BY id",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                log: log.clone(),
                id: row.get("id")?,
                record_kind: row.get("record_kind")?,
                record: row.get("record")?,
                at: row.get("at")?,
            })
        })
        .collect()
}

/// Erases again what the list names and the store does not know to be erased, as after a restore of an
/// older copy. The records themselves are removed by what their kind gives for it. Gives what was erased.
pub async fn reapply_erasures(
    store: &Store,
    list: &ErasureList,
    kinds: &[RecordKind],
) -> Result<Vec<Listed>, LedgerError> {
    let known: BTreeSet<TrustId> = logs(store).await?.into_iter().collect();
    let mut done = Vec::new();
    for entry in list.read()? {
        if !known.contains(&entry.log) {
            continue;
        }
        let mut tx = store.begin(&entry.log).await?;
        let row = tx
            .first(
                "SELECT id FROM ledger_erasure WHERE trust = $1 AND id = $2",
                values![&entry.id],
            )
            .await?;
        if row.is_some() {
            continue;
        }
        let erasure = Erasure {
            record_kind: &entry.record_kind,
            record: &entry.record,
            reason: BY_RESTORE,
        };
        let actor = Actor::operator(entry.log.clone());
        erase_as(&mut tx, &actor, None, erasure, &entry.id).await?;
        // After the erasing: what a kind leaves of a record, it enters anew.
        let kind = kinds.iter().find(|kind| kind.kind == entry.record_kind);
        if let Some(remove) = kind.and_then(|kind| kind.remove) {
            remove(&mut tx, &entry.record).await?;
        }
        tx.execute(
            "UPDATE ledger_erasure SET listed = 1 WHERE trust = $1 AND id = $2",
            values![&entry.id],
        )
        .await?;
        tx.commit().await?;
        done.push(entry);
    }
    Ok(done)
}

impl ErasureList {
    /// The list in this file, which need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Everything that was erased, in order. A line that was cut off by a crash is passed over: its
    /// erasure was written again.
    pub fn read(&self) -> Result<Vec<Listed>, LedgerError> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(self.unusable(source)),
        };
        let whole = text
            .rfind('\n')
            .map_or("", |end| text.get(..end).unwrap_or_default());
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        let entire = |(_, line): &(usize, &str)| !line.is_empty() && !line.ends_with(CUT_OFF);
        for (index, line) in whole.lines().enumerate().filter(entire) {
            let entry: Listed =
                serde_json::from_str(line).map_err(|_| LedgerError::ErasureLine {
                    path: self.0.clone(),
                    line: index + 1,
                })?;
            if seen.insert((entry.log.clone(), entry.id.clone())) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    fn append(&self, entries: &[Listed]) -> Result<(), LedgerError> {
        // A line that a crash cut off gets an end that tells so.
        let cut = fs::read(&self.0).is_ok_and(|bytes| bytes.last().is_some_and(|b| *b != b'\n'));
        let mut text = String::new();
        for entry in entries {
            text.push_str(&serde_json::to_string(entry)?);
            text.push('\n');
        }
        let write = || {
            if let Some(folder) = self.0.parent() {
                make_folder(folder)?;
            }
            let mut file = owner_only().create(true).append(true).open(&self.0)?;
            file.lock()?;
            if cut {
                file.write_all(format!("{CUT_OFF}\n").as_bytes())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: std::io::Error) -> LedgerError {
        LedgerError::File {
            path: self.0.clone(),
            source,
        }
    }
}
