//! One node's hold on a job: claiming it, keeping it, ending it.

use jiff::{SignedDuration, Timestamp};

use super::job::JobError;
use super::queue::{JobId, QueueError, payload_place, remove};
use crate::protection::Sealed;
use crate::randomness::Randomness;
use crate::store::{Query as _, Row, Store, StoreError, TrustId, Tx, record_key};
use crate::values;

/// How long a claim holds without a sign of life from its node.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// The wait after the first failed attempt; each further wait is twice as long.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// Characters that are kept of an error's text.
const ERROR_LENGTH: usize = 500;

/// A job that this node has taken on, until its lease ends.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) trust: TrustId,
    pub(super) id: JobId,
    pub(super) kind: String,
    pub(super) lease: String,
    pub(super) attempt: u32,
    pub(super) created_at: Timestamp,
    sealed_under: Option<String>,
    payload: Vec<u8>,
}

/// A job that seems to be due: whether it is shows when it is claimed.
pub(super) struct DueWork {
    pub(super) trust: TrustId,
    pub(super) job: JobId,
    pub(super) kind: String,
}

/// The jobs longest due, of the kinds named, in all trusts.
pub(super) async fn due(store: &Store, kinds: &str) -> Result<Vec<DueWork>, StoreError> {
    let rows = store
        .installation()
        .all(
            "SELECT trust, job, kind FROM due_work \
             WHERE due_at <= $1 AND $2 LIKE '%,' || kind || ',%' \
             ORDER BY due_at, trust, job LIMIT 32",
            values![store.clock().now(), kinds],
        )
        .await?;
    let read = |row: &Row| {
        Ok(DueWork {
            trust: row.get("trust")?,
            job: row.get("job")?,
            kind: row.get("kind")?,
        })
    };
    rows.iter().map(read).collect()
}

/// When the next job falls due that is not due yet.
pub(super) async fn next_due(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    let row = store
        .installation()
        .first(
            "SELECT due_at FROM due_work WHERE due_at > $1 ORDER BY due_at LIMIT 1",
            values![store.clock().now()],
        )
        .await?;
    row.map(|row| row.get("due_at")).transpose()
}

/// Takes a job on, unless another node has it or it is not due after all. One that has been begun
/// `most` times without ever coming to an end is given up here.
pub(super) async fn claim(
    store: &Store,
    work: &DueWork,
    most: u32,
) -> Result<Option<Claim>, StoreError> {
    let mut tx = store.begin(&work.trust).await?;
    let now = tx.now();
    let row = tx
        .locked(
            "SELECT sealed_under, payload, attempts, created_at FROM job \
             WHERE trust = $1 AND id = $2 AND state <> 'dead' AND due_at <= $3",
            "SELECT sealed_under, payload, attempts, created_at FROM job \
             WHERE trust = $1 AND id = $2 AND state <> 'dead' AND due_at <= $3 \
             FOR UPDATE SKIP LOCKED",
            values![&work.job, now],
        )
        .await?;
    let Some(row) = row else {
        drop_stale(tx, &work.job).await?;
        return Ok(None);
    };
    let attempts: i64 = row.get("attempts")?;
    if attempts >= i64::from(most) {
        let why =
            "it was begun as often as it may be, and each time the program ended before it did";
        bury(&mut tx, &work.job, why).await?;
        tx.commit_unrecorded().await?;
        return Ok(None);
    }
    let lease = u128::from_le_bytes(store.randomness().bytes()?).to_string();
    tx.execute(
        "UPDATE job SET state = 'running', attempts = attempts + 1, lease = $3, due_at = $4 \
         WHERE trust = $1 AND id = $2",
        values![&work.job, &lease, now + LEASE],
    )
    .await?;
    move_due(&mut tx, &work.job, now + LEASE).await?;
    let claim = Claim {
        trust: work.trust.clone(),
        id: work.job.clone(),
        kind: work.kind.clone(),
        lease,
        attempt: u32::try_from(attempts.saturating_add(1)).unwrap_or(u32::MAX),
        created_at: row.get("created_at")?,
        sealed_under: row.get("sealed_under")?,
        payload: row.get("payload")?,
    };
    tx.commit_unrecorded().await?;
    Ok(Some(claim))
}

/// Removes the mark of due work whose job is gone, as after a trust's data was removed.
async fn drop_stale(mut tx: Tx, id: &JobId) -> Result<(), StoreError> {
    let dropped = tx
        .execute(
            "DELETE FROM due_work WHERE trust = $1 AND job = $2 AND NOT EXISTS \
               (SELECT 1 FROM job WHERE trust = $1 AND id = $2 AND state <> 'dead')",
            values![id],
        )
        .await?;
    match dropped {
        0 => Ok(()),
        _ => tx.commit_unrecorded().await,
    }
}

impl Claim {
    /// The payload in clear; nothing where the record was erased that it was sealed with.
    pub(super) async fn open(&self, store: &Store) -> Result<Option<Vec<u8>>, QueueError> {
        let Some(record) = &self.sealed_under else {
            return Ok(Some(self.payload.clone()));
        };
        let mut reader = store.read(&self.trust);
        let Some(key) = record_key(&mut reader, store, &self.trust, record).await? else {
            return Ok(None);
        };
        let sealed = Sealed(self.payload.clone());
        let plain = key.open(&payload_place(&self.trust, &self.id), &sealed)?;
        Ok(Some(plain.to_vec()))
    }

    /// Says that the job is still being worked on; false where another node has taken it over.
    pub(super) async fn renew(&self, store: &Store) -> Result<bool, StoreError> {
        let mut tx = store.begin(&self.trust).await?;
        let until = tx.now() + LEASE;
        let held = tx
            .execute(
                "UPDATE job SET due_at = $4 WHERE trust = $1 AND id = $2 AND lease = $3",
                values![&self.id, &self.lease, until],
            )
            .await?;
        if held > 0 {
            move_due(&mut tx, &self.id, until).await?;
        }
        tx.commit_unrecorded().await?;
        Ok(held > 0)
    }

    /// Writes down how the attempt ended. Where the job has ended itself, or another node has
    /// taken it over, nothing is changed.
    pub(super) async fn settle(
        &self,
        store: &Store,
        most: u32,
        ended: Result<(), JobError>,
    ) -> Result<(), StoreError> {
        let mut tx = store.begin(&self.trust).await?;
        match ended {
            Ok(()) => {
                remove(&mut tx, &self.id, Some(&self.lease)).await?;
            }
            Err(_) if !self.held(&mut tx).await? => return Ok(()),
            Err(JobError::Retry(why)) if self.attempt < most => {
                let wait = wait_after(self.attempt, store.randomness())?;
                let due_at = tx.now() + wait;
                tx.execute(
                    "UPDATE job SET state = 'waiting', lease = NULL, due_at = $3, last_error = $4 \
                     WHERE trust = $1 AND id = $2",
                    values![&self.id, due_at, kept(&why)],
                )
                .await?;
                move_due(&mut tx, &self.id, due_at).await?;
            }
            Err(JobError::Retry(why) | JobError::Fail(why)) => {
                bury(&mut tx, &self.id, &why).await?;
            }
        }
        tx.commit_unrecorded().await
    }

    async fn held(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let row = tx
            .locked(
                "SELECT id FROM job WHERE trust = $1 AND id = $2 AND lease = $3",
                "SELECT id FROM job WHERE trust = $1 AND id = $2 AND lease = $3 FOR UPDATE",
                values![&self.id, &self.lease],
            )
            .await?;
        Ok(row.is_some())
    }
}

/// Gives a job up; somebody may queue it again.
async fn bury(tx: &mut Tx, id: &JobId, why: &str) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(
        "UPDATE job SET state = 'dead', lease = NULL, once_key = NULL, due_at = $3, \
           last_error = $4 WHERE trust = $1 AND id = $2",
        values![id, now, kept(why)],
    )
    .await?;
    tx.execute(
        "DELETE FROM due_work WHERE trust = $1 AND job = $2",
        values![id],
    )
    .await?;
    Ok(())
}

async fn move_due(tx: &mut Tx, id: &JobId, due_at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE due_work SET due_at = $3 WHERE trust = $1 AND job = $2",
        values![id, due_at],
    )
    .await?;
    Ok(())
}

fn kept(why: &str) -> String {
    why.chars().take(ERROR_LENGTH).collect()
}

/// How long to wait after a failed attempt: doubling, and between half and the whole of it by
/// chance, so that what failed together does not come back together.
fn wait_after(attempt: u32, randomness: &Randomness) -> Result<SignedDuration, StoreError> {
    let doubled = 1_i32
        .checked_shl(attempt.saturating_sub(1).min(16))
        .unwrap_or(1);
    let whole = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
    let half = i64::try_from(whole.as_millis() / 2).unwrap_or(0);
    let drawn = u32::from_le_bytes(randomness.bytes()?);
    let chance = half * i64::from(drawn) / i64::from(u32::MAX);
    Ok(SignedDuration::from_millis(half + chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_and_keep_half_by_chance() {
        let randomness = Randomness::repeatable(1);
        for (attempt, whole) in [(1, 30), (2, 60), (5, 480), (11, 21_600), (40, 21_600)] {
            for _ in 0..50 {
                let wait = wait_after(attempt, &randomness).unwrap().as_secs();
                assert!((whole / 2..=whole).contains(&wait), "{attempt}: {wait}");
            }
        }
    }
}
