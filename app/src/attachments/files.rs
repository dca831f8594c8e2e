//! The files themselves: sealed, in the data folder, named by their ids alone.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

use super::kind::{Inspection, Kind};
use super::{AttachmentError, AttachmentId};
use crate::protection::{OpeningReader, PieceSealer, RecordKey, make_folder, owner_only, place};
use crate::randomness::Randomness;
use crate::store::TrustId;

/// The ending of a file that is still being received.
const PARTIAL: &str = "part";
/// What stays free on the disk, in bytes: files are refused before the database is in need.
const KEPT_FREE: u64 = 100 * 1024 * 1024;

/// The folder of the files: `<trust>/<last two letters of the id>/<id>`.
#[derive(Clone, Debug)]
pub(super) struct Files {
    folder: PathBuf,
}

/// What came in, whole and on the disk.
pub(super) struct Written {
    pub(super) kind: Kind,
    pub(super) size_bytes: u64,
    pub(super) sha256: [u8; 32],
    pub(super) key: RecordKey,
}

fn content_place(trust: &TrustId, id: &AttachmentId) -> String {
    place("attachment", "file", trust.as_str(), id.as_str())
}

impl Files {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn path(&self, trust: &TrustId, id: &AttachmentId) -> PathBuf {
        let shelf = id
            .as_str()
            .get(id.as_str().len().saturating_sub(2)..)
            .unwrap_or("00");
        self.folder
            .join(trust.as_str())
            .join(shelf)
            .join(id.as_str())
    }

    /// Seals what comes in into its place. It has a name of its own until it is whole, so that a crash leaves no file
    /// that looks whole.
    pub(super) async fn write<E: std::error::Error + Send + Sync + 'static>(
        &self,
        (trust, id): (&TrustId, &AttachmentId),
        body: impl Stream<Item = Result<Bytes, E>> + Send,
        largest_bytes: u64,
        randomness: &Randomness,
    ) -> Result<Written, AttachmentError> {
        let path = self.path(trust, id);
        let partial = path.with_extension(PARTIAL);
        if let Some(shelf) = path.parent() {
            make_folder(shelf)?;
            room_for(shelf, largest_bytes)?;
        }
        let received = async {
            let mut options = owner_only();
            options.write(true).create_new(true);
            let file = fs::OpenOptions::from(options).open(&partial).await?;
            let key = RecordKey::generate(randomness)?;
            let sealer = PieceSealer::new(key.copy(), content_place(trust, id), randomness.clone());
            let (kind, size_bytes, sha256) = receive(file, sealer, body, largest_bytes).await?;
            fs::rename(&partial, &path).await?;
            sync_folder(&path).await?;
            let written = Written {
                kind,
                size_bytes,
                sha256,
                key,
            };
            Ok(written)
        };
        let received = received.await;
        if received.is_err() {
            // If this fails too, the sweep removes it.
            fs::remove_file(&partial).await.ok();
        }
        received
    }

    /// Puts a sealed file back in its place, as it was; gives its size in bytes.
    pub(super) fn put_back(
        &self,
        trust: &TrustId,
        id: &AttachmentId,
        sealed: &mut impl io::Read,
    ) -> io::Result<u64> {
        let path = self.path(trust, id);
        let partial = path.with_extension(PARTIAL);
        let shelf = path.parent().unwrap_or(&self.folder);
        make_folder(shelf)?;
        let mut options = owner_only();
        options.write(true).create(true).truncate(true);
        let mut file = options.open(&partial)?;
        let bytes = io::copy(sealed, &mut file)?;
        file.sync_all()?;
        std::fs::rename(&partial, &path)?;
        std::fs::File::open(shelf)?.sync_all()?;
        Ok(bytes)
    }

    /// The plain content, piece by piece.
    pub(super) async fn read(
        &self,
        (trust, id): (&TrustId, &AttachmentId),
        key: RecordKey,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, AttachmentError> {
        let file = File::open(self.path(trust, id))
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => AttachmentError::FileMissing { id: id.clone() },
                _ => AttachmentError::Disk(error),
            })?;
        let reader = OpeningReader::new(key, content_place(trust, id), file.into_std().await);
        Ok(futures_util::stream::unfold(Some(reader), |reader| async {
            let mut reader = reader?;
            let read = tokio::task::spawn_blocking(move || (reader.next_piece(), reader)).await;
            match read {
                Ok((Ok(piece), reader)) => {
                    piece.map(|piece| (Ok(Bytes::copy_from_slice(&piece)), Some(reader)))
                }
                Ok((Err(error), _)) => Some((Err(error), None)),
                Err(panicked) => Some((Err(io::Error::other(panicked)), None)),
            }
        }))
    }

    /// The files of a trust that have lain there for so long, whole ones by their id and half ones by their path.
    pub(super) async fn older_than(
        &self,
        trust: &TrustId,
        age: Duration,
        now: Timestamp,
    ) -> io::Result<Vec<Found>> {
        let folder = self.folder.join(trust.as_str());
        tokio::task::spawn_blocking(move || older_than(&folder, age, now))
            .await
            .map_err(io::Error::other)?
    }
}

/// A file on the disk.
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Nothing for a half file.
    pub(super) id: Option<AttachmentId>,
}

fn older_than(folder: &Path, age: Duration, now: Timestamp) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    let shelves = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        read => read?,
    };
    for shelf in shelves {
        for file in std::fs::read_dir(shelf?.path())? {
            let file = file?;
            let changed =
                Timestamp::try_from(file.metadata()?.modified()?).map_err(io::Error::other)?;
            if now.duration_since(changed).unsigned_abs() >= age && now > changed {
                let path = file.path();
                let name = path.file_name().and_then(|name| name.to_str());
                let id = name.and_then(|name| name.parse().ok());
                found.push(Found { path, id });
            }
        }
    }
    Ok(found)
}

async fn receive<E: std::error::Error + Send + Sync + 'static>(
    mut file: File,
    mut sealer: PieceSealer,
    body: impl Stream<Item = Result<Bytes, E>> + Send,
    largest_bytes: u64,
) -> Result<(Kind, u64, [u8; 32]), AttachmentError> {
    let (mut size_bytes, mut hash, mut inspection) = (0_u64, Sha256::new(), Inspection::default());
    let mut sealed = Vec::new();
    let mut body = std::pin::pin!(body);
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| AttachmentError::Interrupted(Box::new(error)))?;
        size_bytes = size_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if size_bytes > largest_bytes {
            return Err(AttachmentError::TooLarge { largest_bytes });
        }
        hash.update(&bytes);
        inspection.see(&bytes);
        sealer.push(&bytes, &mut sealed)?;
        file.write_all(&sealed).await?;
        sealed.clear();
    }
    let kind = inspection.finish()?;
    sealer.finish(&mut sealed)?;
    file.write_all(&sealed).await?;
    file.sync_all().await?;
    Ok((kind, size_bytes, hash.finalize().into()))
}

/// Refuses where the largest file that may come would leave too little for the database: its changes matter more than a
/// file that can be sent again.
fn room_for(folder: &Path, largest_bytes: u64) -> Result<(), AttachmentError> {
    let facts = rustix::fs::statvfs(folder).map_err(io::Error::from)?;
    let free = facts.f_bavail.saturating_mul(facts.f_frsize);
    match free < largest_bytes.saturating_add(KEPT_FREE) {
        true => Err(AttachmentError::NoRoom),
        false => Ok(()),
    }
}

/// Makes a renaming survive a power cut.
async fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder).await?.sync_all().await,
        None => Ok(()),
    }
}
