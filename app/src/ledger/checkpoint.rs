//! Checkpoints: what the log states about itself, signed, to be kept where the store cannot reach it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ledger::{Checkpoint, Follows};

use super::LedgerError;
use super::key::{signing_key, verifier_keys};
use super::log::{head, logs, present_head};
use crate::protection::{make_folder, owner_only};
use crate::store::{Query, Store, TrustId, Tx};
use crate::values;

/// A checkpoint with its signed text.
#[derive(Clone, Debug)]
pub struct Signed {
    /// What it states.
    pub checkpoint: Checkpoint,
    /// The signed note, as it is to be kept.
    pub note: String,
}

/// Signs what the log is now. A log that has not grown since its last checkpoint, under the same key,
/// gives that one again. The log's signing key is made with its first checkpoint.
pub async fn checkpoint(store: &Store, log: &TrustId) -> Result<Signed, LedgerError> {
    let mut tx = store.begin(log).await?;
    let latest = latest(&mut tx).await?;
    let (number, follows) = latest.as_ref().map_or((0, None), |(number, signed)| {
        (*number, signed.checkpoint.follows)
    });
    let (signed_by, _) = signing_key(&mut tx, log).await?;
    let size = present_head(&mut tx).await?.size();
    if let Some((_, signed)) = latest
        && number == signed_by
        && signed.checkpoint.size == size
    {
        return Ok(signed);
    }
    let signed = sign(&mut tx, log, follows).await?;
    // A checkpoint states what is recorded; it changes nothing of it.
    tx.commit_unrecorded().await?;
    Ok(signed)
}

/// The last checkpoint that was given out.
pub async fn latest_checkpoint(query: &mut impl Query) -> Result<Option<Signed>, LedgerError> {
    Ok(latest(query).await?.map(|(_, signed)| signed))
}

/// Signs the log's present head and keeps the note, in the caller's transaction.
pub(super) async fn sign(
    tx: &mut Tx,
    log: &TrustId,
    follows: Option<Follows>,
) -> Result<Signed, LedgerError> {
    let (number, key) = signing_key(tx, log).await?;
    let frontier = head(tx).await?;
    let now = tx.now();
    let checkpoint = Checkpoint {
        origin: key.origin().clone(),
        size: frontier.size(),
        root: frontier.root(),
        follows,
        time: now,
    };
    let note = checkpoint.sign(&key)?;
    tx.execute(
        "INSERT INTO ledger_checkpoint (trust, epoch, size, signed_by, at, note) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (trust, epoch, size, signed_by) DO NOTHING",
        values![
            i64::from(checkpoint.epoch()),
            i64::try_from(checkpoint.size).unwrap_or(i64::MAX),
            number,
            now,
            &note
        ],
    )
    .await?;
    Ok(Signed { checkpoint, note })
}

/// The last checkpoint, and the number of the key that signed it.
pub(super) async fn latest(query: &mut impl Query) -> Result<Option<(i64, Signed)>, LedgerError> {
    let row = query
        .first(
            "SELECT signed_by, note FROM ledger_checkpoint WHERE trust = $1 \
             ORDER BY epoch DESC, size DESC, signed_by DESC LIMIT 1",
            values![],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let note: String = row.get("note")?;
    let checkpoint = Checkpoint::verify(&note, &verifier_keys(query).await?)?;
    Ok(Some((row.get("signed_by")?, Signed { checkpoint, note })))
}

/// Signs every log of the installation, and writes the notes into a folder where one is given: best
/// one that the program's own account may add to and not change.
pub async fn checkpoint_all(
    store: &Store,
    folder: Option<&Path>,
) -> Result<Vec<(TrustId, Signed)>, LedgerError> {
    let mut all = Vec::new();
    for log in logs(store).await? {
        let signed = checkpoint(store, &log).await?;
        if let Some(folder) = folder {
            keep_checkpoint(folder, &log, &signed)?;
        }
        all.push((log, signed));
    }
    Ok(all)
}

/// The name of the file in which a checkpoint is kept.
#[must_use]
pub fn file_name(log: &TrustId, signed: &Signed) -> String {
    let Checkpoint { size, root, .. } = signed.checkpoint;
    let epoch = signed.checkpoint.epoch();
    // The beginning of the root tells two histories of one size apart.
    let root: String = format!("{root:x}").chars().take(8).collect();
    format!("{log}-epoch-{epoch}-size-{size:010}-{root}.checkpoint")
}

/// Writes a checkpoint as a file of its own, once; a file that is there already stays as it is.
pub fn keep_checkpoint(folder: &Path, log: &TrustId, signed: &Signed) -> Result<(), LedgerError> {
    let path = folder.join(file_name(log, signed));
    if path.exists() {
        return Ok(());
    }
    let write = || {
        make_folder(folder)?;
        // Written aside first: a file that was cut off must not stand for a checkpoint. Two programs may do so at once.
        let aside = path.with_extension(format!("{}.part", std::process::id()));
        let mut options = owner_only();
        options.write(true).create(true).truncate(true);
        let mut file = options.open(&aside)?;
        file.write_all(signed.note.as_bytes())?;
        file.sync_all()?;
        fs::rename(&aside, &path)
    };
    // Whoever was first has written the same.
    let kept = write().or_else(|error| if path.exists() { Ok(()) } else { Err(error) });
    kept.map_err(|source| LedgerError::File {
        path: path.clone(),
        source,
    })
}
