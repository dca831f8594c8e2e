//! The loop that does the work of one node.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;

use super::claim::{self, Claim, LEASE};
use super::job::{JobContext, JobError};
use super::queue::QueueError;
use super::registry::{Recurring, Registry};
use crate::store::{Query as _, Store, StoreError, TrustId};
use crate::values;

/// Jobs that one node runs side by side.
const AT_ONCE: usize = 4;
/// How often a node looks for work that another node queued, or that a dead one left behind.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often a node says that it is still working on a job: well within a lease.
const RENEW_EVERY: Duration = Duration::from_secs(LEASE.unsigned_abs().as_secs() / 3);
/// How long jobs under way may take once the program was told to stop; what is cut off comes back
/// when its lease ends.
const GRACE: Duration = Duration::from_secs(8);

/// Does the work that is due, for one node.
#[derive(Clone, Debug)]
pub struct Worker {
    store: Store,
    registry: Arc<Registry>,
    /// The latest turn of recurring work that this node has seen queued, so that it asks the
    /// store only when a new one begins.
    turns: Arc<Mutex<HashMap<(TrustId, &'static str), Timestamp>>>,
}

impl Worker {
    /// A worker that knows these kinds of jobs.
    #[must_use]
    pub fn new(store: Store, registry: Registry) -> Self {
        Self {
            store,
            registry: Arc::new(registry),
            turns: Arc::default(),
        }
    }

    /// Queues the recurring work whose turn has come, then does everything that is due, one job
    /// after the other; gives how many jobs were run.
    pub async fn round(&self) -> Result<usize, QueueError> {
        self.queue_recurring().await?;
        let mut ran = 0;
        while let Some(claim) = self.claim().await? {
            self.run(claim).await;
            ran += 1;
        }
        Ok(ran)
    }

    /// Works until `stop` ends; then lets jobs under way finish, for eight seconds at most.
    pub async fn work(self, stop: impl Future<Output = ()> + Send) {
        let mut running = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            if let Err(error) = self.queue_recurring().await {
                tracing::error!(%error, "recurring work cannot be queued");
            }
            if let Err(error) = self.take_on(&mut running).await {
                tracing::error!(%error, "the queue cannot be read");
            }
            tokio::select! {
                () = &mut stop => break,
                Some(_) = running.join_next() => {}
                () = self.store.bell().notified() => {}
                () = tokio::time::sleep(self.until_next().await) => {}
            }
        }
        let done = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, done).await.is_err() {
            tracing::warn!("some jobs did not end in time; they are begun again later");
        }
    }

    async fn take_on(&self, running: &mut JoinSet<()>) -> Result<(), StoreError> {
        while running.len() < AT_ONCE {
            let Some(claim) = self.claim().await? else {
                break;
            };
            let worker = self.clone();
            running.spawn(async move { worker.run(claim).await });
        }
        Ok(())
    }

    /// How long there is nothing to look for.
    async fn until_next(&self) -> Duration {
        let Ok(Some(due_at)) = claim::next_due(&self.store).await else {
            return LOOK_EVERY;
        };
        let wait = due_at.duration_since(self.store.clock().now());
        Duration::try_from(wait).map_or(Duration::ZERO, |wait| wait.min(LOOK_EVERY))
    }

    async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        for work in claim::due(&self.store, &self.registry.names()).await? {
            let Some(kind) = self.registry.kind(&work.kind) else {
                continue;
            };
            match claim::claim(&self.store, &work, kind.attempts).await {
                Ok(None) => {}
                Ok(claimed) => return Ok(claimed),
                Err(error @ StoreError::Unreachable(_)) => return Err(error),
                // One job that cannot be taken on does not keep the others waiting.
                Err(error) => tracing::error!(%error, job = %work.job, "a job cannot be taken on"),
            }
        }
        Ok(None)
    }

    /// Runs a job and writes down how it ended.
    async fn run(&self, claim: Claim) {
        let Some(kind) = self.registry.kind(&claim.kind) else {
            return;
        };
        let most = kind.attempts;
        let Some(ended) = self.attempt(&claim).await else {
            tracing::warn!(job = %claim.id, "another node has taken this job over");
            return;
        };
        if let Err(error) = &ended {
            // The text stands in the store; a log is read by more people.
            let again = matches!(error, JobError::Retry(_)) && claim.attempt < most;
            tracing::warn!(job = %claim.id, kind = claim.kind, again, "a job did not end well");
        }
        if let Err(error) = claim.settle(&self.store, most, ended).await {
            tracing::error!(%error, job = %claim.id, "the end of a job could not be written down");
        }
    }

    /// One attempt, in a task of its own so that a panic ends nothing else; nothing where the
    /// lease was lost meanwhile.
    async fn attempt(&self, claim: &Claim) -> Option<Result<(), JobError>> {
        let kind = self.registry.kind(&claim.kind)?;
        let payload = match claim.open(&self.store).await {
            Ok(Some(payload)) => payload,
            // Its record was erased: there is nothing left to do.
            Ok(None) => return Some(Ok(())),
            Err(error) => return Some(Err(error.into())),
        };
        let context = JobContext {
            store: self.store.clone(),
            trust: claim.trust.clone(),
            id: claim.id.clone(),
            lease: claim.lease.clone(),
            attempt: claim.attempt,
            attempts: kind.attempts,
            created_at: claim.created_at,
        };
        let mut task = JoinSet::new();
        task.spawn((kind.run)(payload, context));
        loop {
            tokio::select! {
                ended = task.join_next() => {
                    return Some(match ended {
                        Some(Ok(ended)) => ended,
                        _ => Err(JobError::retry("a fault of the program broke it off")),
                    });
                }
                () = tokio::time::sleep(RENEW_EVERY) => {
                    if let Ok(false) = claim.renew(&self.store).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn queue_recurring(&self) -> Result<(), QueueError> {
        if self.registry.work_that_recurs().is_empty() {
            return Ok(());
        }
        let rows = self
            .store
            .installation()
            .all("SELECT trust FROM trust", values![])
            .await?;
        let now = self.store.clock().zoned();
        for row in rows {
            let trust: TrustId = row.get("trust")?;
            for work in self.registry.work_that_recurs() {
                self.queue_turn(&trust, work, work.every.turn(&now)).await?;
            }
        }
        Ok(())
    }

    async fn queue_turn(
        &self,
        trust: &TrustId,
        work: &Recurring,
        turn: Timestamp,
    ) -> Result<(), QueueError> {
        let key = (trust.clone(), work.kind);
        let seen = |turns: &HashMap<_, _>| turns.get(&key) == Some(&turn);
        if seen(&self.turns.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let mut tx = self.store.begin(trust).await?;
        let first = tx
            .execute(
                "INSERT INTO recurring_work (trust, kind, turn_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (trust, kind) DO UPDATE SET turn_at = EXCLUDED.turn_at \
                 WHERE recurring_work.turn_at < EXCLUDED.turn_at",
                values![work.kind, turn],
            )
            .await?;
        if first > 0 {
            (work.enqueue)(&mut tx).await?;
            tx.commit_unrecorded().await?;
        }
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.insert(key, turn);
        Ok(())
    }
}
