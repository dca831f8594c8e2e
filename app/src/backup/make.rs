//! Making a backup.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::archive::{ArchiveWriter, Contents, Item, SealedFile};
use super::{BackupError, Beside, NOT_KEPT};
use crate::attachments::{AttachmentId, Attachments};
use crate::audit::{Occasion, mail_checkpoints};
use crate::authority::Actor;
use crate::ledger::{Change, checkpoint_all, installation_log, list_erasures, logs, record_event};
use crate::protection::owner_only;
use crate::store::{Query as _, Shape, Store, StoreError, TrustId, Value};
use crate::values;

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub file: PathBuf,
    /// Its size, in bytes.
    pub bytes: u64,
    /// What is in it.
    pub contents: Contents,
}

/// The name of a backup made at that moment: `probity-2026-11-20T120000Z.backup`.
#[must_use]
pub fn file_name(at: Timestamp) -> String {
    format!("probity-{}.backup", at.strftime("%Y-%m-%dT%H%M%SZ"))
}

/// When the backup of that name was made; nothing for other names.
#[must_use]
pub fn made_at(name: &str) -> Option<Timestamp> {
    let at = name.strip_prefix("probity-")?.strip_suffix(".backup")?;
    let at = jiff::civil::DateTime::strptime("%Y-%m-%dT%H%M%SZ", at).ok()?;
    at.to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|at| at.timestamp())
}

/// Writes everything, as it is now, into a new file. It has a name of its own until it is whole.
///
/// What was erased is listed first, and every log signed: a restore finds out what it has lost, and what must stay erased.
pub async fn make(store: &Store, beside: &Beside, file: &Path) -> Result<Made, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    list_erasures(store, &beside.erasures).await?;
    let signed = checkpoint_all(store, Some(&beside.checkpoints)).await?;
    let checkpoints = signed
        .into_iter()
        .map(|(log, signed)| (log.to_string(), signed.note))
        .collect();
    let partial = file.with_extension("part");
    let written = write(store, &beside.attachments, checkpoints, &partial).await;
    let written = written.and_then(|contents| {
        fs::rename(&partial, file)?;
        sync_folder(file)?;
        let bytes = fs::metadata(file)?.len();
        Ok(Made {
            file: file.to_owned(),
            bytes,
            contents,
        })
    });
    match written {
        Ok(made) => {
            enter(store, &made).await?;
            mail(store, &beside.mailed_to).await?;
            Ok(made)
        }
        Err(error) => {
            // If this fails too, what is left has no name that a backup has.
            fs::remove_file(&partial).ok();
            Err(match error {
                BackupError::Disk(why) => BackupError::Unwritable {
                    file: file.to_owned(),
                    why,
                },
                other => other,
            })
        }
    }
}

/// That a backup was made is an event of the installation.
async fn enter(store: &Store, made: &Made) -> Result<(), BackupError> {
    let log = installation_log();
    let name = made
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut tx = store.begin(&log).await?;
    let change = Change {
        kind: "backup.made",
        record_kind: "backup",
        record: &name,
        before: None,
        after: Some(
            serde_json::json!({ "records": made.contents.all_rows(), "files": made.contents.files }),
        ),
    };
    record_event(&mut tx, &Actor::operator(log), None, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Queues the letters with the checkpoints of every trust: the running server sends them.
async fn mail(store: &Store, to: &[String]) -> Result<(), BackupError> {
    if to.is_empty() {
        return Ok(());
    }
    for trust in logs(store).await? {
        if trust != installation_log() {
            mail_checkpoints(store, &trust, to, Occasion::Backup).await?;
        }
    }
    Ok(())
}

async fn write(
    store: &Store,
    attachments: &Attachments,
    checkpoints: Vec<(String, String)>,
    partial: &Path,
) -> Result<Contents, BackupError> {
    let mut options = owner_only();
    options.write(true).create(true).truncate(true);
    let out = options.open(partial)?;
    let mut dump = store.dump().await?;
    let made = (store.clock().now(), dump.steps().to_vec());
    let mut archive = ArchiveWriter::new(out, made, store.keyring(), store.randomness())?;
    let mut contents = Contents {
        checkpoints,
        ..Contents::default()
    };
    let mut attached = Vec::new();
    for shape in dump.shapes().to_vec() {
        if NOT_KEPT.contains(&shape.table.as_str()) {
            continue;
        }
        archive.item(&Item::Table(shape.table.clone(), shape.columns.clone()))?;
        let mut count = 0_u64;
        dump.rows(&shape, |row| {
            if shape.table == "attachment" {
                attached.push(named(&shape, &row)?);
            }
            count = count.saturating_add(1);
            archive
                .item(&Item::Row(row.iter().map(json).collect()))
                .map_err(BackupError::Disk)
        })
        .await?;
        contents.rows.push((shape.table, count));
    }
    drop(dump);
    for (trust, id) in attached {
        match File::open(attachments.sealed_file(&trust, &id)) {
            Ok(file) => {
                let bytes = file.metadata()?.len();
                let (trust, id) = (trust.to_string(), id.to_string());
                archive.item(&Item::File(SealedFile { trust, id, bytes }))?;
                archive.content(file, bytes)?;
                contents.files = contents.files.saturating_add(1);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Removed since the snapshot, or lost: only the latter is worth a warning.
                if is_attached(store, &trust, &id).await? {
                    contents.missing.push(format!("{trust}/{id}"));
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    archive.finish(contents.clone())?;
    Ok(contents)
}

async fn is_attached(
    store: &Store,
    trust: &TrustId,
    id: &AttachmentId,
) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM attachment WHERE trust = $1 AND id = $2";
    Ok(store.read(trust).first(sql, values![id]).await?.is_some())
}

/// The trust and the id of an attachment's row.
fn named(shape: &Shape, row: &[Value]) -> Result<(TrustId, AttachmentId), StoreError> {
    let text = |wanted: &str| {
        let at = shape.columns.iter().position(|(name, _)| name == wanted);
        match at.and_then(|at| row.get(at)) {
            Some(Value::Text(Some(text))) => Some(text.clone()),
            _ => None,
        }
    };
    let trust = text("trust").and_then(|trust| trust.parse().ok());
    let id = text("id").and_then(|id| id.parse().ok());
    trust.zip(id).ok_or_else(|| StoreError::Unreadable {
        column: "attachment.id".to_owned(),
    })
}

fn json(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Integer(number) => (*number).into(),
        Value::Bytes(bytes) => bytes.as_ref().map(|bytes| BASE64.encode(bytes)).into(),
    }
}

/// Makes a renaming survive a power cut.
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
