//! Verifying: the whole log, what the store holds beside it, and what was kept elsewhere.
//!
//! Everything of one log is read at one moment, page by page, while recording goes on. A page is
//! opened on several processors while the next is read; the leaves are then added up in their order.

mod fault;
mod kept;
mod line;
mod states;
mod walk;

use std::path::Path;
use std::time::{Duration, Instant};

use ledger::{Audit, Finding, Frontier, Hash, Loss, Proved, VerifyingKey};

pub use fault::{Differing, Fault, Told};
pub use kept::Kept;
pub(super) use line::event_place;

use super::LedgerError;
use super::kind::{After, Asked, RecordKind, State};
use super::log::{logs, present_head};
use crate::store::{Query as _, Snapshot, Store, TrustId};
use crate::values;

/// What verifying one log gave.
#[derive(Debug)]
pub struct Verified {
    /// The log.
    pub log: TrustId,
    /// How many events it has.
    pub size: u64,
    /// The root that its leaves give; nothing where some are missing.
    pub root: Option<Hash>,
    /// Everything that is wrong, the first event concerned first.
    pub faults: Vec<Fault>,
    /// The checkpoints that were proved.
    pub proved: Vec<Proved>,
    /// The largest size that a checkpoint kept elsewhere proves.
    pub proved_elsewhere: Option<u64>,
    /// The checkpoints that a stated restore broke.
    pub losses: Vec<Loss>,
    /// How many events' content was erased by recorded steps.
    pub erased: u64,
    /// How many records of the store were compared with their last events.
    pub records: u64,
    /// The keys that sign it, the present one last.
    pub keys: Vec<VerifyingKey>,
    /// How long it took.
    pub took: Duration,
}

impl Verified {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// The keys themselves are held to the log, as any feature's records are.
const KEYS: RecordKind = RecordKind {
    kind: "ledger-key",
    states: key_states,
    remove: None,
};

fn key_states<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let after: i64 = after.id.parse().unwrap_or(0);
        let rows = snapshot
            .all(
                "SELECT number, verifier FROM ledger_key WHERE trust = $1 AND number > $2 \
                 ORDER BY number",
                values![after],
            )
            .await?;
        let state = |row: &crate::store::Row| {
            let number = row.get::<i64>("number")?.to_string();
            let verifier: String = row.get("verifier")?;
            let state = serde_json::json!({ "number": number, "verifier": verifier });
            Ok((number, state))
        };
        rows.iter().map(state).collect()
    })
}

/// Verifies every log, one after the other. `kinds` are the records that the store is compared by.
///
/// # Errors
/// Where the store or a key cannot be read, so that nothing can be said. What is wrong with the log is
/// no error but a [`Fault`].
pub async fn verify_all(
    store: &Store,
    kinds: &[RecordKind],
    kept: &Kept,
) -> Result<Vec<Verified>, LedgerError> {
    let mut all = Vec::new();
    for log in logs(store).await? {
        all.push(verify(store, &log, kinds, kept).await?);
    }
    kept.strangers(&mut all);
    Ok(all)
}

/// Verifies one log.
///
/// # Errors
/// As [`verify_all`].
pub async fn verify(
    store: &Store,
    log: &TrustId,
    kinds: &[RecordKind],
    kept: &Kept,
) -> Result<Verified, LedgerError> {
    let begun = Instant::now();
    let mut snapshot = store.snapshot(log).await?;
    let mut faults = Vec::new();
    let (head, head_damaged) = match present_head(&mut snapshot).await {
        Ok(head) => (head, false),
        Err(LedgerError::Head(_)) => (Frontier::new(), true),
        Err(error) => return Err(error),
    };
    let keys = kept::keys(&mut snapshot, &mut faults).await?;
    let held = kept.held(&mut snapshot, &keys, &mut faults).await?;
    let of_this_log: Vec<RecordKind> = match log == &super::installation_log() {
        true => vec![KEYS],
        false => std::iter::once(KEYS).chain(kinds.iter().copied()).collect(),
    };
    let audit = Audit::new(head, held);
    let walked = walk::walk(store, log, &mut snapshot, audit, &of_this_log).await?;
    let walk::Walked {
        report,
        book,
        mut found,
    } = walked;
    faults.append(&mut found);
    if head_damaged {
        faults.push(Fault::Head);
    }
    let proved_elsewhere = report.proved_elsewhere();
    let of_no_head = |finding: &Finding| {
        head_damaged
            && matches!(
                finding,
                Finding::Added { first: 0, .. } | Finding::HeadDiffers { .. }
            )
    };
    let findings = report.findings.into_iter().filter(|f| !of_no_head(f));
    faults.extend(findings.map(Fault::Log));
    let records =
        states::compare(store, log, &mut snapshot, &of_this_log, book, &mut faults).await?;
    faults.sort_by_key(|fault| fault.event().unwrap_or(u64::MAX));
    Ok(Verified {
        log: log.clone(),
        size: report.size,
        root: report.root,
        faults,
        proved: report.proved,
        proved_elsewhere,
        losses: report.losses,
        erased: u64::try_from(report.erased.len()).unwrap_or(u64::MAX),
        records,
        keys,
        took: begun.elapsed(),
    })
}

/// Keeps what was verified last, for those who read the audit.
pub async fn keep_result(store: &Store, verified: &Verified) -> Result<(), LedgerError> {
    let mut tx = store.begin(&verified.log).await?;
    let now = tx.now();
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO ledger_verification (trust, at, size, proved_elsewhere, fault) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (trust) DO UPDATE SET at = excluded.at, size = excluded.size, \
           proved_elsewhere = excluded.proved_elsewhere, fault = excluded.fault",
        values![
            now,
            number(verified.size),
            verified.proved_elsewhere.map(number),
            verified.faults.first().map(ToString::to_string)
        ],
    )
    .await?;
    tx.commit_unrecorded().await?;
    Ok(())
}

/// Reads a file of a checkpoint, or says which one cannot be read.
pub fn read_note(path: &Path) -> Result<String, LedgerError> {
    std::fs::read_to_string(path).map_err(|source| LedgerError::File {
        path: path.to_owned(),
        source,
    })
}
