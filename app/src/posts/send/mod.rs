//! Sending posts to their platforms, and taking them down there.
//!
//! [`Send`] does for one sending what [`super::sending`] asks of whoever sends: it takes it, asks the platform, records the
//! answer, each in a transaction of its own, so that it may be killed at any point. What a later attempt finds begun is
//! looked for on the platform and never just sent. [`TakeDown`] may be done again however it ended.

mod answer;
mod job;
mod order;
mod take_down;
#[cfg(test)]
mod tests;

use publish::Platform;

use super::PostError;
use crate::attachments::Attachments;
use crate::cases::Engine;
use crate::jobs::{Due, Registry, enqueue, enqueue_once};
use crate::outbound::Outbound;
use crate::store::Tx;

use super::sending::SendingId;
use job::Send;
use take_down::TakeDown;

/// What sending works with beside the store.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) engine: Engine,
    pub(super) files: Attachments,
    pub(super) outbound: Outbound,
    /// Where a test ends the process, and how it hears that it is there.
    #[cfg(test)]
    killed: Option<(Step, std::sync::Arc<tokio::sync::Notify>)>,
}

/// A point of the work between two requests or transactions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    /// It is taken, and the platform not yet asked.
    Taken,
    /// The platform has answered, and nothing of that is recorded.
    Asked,
    /// The answer is recorded.
    Recorded,
    /// It was looked for, and nothing of that is recorded.
    Looked,
}

impl Way {
    pub(super) fn new(engine: &Engine, files: &Attachments, outbound: &Outbound) -> Self {
        Self {
            engine: engine.clone(),
            files: files.clone(),
            outbound: outbound.clone(),
            #[cfg(test)]
            killed: None,
        }
    }

    #[cfg(not(test))]
    async fn reached(&self, _step: Step) {}

    #[cfg(test)]
    async fn reached(&self, step: Step) {
        if let Some((at, tell)) = &self.killed
            && *at == step
        {
            tell.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// The platforms that are sent to.
pub(super) fn platforms() -> Vec<&'static str> {
    Platform::ALL.into_iter().map(Platform::id).collect()
}

/// The jobs of sending.
pub(super) fn kinds(way: &Way) -> Registry {
    Registry::new()
        .job::<Send>(way.clone())
        .job::<TakeDown>(way.clone())
}

/// Queues the sending of what is due then, unless that waits already.
pub(super) async fn queue(tx: &mut Tx, sending: &SendingId, due: Due) -> Result<(), PostError> {
    let job = Send {
        sending: sending.clone(),
    };
    enqueue_once(tx, &job, due, sending.as_str()).await?;
    Ok(())
}

/// Queues the taking down of what is out, where the program knows what the platform calls it.
pub(super) async fn queue_removal(tx: &mut Tx, sending: &SendingId) -> Result<(), PostError> {
    let job = TakeDown {
        sending: sending.clone(),
    };
    enqueue(tx, &job, Due::Now).await?;
    Ok(())
}
