//! The program's own part: what is due goes out, or into the hands of a person.

use serde::{Deserialize, Serialize};

use super::PostError;
use super::send;
use super::sending::{self, Claim};
use crate::cases::Engine;
use crate::jobs::{Due, Job, JobContext, JobError, Protection};

/// The most sendings that are looked at in one go.
const AT_MOST: i64 = 500;

/// Looks what is due.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "posts.watch";
    const TITLE: &'static str = "See what posts are due";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        look(engine, context).await.map_err(JobError::retry)?;
        let mut tx = context.begin().await?;
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// Each in a transaction of its own, so that one that fails holds up no other.
async fn look(engine: &Engine, context: &JobContext) -> Result<(), PostError> {
    let now = context.store().clock().now().as_millisecond();
    let due = sending::due(&mut context.store().read(context.trust()), now, AT_MOST).await?;
    for id in due {
        let mut tx = context.begin().await?;
        let can = send::platforms();
        match sending::claim(&mut tx, engine, &context.actor(), &id, &can).await? {
            Claim::Nothing => tx.commit_unrecorded().await?,
            Claim::Later(moment) => {
                send::queue(&mut tx, &id, Due::At(moment)).await?;
                tx.commit_unrecorded().await?;
            }
            Claim::Send(_) | Claim::LookFor(_) => {
                // What is not committed was not taken: the job takes it.
                drop(tx);
                let mut tx = context.begin().await?;
                send::queue(&mut tx, &id, Due::Now).await?;
                tx.commit_unrecorded().await?;
            }
        }
    }
    Ok(())
}
