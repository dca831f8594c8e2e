//! The ledger: who did what, to what, when, from what to what; nothing of it can be changed
//! unseen.
//!
//! - An event is entered with [`record`] or [`record_event`], in the transaction of the change itself.
//!   A change of the installation's own tables goes into the installation's own log.
//! - [`checkpoint`] signs what a log is; [`checkpoint_all`] does so for every log and writes the notes to
//!   a folder. [`verifier_keys`] and [`change_key`] are about the keys.
//! - After a restore: [`open_epoch`] for each of [`logs`], then [`reapply_erasures`] with the
//!   [`ErasureList`], whose events are no part of what was kept. Before a backup: [`list_erasures`] and [`checkpoint_all`].
//! - [`erase`] drops what is held about a record and leaves the log whole.
//! - A feature gives a [`RecordKind`] for its records, so that the store can be held to the log;
//!   [`verify_all`] does so, and proves the logs.
//! - [`read`] enters that somebody looked at something sensitive.

mod checkpoint;
mod epoch;
mod erasure;
mod key;
mod kind;
mod log;
mod many;
mod read;
mod record;
#[cfg(test)]
mod tests;
mod verify;

pub use checkpoint::{
    Signed, checkpoint, checkpoint_all, file_name, keep_checkpoint, latest_checkpoint,
};
pub use epoch::{Opened, open_epoch};
pub use erasure::{Erasure, ErasureList, Listed, erase, list_erasures, reapply_erasures};
pub use key::{change_key, verifier_keys};
pub use kind::{After, Asked, PAGE, RecordKind, State};
pub use log::{installation_log, logs};
pub use many::{Coming, Prepared, prepare, record_prepared};
pub use read::{Reading, open_content, read};
pub use record::{Change, Content, LedgerError, Record, record, record_event};
pub use verify::{
    Differing, Fault, Kept, Told, Verified, keep_result, read_note, verify, verify_all,
};
