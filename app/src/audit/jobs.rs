//! What is done for the ledger by the queue.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::mailed;
use crate::jobs::{Every, Job, JobContext, JobError, Protection, Registry};
use crate::ledger::{ErasureList, checkpoint, installation_log, keep_checkpoint, list_erasures};
use crate::mail::Mailer;

/// How often checkpoints are signed, in minutes. A log that has not grown signs nothing.
const CHECKPOINTS_EVERY: u32 = 60;
/// How often what was erased is written to the list outside the database, in minutes.
const ERASURES_EVERY: u32 = 1;

/// Signs the trust's log and the installation's, and writes the notes to the folder.
#[derive(Debug, Default, Deserialize, Serialize)]
struct SignCheckpoints {}

impl Job for SignCheckpoints {
    const KIND: &'static str = "ledger.checkpoint";
    const TITLE: &'static str = "Sign a checkpoint of the ledger";
    type With = PathBuf;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, folder: &PathBuf, context: &JobContext) -> Result<(), JobError> {
        for log in [context.trust().clone(), installation_log()] {
            let signed = checkpoint(context.store(), &log).await?;
            keep_checkpoint(folder, &log, &signed)?;
        }
        Ok(())
    }
}

/// Writes what was erased to the list that is kept outside the database.
#[derive(Debug, Default, Deserialize, Serialize)]
struct ListErasures {}

impl Job for ListErasures {
    const KIND: &'static str = "ledger.list-erasures";
    const TITLE: &'static str = "Write what was erased to the list outside the database";
    type With = ErasureList;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, list: &ErasureList, context: &JobContext) -> Result<(), JobError> {
        list_erasures(context.store(), list).await?;
        Ok(())
    }
}

/// The ledger's work: checkpoints, written to the folder and sent to the addresses, and the list of erasures.
#[must_use]
pub(crate) fn jobs(
    checkpoints: PathBuf,
    list: ErasureList,
    mailer: &Mailer,
    addresses: Vec<String>,
) -> Registry {
    Registry::new()
        .recurring::<SignCheckpoints>(Every::Minutes(CHECKPOINTS_EVERY), checkpoints)
        .recurring::<ListErasures>(Every::Minutes(ERASURES_EVERY), list)
        .merge(mailed::kinds(mailer, addresses))
}
