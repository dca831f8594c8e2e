//! Checkpoints: those in the store, and those that somebody kept elsewhere.

use ledger::{Checkpoint, Held, VerifyingKey};

use super::{Fault, Verified};
use crate::ledger::LedgerError;
use crate::store::Query;
use crate::values;

/// What was kept elsewhere and is given to verify with.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Checkpoints: where each came from, for people, and the signed note.
    pub notes: Vec<(String, String)>,
    /// Verifier keys. For a log that one of them is of, these alone count for what was kept elsewhere;
    /// for any other the store's own do.
    pub keys: Vec<VerifyingKey>,
}

impl Kept {
    /// All checkpoints that the log is held to.
    pub(super) async fn held(
        &self,
        query: &mut impl Query,
        keys: &[VerifyingKey],
        faults: &mut Vec<Fault>,
    ) -> Result<Vec<(Held, Checkpoint)>, LedgerError> {
        let mut held = in_store(query, keys, faults).await?;
        let given: Vec<VerifyingKey> = self
            .keys
            .iter()
            .filter(|given| keys.iter().any(|key| key.origin() == given.origin()))
            .cloned()
            .collect();
        for key in given.iter().filter(|given| !keys.contains(given)) {
            faults.push(Fault::Key {
                key: key.to_string(),
            });
        }
        let trusted = if given.is_empty() { keys } else { &given };
        for (file, note) in &self.notes {
            let Ok(origin) = Checkpoint::claimed_origin(note) else {
                continue;
            };
            if !keys.iter().any(|key| key.origin() == &origin) {
                continue;
            }
            match Checkpoint::verify(note, trusted) {
                Ok(checkpoint) => held.push((Held::Elsewhere, checkpoint)),
                Err(error) => faults.push(Fault::Kept {
                    file: file.clone(),
                    why: error.to_string(),
                }),
            }
        }
        Ok(held)
    }

    /// Names the checkpoints and keys that are of no log here, at the last log that was verified.
    pub(super) fn strangers(&self, all: &mut [Verified]) {
        let mut faults = Vec::new();
        let known = |origin: &ledger::Origin| {
            let mut keys = all.iter().flat_map(|verified| &verified.keys);
            keys.any(|key| key.origin() == origin)
        };
        for (file, note) in &self.notes {
            let why = match Checkpoint::claimed_origin(note) {
                Ok(origin) if known(&origin) => continue,
                Ok(origin) => format!("it is of the log '{origin}', which is not here"),
                Err(error) => error.to_string(),
            };
            let file = file.clone();
            faults.push(Fault::Kept { file, why });
        }
        for key in self.keys.iter().filter(|key| !known(key.origin())) {
            faults.push(Fault::Key {
                key: key.to_string(),
            });
        }
        if let Some(last) = all.last_mut() {
            last.faults.append(&mut faults);
        }
    }
}

/// The log's verifier keys as the store has them; one that was damaged is a fault.
pub(super) async fn keys(
    query: &mut impl Query,
    faults: &mut Vec<Fault>,
) -> Result<Vec<VerifyingKey>, LedgerError> {
    let rows = query
        .all(
            "SELECT verifier FROM ledger_key WHERE trust = $1 ORDER BY number",
            values![],
        )
        .await?;
    let mut keys = Vec::new();
    for row in &rows {
        let text: String = row.get("verifier")?;
        match text.parse() {
            Ok(key) => keys.push(key),
            Err(_) => faults.push(Fault::Key { key: text }),
        }
    }
    Ok(keys)
}

async fn in_store(
    query: &mut impl Query,
    keys: &[VerifyingKey],
    faults: &mut Vec<Fault>,
) -> Result<Vec<(Held, Checkpoint)>, LedgerError> {
    let rows = query
        .all(
            "SELECT epoch, size, note FROM ledger_checkpoint WHERE trust = $1 ORDER BY epoch, size",
            values![],
        )
        .await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in &rows {
        let (epoch, size): (i64, i64) = (row.get("epoch")?, row.get("size")?);
        let note: String = row.get("note")?;
        match Checkpoint::verify(&note, keys) {
            Ok(checkpoint)
                if i64::try_from(checkpoint.size) == Ok(size)
                    && i64::from(checkpoint.epoch()) == epoch =>
            {
                held.push((Held::Here, checkpoint));
            }
            Ok(_) => faults.push(Fault::Checkpoint {
                size,
                why: "its row names another size or epoch than its signed text".to_owned(),
            }),
            Err(error) => faults.push(Fault::Checkpoint {
                size,
                why: error.to_string(),
            }),
        }
    }
    Ok(held)
}
