//! Taking a backup back.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::Value as Json;

use super::archive::{ArchiveReader, Contents, Header, Item, SealedFile, damaged};
use super::{BackupError, Beside, NOT_KEPT};
use crate::attachments::Attachments;
use crate::authority::Actor;
use crate::ledger::{
    Kept, Verified, checkpoint_all, latest_checkpoint, list_erasures, logs, open_epoch,
    reapply_erasures, verify_all,
};
use crate::protection::Keyring;
use crate::store::{ColumnKind, Load, Shape, Store, TrustId, Value};

/// Rows that are handed to the store at once.
const ROWS: usize = 1_000;

/// A backup that was read to its end and is whole.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What made it.
    pub header: Header,
    /// What is in it.
    pub contents: Contents,
}

/// A backup that was taken back.
#[derive(Debug)]
pub struct Restored {
    /// What made the backup.
    pub header: Header,
    /// What is here now.
    pub contents: Contents,
    /// How many erasures were done again.
    pub erased: usize,
    /// The new epoch of each log.
    pub epochs: Vec<Epoch>,
    /// Each log, proved, and what is here held to it.
    pub verified: Vec<Verified>,
}

/// A new epoch of a log.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// The log: a trust, or the installation.
    pub log: TrustId,
    /// Its number.
    pub number: u32,
    /// How many events are known to be lost.
    pub lost: u64,
    /// How many of the checkpoints at hand are of this log and cannot be verified.
    pub unverified: usize,
}

/// Reads a backup to its end and changes nothing.
pub async fn check(file: &Path, keyring: &Keyring) -> Result<Checked, BackupError> {
    let archive = open(file, keyring)?;
    let header = archive.header.clone();
    let contents = read(archive, None).await?;
    Ok(Checked { header, contents })
}

/// Replaces everything with what is in the backup, or nothing where anything is wrong with it. Nobody else may use the
/// store meanwhile, and whoever opened it before must open it anew: its root key is the backup's.
///
/// # Errors
/// [`BackupError::NotEmpty`] where there are records and `overwrite` is not given.
pub async fn restore(
    store: &Store,
    beside: &Beside,
    file: &Path,
    overwrite: bool,
) -> Result<Restored, BackupError> {
    let archive = open(file, store.keyring())?;
    let header = archive.header.clone();
    // What is known here of later erasures and events must outlive what is replaced.
    if let Err(error) = list_erasures(store, &beside.erasures).await {
        // A damaged store is what a restore is for.
        tracing::warn!(%error, "erasures that are in no list yet could not be read from the store that is replaced");
    }
    let mut checkpoints = known_checkpoints(store, &beside.checkpoints).await?;
    let mut load = store.load().await?;
    if load.steps() != header.steps {
        return Err(BackupError::OtherVersion {
            program: header.program,
        });
    }
    if !overwrite && !load.is_empty().await? {
        return Err(BackupError::NotEmpty);
    }
    load.clear().await?;
    let mut target = Target {
        load,
        attachments: &beside.attachments,
    };
    let contents = read(archive, Some(&mut target)).await?;
    target.load.finish().await?;

    let stated = contents.checkpoints.iter().map(|(_, note)| note.clone());
    checkpoints.extend(stated.clone());
    let mut epochs = Vec::new();
    for log in logs(store).await? {
        let opened = open_epoch(store, &log, &Actor::operator(log.clone()), &checkpoints).await?;
        epochs.push(Epoch {
            log,
            number: opened.first.checkpoint.epoch(),
            lost: opened.lost,
            unverified: opened.unverified,
        });
    }
    // After the epochs: these events are no part of what was kept.
    let erased = reapply_erasures(store, &beside.erasures, beside.kinds)
        .await?
        .len();
    checkpoint_all(store, Some(&beside.checkpoints)).await?;
    let kept = Kept {
        notes: stated.map(|note| ("the backup".to_owned(), note)).collect(),
        keys: Vec::new(),
    };
    let verified = verify_all(store, beside.kinds, &kept).await?;
    Ok(Restored {
        header,
        contents,
        erased,
        epochs,
        verified,
    })
}

/// Every checkpoint at hand: the last of each log in the store, and those in the folder.
async fn known_checkpoints(store: &Store, folder: &Path) -> Result<Vec<String>, BackupError> {
    let mut notes = Vec::new();
    for log in logs(store).await? {
        // One that cannot be read is worth nothing; a damaged store is what a restore is for.
        if let Ok(Some(latest)) = latest_checkpoint(&mut store.read(&log)).await {
            notes.push(latest.note);
        }
    }
    let files = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(notes),
        read => read?,
    };
    for file in files {
        let path = file?.path();
        if path
            .extension()
            .is_some_and(|ending| ending == "checkpoint")
        {
            notes.push(fs::read_to_string(path)?);
        }
    }
    Ok(notes)
}

fn open(file: &Path, keyring: &Keyring) -> Result<ArchiveReader, BackupError> {
    let unreadable = |why| BackupError::Unreadable {
        file: file.to_owned(),
        why,
    };
    ArchiveReader::open(File::open(file).map_err(unreadable)?, keyring)
}

/// Where the backup goes.
struct Target<'a> {
    load: Load,
    attachments: &'a Attachments,
}

/// The table that is being read.
struct Current {
    shape: Shape,
    count: u64,
    waiting: Vec<Vec<Value>>,
}

/// Reads to the end, and holds what was read to what the end says.
async fn read(
    mut archive: ArchiveReader,
    mut target: Option<&mut Target<'_>>,
) -> Result<Contents, BackupError> {
    let mut seen = Contents::default();
    let mut current: Option<Current> = None;
    let said = loop {
        match archive.item()? {
            Item::Table(table, columns) => {
                close(&mut seen, current.take(), &mut target).await?;
                let shape = Shape { table, columns };
                if let Some(target) = &target {
                    known(&shape, &target.load)?;
                }
                current = Some(Current {
                    shape,
                    count: 0,
                    waiting: Vec::new(),
                });
            }
            Item::Row(row) => {
                let current = current
                    .as_mut()
                    .ok_or_else(|| wrong("a row stands outside a table"))?;
                current.count = current.count.saturating_add(1);
                current.waiting.push(values(&current.shape, row)?);
                if current.waiting.len() >= ROWS {
                    put(current, &mut target).await?;
                }
            }
            Item::File(file) => {
                close(&mut seen, current.take(), &mut target).await?;
                take_file(&mut archive, &file, target.as_deref())?;
                seen.files = seen.files.saturating_add(1);
            }
            Item::End(said) => {
                close(&mut seen, current.take(), &mut target).await?;
                break said;
            }
        }
    };
    if seen.rows != said.rows || seen.files != said.files || !archive.is_at_end()? {
        return Err(wrong("it does not hold as many records as it says"));
    }
    Ok(said)
}

async fn close(
    seen: &mut Contents,
    current: Option<Current>,
    target: &mut Option<&mut Target<'_>>,
) -> Result<(), BackupError> {
    if let Some(mut current) = current {
        put(&mut current, target).await?;
        seen.rows.push((current.shape.table, current.count));
    }
    Ok(())
}

async fn put(
    current: &mut Current,
    target: &mut Option<&mut Target<'_>>,
) -> Result<(), BackupError> {
    let rows = std::mem::take(&mut current.waiting);
    if let Some(target) = target {
        target.load.insert(&current.shape, rows).await?;
    }
    Ok(())
}

/// A table of a backup must be one of the store's, with the same columns, in any order.
fn known(shape: &Shape, load: &Load) -> Result<(), BackupError> {
    let columns = |shape: &Shape| {
        shape
            .columns
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<BTreeSet<_>>()
    };
    let kind = |shape: &Shape, name: &str| {
        shape
            .columns
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, kind)| *kind)
    };
    let here = load.shapes().iter().find(|here| here.table == shape.table);
    let fits = here.is_some_and(|here| {
        columns(here) == columns(shape)
            && here.columns.len() == shape.columns.len()
            && here
                .columns
                .iter()
                .all(|(name, k)| kind(shape, name) == Some(*k))
    });
    match fits && !NOT_KEPT.contains(&shape.table.as_str()) {
        true => Ok(()),
        false => Err(wrong("it has a table that this version does not know")),
    }
}

fn values(shape: &Shape, row: Vec<Json>) -> Result<Vec<Value>, BackupError> {
    if row.len() != shape.columns.len() {
        return Err(wrong("a row has too few or too many values"));
    }
    let cells = shape.columns.iter().zip(row);
    let values = cells.map(|((_, kind), json)| match (kind, json) {
        (ColumnKind::Text, Json::Null) => Some(Value::Text(None)),
        (ColumnKind::Integer, Json::Null) => Some(Value::Integer(None)),
        (ColumnKind::Bytes, Json::Null) => Some(Value::Bytes(None)),
        (ColumnKind::Text, Json::String(text)) => Some(Value::Text(Some(text))),
        (ColumnKind::Integer, Json::Number(number)) => {
            number.as_i64().map(|n| Value::Integer(Some(n)))
        }
        (ColumnKind::Bytes, Json::String(text)) => {
            let bytes = BASE64.decode(text.as_bytes()).ok();
            bytes.map(|bytes| Value::Bytes(Some(bytes)))
        }
        _ => None,
    });
    let values: Option<Vec<Value>> = values.collect();
    values.ok_or_else(|| wrong("a row has a value of another kind than its column"))
}

/// Puts a file in its place before any row names it; if nothing comes of the restore, the sweep removes it.
fn take_file(
    archive: &mut ArchiveReader,
    file: &SealedFile,
    target: Option<&Target<'_>>,
) -> Result<(), BackupError> {
    let (trust, id) = match (file.trust.parse(), file.id.parse()) {
        (Ok(trust), Ok(id)) => (trust, id),
        _ => return Err(wrong("a file has no proper name")),
    };
    let mut content = archive.content(file.bytes);
    let copied = match target {
        Some(target) => target
            .attachments
            .put_back(&trust, &id, &mut content)
            .map_err(damaged)?,
        None => io::copy(&mut content, &mut io::sink()).map_err(damaged)?,
    };
    match copied == file.bytes {
        true => Ok(()),
        false => Err(wrong("a file ends too early")),
    }
}

fn wrong(what: &str) -> BackupError {
    BackupError::Damaged(what.to_owned())
}
