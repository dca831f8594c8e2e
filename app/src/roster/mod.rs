//! Rosters: imported with a preview, one confirmation, all or nothing, and undone in one step.
//!
//! What is handed in is kept sealed in pieces ([`parts`]), compared with what is here ([`plan`]), and
//! kept as changes for the preview ([`stage`]); the confirmation carries them out in one short
//! transaction ([`apply`]). Nothing but the last step touches a record.

mod apply;
mod forget;
mod import;
mod jobs;
mod merges;
mod pages;
mod parts;
mod plan;
mod rows;
mod stage;
mod take_in;
#[cfg(test)]
mod tests;
mod undo;

pub use apply::{adds_schools, apply, confirm, may_add_schools};
pub(crate) use forget::forget;
pub use import::{Detail, Import, ImportId, Mode, State, Wrong, cancel, find, latest};
pub(crate) use jobs::kinds;
pub use merges::{Matched, decide, merges};
pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{ChangesPage, ColumnsPage, ImportPage, SamePeoplePage, StartPage, UndoPage};
pub use plan::{Happening, Merge};
pub use stage::{Counts, counts, stage};
pub use take_in::{Taken, Work, files_of, map, remembered, take_in};
/// Where the files are sent: larger than what is taken elsewhere.
pub(crate) const UPLOAD_PATH: &str = "/roster";

pub use undo::{ask_to_undo, hindered, undo};

use crate::authority::Denied;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::pupils::PupilsError;
use crate::schools::SchoolsError;
use crate::store::{KeyError, StoreError};

/// Why something with a roster was not done.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The trust cannot be read.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
    /// Pupils cannot be read.
    #[error(transparent)]
    Pupils(#[from] PupilsError),
    /// The work could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A key cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Sealing or opening failed.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// Something that was kept cannot be read.
    #[error("what was kept of the import cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// The right does not reach that far.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The roster itself is wrong.
    #[error(transparent)]
    Roster(#[from] roster::RosterErrors),
    /// The step was not taken, and the text says why.
    #[error("{0}")]
    Refused(String),
    /// What was handed in is not kept any more.
    #[error("this import is over; hand the files in again")]
    Gone,
    /// The program is shutting down.
    #[error("the program was stopped before this was done")]
    Stopped,
}
