//! The work of imports that is done after the request: each may be run again, and happens once.

use serde::{Deserialize, Serialize};

use super::import::ImportId;
use super::{RosterError, apply, stage, undo};
use crate::jobs::{Due, Job, JobContext, JobError, Protection, QueueError, Registry, enqueue};
use crate::store::Tx;

/// Makes the preview of an import.
#[derive(Debug, Deserialize, Serialize)]
struct Stage {
    import: ImportId,
}

/// Carries an import out.
#[derive(Debug, Deserialize, Serialize)]
struct Apply {
    import: ImportId,
}

/// Undoes an import.
#[derive(Debug, Deserialize, Serialize)]
struct Undo {
    import: ImportId,
}

macro_rules! jobs {
    ($($name:ident $kind:literal $title:literal $run:path;)*) => { $(
        impl Job for $name {
            const KIND: &'static str = $kind;
            const TITLE: &'static str = $title;
            const ATTEMPTS: u32 = 5;
            type With = ();

            fn protection(&self) -> Protection {
                Protection::Open
            }

            async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
                Ok($run(context.store(), context.trust(), &self.import).await?)
            }
        }
    )* };
}

jobs! {
    Stage "roster.compare" "Compare a roster with what is here" stage;
    Apply "roster.import" "Carry an import of a roster out" apply;
    Undo "roster.undo" "Undo an import of a roster" undo;
}

impl From<RosterError> for JobError {
    fn from(error: RosterError) -> Self {
        Self::retry(error)
    }
}

/// The kinds of jobs of this feature.
pub(crate) fn kinds() -> Registry {
    Registry::new()
        .job::<Stage>(())
        .job::<Apply>(())
        .job::<Undo>(())
}

pub(super) async fn queue_stage(tx: &mut Tx, import: &ImportId) -> Result<(), QueueError> {
    let import = import.clone();
    enqueue(tx, &Stage { import }, Due::Now).await.map(|_| ())
}

pub(super) async fn queue_apply(tx: &mut Tx, import: &ImportId) -> Result<(), QueueError> {
    let import = import.clone();
    enqueue(tx, &Apply { import }, Due::Now).await.map(|_| ())
}

pub(super) async fn queue_undo(tx: &mut Tx, import: &ImportId) -> Result<(), QueueError> {
    let import = import.clone();
    enqueue(tx, &Undo { import }, Due::Now).await.map(|_| ())
}
