//! Files that belong to a record: evidence, a screenshot, a signed form.
//!
//! A file comes in in two steps. [`Attachments::receive`] seals it into the data folder while it is read, judges it by
//! its bytes and holds it to the size limit; nobody can see it yet. [`Attachments::keep`] enters it beside its record,
//! in the transaction of whatever else happens to that record. A file whose second step never came is removed by
//! [`Attachments::sweep`]. Who may attach and read is the record's own affair: ask that first.

mod files;
mod jobs;
mod kind;
mod name;
mod row;
mod sweep;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::HEXLOWER;
use futures_util::Stream;

pub(crate) use jobs::jobs;
pub use kind::{KINDS, Kind, Refused};
pub use row::{Attachment, forget, states};
pub(crate) use row::{belongs_to, ids_of};
pub use sweep::Swept;

use crate::authority::{Action, Actor};
use crate::ledger::{Change, Erasure, LedgerError, Record as _, erase, record, record_event};
use crate::protection::ProtectionError;
use crate::randomness::NoRandomness;
use crate::store::{KeyError, Store, StoreError, TrustId, Tx, ids};
use files::{Files, Written};

ids! {
    /// An attachment. Not to be guessed: 128 random bits.
    AttachmentId
}

/// A file that cannot be taken in or given out.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// Not a kind that is accepted.
    #[error("this file cannot be attached: {0}")]
    Refused(#[from] Refused),
    /// Too large.
    #[error("this file is larger than {}, the most that may be attached. Make it smaller, or attach it in parts", in_words(*largest_bytes))]
    TooLarge {
        /// The limit.
        largest_bytes: u64,
    },
    /// The disk would be all but full with it.
    #[error(
        "there is no room for this file on the disk of the installation. Tell whoever looks after it; nothing was kept"
    )]
    NoRoom,
    /// The sender stopped in the middle.
    #[error("the file did not arrive whole: {0}. Try again")]
    Interrupted(Box<dyn std::error::Error + Send + Sync>),
    /// The row is there, its file is not.
    #[error(
        "the file of attachment {id} is missing from the data folder; restore it from a backup"
    )]
    FileMissing {
        /// The attachment.
        id: AttachmentId,
    },
    /// The disk is full, or the folder may not be written.
    #[error("the folder of the attachments cannot be used: {0}")]
    Disk(#[from] io::Error),
    /// What is kept does not open.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The attachment's key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// `25 MB`, `300 KB`.
fn in_words(bytes: u64) -> String {
    match bytes {
        ..1_048_576 => format!("{} KB", bytes / 1024),
        more => format!("{} MB", more / 1_048_576),
    }
}

/// The attachments of an installation.
#[derive(Clone, Debug)]
pub struct Attachments {
    files: Files,
    largest_bytes: u64,
}

/// A file that is whole and sealed, and that nobody can see until it is kept.
pub struct Received {
    id: AttachmentId,
    trust: TrustId,
    name: String,
    written: Written,
}

/// The record that a file belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The kind of record, the name of its table.
    pub kind: &'a str,
    /// Its identifier.
    pub id: &'a str,
}

impl Attachments {
    /// The attachments in this folder, each no larger than this.
    #[must_use]
    pub fn new(folder: PathBuf, largest_bytes: u64) -> Self {
        let files = Files::new(folder);
        Self {
            files,
            largest_bytes,
        }
    }

    /// The most that one file may be, in bytes.
    #[must_use]
    pub fn largest_bytes(&self) -> u64 {
        self.largest_bytes
    }

    /// The same in words, as in `25 MB`.
    #[must_use]
    pub fn largest(&self) -> String {
        in_words(self.largest_bytes)
    }

    /// Takes a file in. `name` is what the sender calls it.
    ///
    /// # Errors
    /// [`AttachmentError::Refused`], [`AttachmentError::TooLarge`] and [`AttachmentError::Interrupted`] are for the
    /// sender to mend; nothing is left of the file then. What is too large is refused as soon as that is seen, and
    /// [`AttachmentError::NoRoom`] before anything is written.
    pub async fn receive<E: std::error::Error + Send + Sync + 'static>(
        &self,
        store: &Store,
        trust: &TrustId,
        name: &str,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Received, AttachmentError> {
        let random = HEXLOWER.encode(&store.randomness().bytes::<16>()?);
        let id = AttachmentId(random);
        let at = (trust, &id);
        let written = self
            .files
            .write(at, body, self.largest_bytes, store.randomness())
            .await?;
        Ok(Received {
            name: name::clean(name, written.kind),
            trust: trust.clone(),
            id,
            written,
        })
    }

    /// Enters a file beside its record; it is there for others once the transaction is committed.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        owner: Owner<'_>,
        received: Received,
    ) -> Result<Attachment, AttachmentError> {
        let attachment = row::insert(tx, owner, received).await?;
        record(tx, actor, None, "attachment.added", None, Some(&attachment)).await?;
        Ok(attachment)
    }

    /// The files of a record, oldest first.
    pub async fn of(
        &self,
        store: &Store,
        trust: &TrustId,
        owner: Owner<'_>,
    ) -> Result<Vec<Attachment>, AttachmentError> {
        let mut reader = store.read(trust);
        row::of(&mut reader, store, trust, owner).await
    }

    /// Gives a file out, and enters in the ledger who has had it. Nothing where there is none of that id.
    pub async fn open(
        &self,
        store: &Store,
        actor: &Actor,
        id: &AttachmentId,
    ) -> Result<Option<Opened>, AttachmentError> {
        let mut tx = store.begin(&actor.trust).await?;
        let Some((attachment, key)) = row::with_key(&mut tx, id).await? else {
            return Ok(None);
        };
        let content = self.files.read((&actor.trust, id), key).await?;
        let change = Change {
            kind: "attachment.opened",
            record_kind: Attachment::KIND,
            record: id.as_str(),
            before: None,
            after: None,
        };
        record_event(&mut tx, actor, None, change).await?;
        tx.commit().await?;
        let content = Body::from_stream(content);
        Ok(Some(Opened {
            attachment,
            content,
        }))
    }

    /// Gives out a file that everybody may have; who had it is entered nowhere. Nothing where there is none of that id.
    pub async fn open_to_all(
        &self,
        store: &Store,
        trust: &TrustId,
        id: &AttachmentId,
    ) -> Result<Option<Opened>, AttachmentError> {
        let mut tx = store.begin(trust).await?;
        let found = row::with_key(&mut tx, id).await?;
        drop(tx);
        let Some((attachment, key)) = found else {
            return Ok(None);
        };
        let content = Body::from_stream(self.files.read((trust, id), key).await?);
        Ok(Some(Opened {
            attachment,
            content,
        }))
    }

    /// Takes a file away. Its row goes with the transaction, and with the row the key of the file; the sealed file itself
    /// is removed by the next sweep.
    pub async fn remove(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: &AttachmentId,
    ) -> Result<bool, AttachmentError> {
        let Some((attachment, _)) = row::with_key(tx, id).await? else {
            return Ok(false);
        };
        forget(tx, id.as_str()).await?;
        record(
            tx,
            actor,
            None,
            "attachment.removed",
            Some(&attachment),
            None,
        )
        .await?;
        Ok(true)
    }
}

/// Hands files over from one record to another, as from a form to the case that it opened. A file that is not the first
/// one's is left alone; gives how many were handed over.
pub async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    files: &[AttachmentId],
    (from, to): (Owner<'_>, Owner<'_>),
) -> Result<usize, AttachmentError> {
    let mut handed_over = 0;
    for id in files {
        let before = row::with_key(tx, id)
            .await?
            .map(|(attachment, _)| attachment);
        let Some(before) =
            before.filter(|file| file.record_kind == from.kind && file.record == from.id)
        else {
            continue;
        };
        row::give(tx, id, to).await?;
        let after = Attachment {
            record_kind: to.kind.to_owned(),
            record: to.id.to_owned(),
            ..before.clone()
        };
        let kind = "attachment.handed-over";
        record(tx, actor, None, kind, Some(&before), Some(&after)).await?;
        handed_over += 1;
    }
    Ok(handed_over)
}

/// Erases every file of a record, when the record itself is erased in the same transaction; gives how many.
pub async fn erase_of(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    owner: Owner<'_>,
    reason: &str,
) -> Result<usize, AttachmentError> {
    let ids = ids_of(tx, owner).await?;
    for id in &ids {
        let erasure = Erasure {
            record_kind: Attachment::KIND,
            record: id.as_str(),
            reason,
        };
        erase(tx, actor, action, erasure).await?;
        forget(tx, id.as_str()).await?;
    }
    Ok(ids.len())
}

/// Sealed files as they are, for backups.
impl Attachments {
    /// Where the sealed file of an attachment lies.
    pub(crate) fn sealed_file(&self, trust: &TrustId, id: &AttachmentId) -> PathBuf {
        self.files.path(trust, id)
    }

    /// Puts a sealed file back in its place; gives its size in bytes.
    pub(crate) fn put_back(
        &self,
        trust: &TrustId,
        id: &AttachmentId,
        sealed: &mut impl io::Read,
    ) -> io::Result<u64> {
        self.files.put_back(trust, id, sealed)
    }
}

/// A file on its way out.
#[derive(Debug)]
pub struct Opened {
    /// What is known of it.
    pub attachment: Attachment,
    /// Its plain content, read from the disk as it is sent.
    pub content: Body,
}

impl Opened {
    /// As a download: never shown in the page, whatever it is.
    #[must_use]
    pub fn into_response(self) -> Response {
        let disposition = name::content_disposition(&self.attachment.name);
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/octet-stream"),
            ),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&disposition)
                    .unwrap_or(HeaderValue::from_static("attachment")),
            ),
            (
                header::CONTENT_LENGTH,
                HeaderValue::from(self.attachment.size_bytes),
            ),
        ];
        (headers, self.content).into_response()
    }
}
