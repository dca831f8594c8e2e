//! The sweep, as work that comes back every day.

use jiff::civil::time;
use serde::{Deserialize, Serialize};

use super::Attachments;
use crate::jobs::{Every, Job, JobContext, JobError, Protection, Registry};

/// Removes the files of a trust that no record names.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "attachments.sweep";
    const TITLE: &'static str = "Remove files that belong to no record";
    type With = Attachments;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, with: &Attachments, context: &JobContext) -> Result<(), JobError> {
        let swept = with.sweep(context.store(), context.trust()).await;
        let swept = swept.map_err(JobError::retry)?;
        for id in swept.missing {
            tracing::error!(%id, "the file of an attachment is missing; restore it from a backup");
        }
        Ok(())
    }
}

/// The work of this feature.
pub(crate) fn jobs(attachments: Attachments) -> Registry {
    Registry::new().recurring::<Sweep>(Every::Day(time(3, 10, 0, 0)), attachments)
}
