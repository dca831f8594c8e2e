//! How long messages are kept.

use jiff::SignedDuration;
use jiff::civil::{Time, time};
use serde::{Deserialize, Serialize};

use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::values;

/// When messages that nobody needs any more are removed.
pub(super) const AT: Time = time(3, 0, 0, 0);
/// How long a message is kept once it was read. What it told of has a record of its own.
const KEPT_AFTER_READING: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Removes messages that were read a year ago.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Sweep;

impl Job for Sweep {
    const KIND: &'static str = "messages.sweep";
    const TITLE: &'static str = "Remove messages that were read a year ago";
    type With = ();

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let before = tx.now() - KEPT_AFTER_READING;
        tx.execute(
            "DELETE FROM message WHERE trust = $1 AND read_at < $2",
            values![before],
        )
        .await?;
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}
