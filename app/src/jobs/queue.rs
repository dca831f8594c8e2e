//! The queue's tables: what is put in and what is taken out.

use jiff::Timestamp;

use super::job::{Due, Job, Protection};
use crate::protection::{ProtectionError, place};
use crate::store::{self, KeyError, Query, StoreError, TrustId, Tx, column};
use crate::values;
use crate::web::problem::Problem;

store::ids! {
    /// A job in the queue.
    JobId
}

/// Why something could not be queued or taken from the queue.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The payload's key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The payload could not be sealed or opened.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The payload cannot be written as JSON.
    #[error("a job cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Work belongs to a trust.
    #[error("a change of the whole installation cannot queue work")]
    NoTrust,
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    Waiting,
    Running,
    Dead,
}

impl State {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Dead => "dead",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Dead]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

column!(State, text, |text: String| State::named(&text));

/// The record whose key seals a payload that has a key of its own. Not the job's record in the
/// ledger: that key must outlive the job.
fn own_record(id: &JobId) -> String {
    format!("job_payload/{id}")
}

pub(super) fn payload_place(trust: &TrustId, id: &JobId) -> String {
    place("job", "payload", trust.as_str(), id.as_str())
}

/// Queues a job: it exists once `tx` is committed.
pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J, due: Due) -> Result<JobId, QueueError> {
    let id: JobId = tx.fresh()?;
    insert(tx, job, due, &id, None).await?;
    Ok(id)
}

/// Queues a job unless one of its kind with the same key waits or runs already; whether it did.
pub async fn enqueue_once<J: Job>(
    tx: &mut Tx,
    job: &J,
    due: Due,
    key: &str,
) -> Result<bool, QueueError> {
    let id: JobId = tx.fresh()?;
    insert(tx, job, due, &id, Some(key)).await
}

async fn insert<J: Job>(
    tx: &mut Tx,
    job: &J,
    due: Due,
    id: &JobId,
    once: Option<&str>,
) -> Result<bool, QueueError> {
    let trust = tx.trust().cloned().ok_or(QueueError::NoTrust)?;
    let now = tx.now();
    let due_at = due.moment(now);
    let sealed_under = match job.protection() {
        Protection::Open => None,
        Protection::OwnKey => Some(own_record(id)),
        Protection::Record(record) => Some(record),
    };
    // The row first, then what belongs to it: where the key is taken, nothing else is written.
    let inserted = tx
        .execute(
            "INSERT INTO job (trust, id, kind, title, state, sealed_under, payload, once_key, \
               attempts, created_at, due_at) \
             VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, 0, $8, $9) \
             ON CONFLICT (trust, kind, once_key) DO NOTHING",
            values![
                id,
                J::KIND,
                J::TITLE,
                sealed_under.as_deref(),
                Vec::new(),
                once,
                now,
                due_at
            ],
        )
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    let plain = serde_json::to_vec(job)?;
    let payload = match &sealed_under {
        None => plain,
        Some(record) => {
            let key = tx.record_key(record).await?;
            let randomness = tx.store().randomness();
            key.seal(&payload_place(&trust, id), &plain, randomness)?.0
        }
    };
    tx.execute(
        "UPDATE job SET payload = $3 WHERE trust = $1 AND id = $2",
        values![id, payload],
    )
    .await?;
    tx.execute(
        "INSERT INTO due_work (trust, job, kind, due_at) VALUES ($1, $2, $3, $4)",
        values![id, J::KIND, due_at],
    )
    .await?;
    tx.ring_after_commit();
    Ok(true)
}

/// Removes all work that is sealed under the key of a record, as when the record is erased: what the last try
/// said may name it. `record` is as in [`Protection::Record`].
pub async fn forget(tx: &mut Tx, record: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM due_work WHERE trust = $1 AND job IN ( \
           SELECT id FROM job WHERE trust = $1 AND sealed_under = $2)",
        values![record],
    )
    .await?;
    tx.execute(
        "DELETE FROM job WHERE trust = $1 AND sealed_under = $2",
        values![record],
    )
    .await?;
    Ok(())
}

/// Takes a job from the queue with all that belongs to it; false where the lease is another's.
pub(super) async fn remove(
    tx: &mut Tx,
    id: &JobId,
    lease: Option<&str>,
) -> Result<bool, StoreError> {
    let removed = tx
        .execute(
            "DELETE FROM job WHERE trust = $1 AND id = $2 AND ($3 IS NULL OR lease = $3)",
            values![id, lease],
        )
        .await?;
    if removed == 0 {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM due_work WHERE trust = $1 AND job = $2",
        values![id],
    )
    .await?;
    tx.destroy_record_key(&own_record(id)).await?;
    Ok(true)
}

/// Queues a job that was given up once more, with all its attempts; false where it is not one.
pub(super) async fn revive(tx: &mut Tx, id: &JobId) -> Result<bool, StoreError> {
    let now = tx.now();
    let revived = tx
        .execute(
            "UPDATE job SET state = 'waiting', attempts = 0, due_at = $3 \
             WHERE trust = $1 AND id = $2 AND state = 'dead'",
            values![id, now],
        )
        .await?;
    if revived == 0 {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO due_work (trust, job, kind, due_at) \
         SELECT trust, id, kind, due_at FROM job WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    tx.ring_after_commit();
    Ok(true)
}

/// How much work there is in a trust, for a health check or a measurement.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Waiting {
    /// Jobs that wait for their time or for a free worker.
    pub waiting: u64,
    /// Jobs under way.
    pub running: u64,
    /// Jobs that were given up.
    pub dead: u64,
    /// Since when the job longest due waits, if one is due.
    pub due_since: Option<Timestamp>,
}

/// How much work there is in the trust that is read.
pub async fn waiting(query: &mut impl Query, now: Timestamp) -> Result<Waiting, StoreError> {
    let rows = query
        .all(
            "SELECT state, COUNT(*) AS n, MIN(due_at) AS due_at FROM job \
             WHERE trust = $1 GROUP BY state",
            values![],
        )
        .await?;
    let mut waiting = Waiting::default();
    for row in rows {
        let count = row.get("n")?;
        match row.get("state")? {
            State::Waiting => {
                waiting.waiting = count;
                let due_at: Timestamp = row.get("due_at")?;
                waiting.due_since = (due_at <= now).then_some(due_at);
            }
            State::Running => waiting.running = count,
            State::Dead => waiting.dead = count,
        }
    }
    Ok(waiting)
}
