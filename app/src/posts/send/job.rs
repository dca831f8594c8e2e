//! One sending, from taking it to recording what came of it.

use std::time::Duration;

use publish::{Failure, Found, Published};
use serde::{Deserialize, Serialize};

use super::super::sending::{self, Claim, LEASE, Order, SendingId};
use super::super::{PostError, REGISTER, told};
use super::answer::{LATE, looked, outcome};
use super::order::Prepared;
use super::{Step, Way, platforms};
use crate::cases;
use crate::jobs::{Job, JobContext, JobError, Protection};

/// How long a platform may take over everything that a post needs: less than a claim lasts, with time to record it.
const PATIENCE: Duration = Duration::from_secs(LEASE.unsigned_abs().as_secs() - 60);

/// Sends a post to one account.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Send {
    pub(super) sending: SendingId,
}

impl Job for Send {
    const KIND: &'static str = "posts.send";
    const TITLE: &'static str = "Send a post to its platform";
    type With = Way;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, way: &Way, context: &JobContext) -> Result<(), JobError> {
        self.send(way, context).await.map_err(JobError::retry)
    }
}

impl Send {
    async fn send(&self, way: &Way, context: &JobContext) -> Result<(), PostError> {
        let mut tx = context.begin().await?;
        let program = context.actor();
        let claim =
            sending::claim(&mut tx, &way.engine, &program, &self.sending, &platforms()).await?;
        // From here on it is taken: whoever comes after a kill finds that, and looks.
        tx.commit_unrecorded().await?;
        match claim {
            Claim::Send(order) => {
                way.reached(Step::Taken).await;
                let answer = asked(way, context, &order).await;
                way.reached(Step::Asked).await;
                self.record(way, context, &order, answer).await?;
                way.reached(Step::Recorded).await;
            }
            Claim::LookFor(order) => {
                let now = context.store().clock().now();
                let found = searched(way, context, &order).await;
                way.reached(Step::Looked).await;
                let mut tx = context.begin().await?;
                let found = looked(found, now.duration_since(order.since));
                sending::looked(&mut tx, &way.engine, &program, &self.sending, found).await?;
                context.complete(&mut tx).await?;
                tx.commit_unrecorded().await?;
            }
            // What is due later is queued again once it is.
            Claim::Later(_) | Claim::Nothing => {}
        }
        Ok(())
    }

    async fn record(
        &self,
        way: &Way,
        context: &JobContext,
        order: &Order,
        answer: Result<Published, Failure>,
    ) -> Result<(), PostError> {
        let mut tx = context.begin().await?;
        let (program, now) = (context.actor(), context.store().clock().now());
        let outcome = outcome(answer, order.attempt, now);
        let late = order.attempt == LATE && outcome.is_put_off();
        let which = (&order.sending, order.attempt);
        sending::record_outcome(&mut tx, &way.engine, &program, which, outcome).await?;
        if late && let Some(sending) = sending::find(&mut tx, &self.sending).await? {
            let of = (context.store(), context.trust());
            let post = cases::one_of(&mut tx, of, REGISTER, &sending.case).await?;
            let post = post.ok_or(PostError::NotFound)?;
            let says = (
                "A post is late",
                "Its platform could not be reached, or asks to wait. Nothing of it is out on that account. It is tried again \
                 for some hours; you are told if it is given up.",
            );
            told::keepers(&mut tx, &post, says).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

async fn asked(way: &Way, context: &JobContext, order: &Order) -> Result<Published, Failure> {
    let prepared = Prepared::of(way, context, order, true).await?;
    let post = &prepared.post;
    match tokio::time::timeout(PATIENCE, prepared.account(way)?.publish(post)).await {
        Ok(answer) => answer,
        Err(_) => Err(Failure::Unknown("it took too long".to_owned())),
    }
}

async fn searched(way: &Way, context: &JobContext, order: &Order) -> Result<Found, Failure> {
    let prepared = Prepared::of(way, context, order, false).await?;
    let (post, now) = (&prepared.post, context.store().clock().now());
    match tokio::time::timeout(PATIENCE, prepared.account(way)?.find(post, now)).await {
        Ok(found) => found,
        Err(_) => Err(Failure::NotReached("it took too long".to_owned())),
    }
}
