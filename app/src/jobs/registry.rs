//! Every kind of job that this program can do, and the work that comes back.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::civil::Time;
use jiff::{Timestamp, Zoned};

use super::job::{Due, Job, JobContext, JobError};
use super::queue::{self, QueueError};
use crate::store::Tx;

type Run<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Runner = dyn Fn(Vec<u8>, JobContext) -> Run<'static, Result<(), JobError>> + Send + Sync;
type Enqueue = for<'t> fn(&'t mut Tx) -> Run<'t, Result<(), QueueError>>;

#[derive(Clone)]
pub(super) struct Kind {
    pub(super) attempts: u32,
    pub(super) run: Arc<Runner>,
}

#[derive(Clone)]
pub(super) struct Recurring {
    pub(super) kind: &'static str,
    pub(super) every: Every,
    pub(super) enqueue: Enqueue,
}

/// How often work comes back, in every trust. Turns that were missed while nothing ran are made
/// up for by one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Every {
    /// Every so many minutes (0 counts as 1).
    Minutes(u32),
    /// Once a day, at this time of the installation's time zone.
    Day(Time),
}

impl Every {
    /// When the turn began that a moment belongs to.
    pub(super) fn turn(self, now: &Zoned) -> Timestamp {
        match self {
            Self::Minutes(minutes) => {
                let length = i64::from(minutes.max(1)) * 60_000;
                let moment = now.timestamp().as_millisecond();
                Timestamp::from_millisecond(moment - moment.rem_euclid(length))
                    .unwrap_or(Timestamp::UNIX_EPOCH)
            }
            Self::Day(time) => {
                let on = |date: jiff::civil::Date| {
                    let zoned = date.to_datetime(time).to_zoned(now.time_zone().clone());
                    zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
                };
                match on(now.date()) {
                    today if today <= now.timestamp() => today,
                    _ => on(now.date().yesterday().unwrap_or(now.date())),
                }
            }
        }
    }
}

/// The kinds of jobs, each with what it works with.
#[derive(Clone, Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, Kind>,
    recurring: Vec<Recurring>,
}

impl Registry {
    /// No kinds yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind.
    #[must_use]
    pub fn job<J: Job>(mut self, with: J::With) -> Self {
        let run = move |payload: Vec<u8>, context: JobContext| {
            let with = with.clone();
            let run: Run<'static, _> = Box::pin(async move {
                let job: J = serde_json::from_slice(&payload).map_err(|error| {
                    JobError::fail(format!("the payload cannot be read: {error}"))
                })?;
                job.run(&with, &context).await
            });
            run
        };
        let kind = Kind {
            attempts: J::ATTEMPTS.max(1),
            run: Arc::new(run),
        };
        self.kinds.insert(J::KIND, kind);
        self
    }

    /// Adds a kind that comes back by itself in every trust. A turn waits while the one before it
    /// is still in the queue.
    #[must_use]
    pub fn recurring<J: Job + Default>(mut self, every: Every, with: J::With) -> Self {
        self.recurring.push(Recurring {
            kind: J::KIND,
            every,
            enqueue: enqueue_turn::<J>,
        });
        self.job::<J>(with)
    }

    /// Adds another feature's kinds.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.kinds.extend(other.kinds);
        self.recurring.extend(other.recurring);
        self
    }

    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    pub(super) fn work_that_recurs(&self) -> &[Recurring] {
        &self.recurring
    }

    /// The names of all kinds between commas, to be asked for as `$1 LIKE '%,' || kind || ',%'`.
    pub(super) fn names(&self) -> String {
        let mut names = ",".to_owned();
        for name in self.kinds.keys() {
            names.push_str(name);
            names.push(',');
        }
        names
    }
}

fn enqueue_turn<J: Job + Default>(tx: &mut Tx) -> Run<'_, Result<(), QueueError>> {
    Box::pin(async move {
        queue::enqueue_once(tx, &J::default(), Due::Now, "recurring").await?;
        Ok(())
    })
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.kinds.keys()).finish()
    }
}
