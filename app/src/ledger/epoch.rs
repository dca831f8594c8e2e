//! Epochs: what a restore says openly of the events that it lost.

use ledger::{Checkpoint, Follows};
use serde::Serialize;

use super::checkpoint::{self, Signed};
use super::key::verifier_keys;
use super::log::head;
use super::record::{Change, LedgerError, record_event};
use crate::authority::Actor;
use crate::store::{Store, TrustId};

/// An epoch that a restore has opened.
#[derive(Debug)]
pub struct Opened {
    /// The first checkpoint of the new epoch: to be kept elsewhere, as every checkpoint.
    pub first: Signed,
    /// How many events were recorded, by the last checkpoint, that the restored copy does not have.
    pub lost: u64,
    /// How many of the notes that were given are of this log and cannot be verified with its keys.
    pub unverified: usize,
}

/// What the event says.
#[derive(Serialize)]
struct Restored<'a> {
    epoch: u32,
    kept: u64,
    lost: u64,
    last_checkpoint: Option<&'a str>,
    unverified_checkpoints: usize,
}

/// Opens a new epoch of a log that an older copy was restored to. `elsewhere` are all checkpoints that
/// can be had besides those in the copy: of the database that it replaced, and of the folder where they
/// are written; those of other logs are passed over. The epoch names the last of them and how much of
/// the log is left; that is signed, and an event.
pub async fn open_epoch(
    store: &Store,
    log: &TrustId,
    actor: &Actor,
    elsewhere: &[String],
) -> Result<Opened, LedgerError> {
    let mut tx = store.begin(log).await?;
    let kept = head(&mut tx).await?.size();
    let latest = checkpoint::latest(&mut tx).await?;
    let keys = verifier_keys(&mut tx).await?;
    let mut known: Vec<Signed> = latest.map(|(_, signed)| signed).into_iter().collect();
    let mut unverified = 0;
    for note in elsewhere {
        let origin = Checkpoint::claimed_origin(note)?;
        if !keys.iter().any(|key| key.origin() == &origin) {
            continue;
        }
        match Checkpoint::verify(note, &keys) {
            Ok(checkpoint) => known.push(Signed {
                checkpoint,
                note: note.clone(),
            }),
            Err(_) => unverified += 1,
        }
    }
    let last = known
        .into_iter()
        .max_by_key(|signed| (signed.checkpoint.epoch(), signed.checkpoint.size));
    let follows = last.as_ref().map(|last| Follows {
        epoch: last.checkpoint.epoch(),
        size: last.checkpoint.size,
        root: last.checkpoint.root,
        kept,
    });
    let lost = follows.map_or(0, |follows| follows.lost());
    let restored = Restored {
        epoch: follows.map_or(1, |follows| follows.epoch.saturating_add(1)),
        kept,
        lost,
        last_checkpoint: last.as_ref().map(|last| last.note.as_str()),
        unverified_checkpoints: unverified,
    };
    let change = Change {
        kind: "ledger.restored",
        record_kind: "ledger",
        record: log.as_str(),
        before: None,
        after: Some(serde_json::to_value(&restored)?),
    };
    record_event(&mut tx, actor, None, change).await?;
    let first = checkpoint::sign(&mut tx, log, follows).await?;
    tx.commit().await?;
    Ok(Opened {
        first,
        lost,
        unverified,
    })
}
