//! What a rotation left: a node that had not met the new key yet went on wrapping with the older one.

use jiff::civil::time;
use serde::{Deserialize, Serialize};

use crate::jobs::{Every, Job, JobContext, JobError, Protection, Registry};

/// Wraps with the current master key what an older one still wraps.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Rewrap {}

impl Job for Rewrap {
    const KIND: &'static str = "keys.rewrap";
    const TITLE: &'static str = "Wrap the keys of records with the current master key";
    type With = ();

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
        // The key file may have a newer key than this node has met.
        context
            .store()
            .keyring()
            .reload()
            .map_err(JobError::retry)?;
        let wrapped = super::rewrap_log(context.store(), context.trust()).await;
        wrapped.map(|_| ()).map_err(JobError::retry)
    }
}

/// The work of this feature.
pub(crate) fn jobs() -> Registry {
    Registry::new().recurring::<Rewrap>(Every::Day(time(3, 40, 0, 0)), ())
}
