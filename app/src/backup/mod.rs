//! Backups: everything an installation holds, at one moment, in one sealed file that either engine can take back.
//!
//! [`make`] works while the program runs: it reads one snapshot and holds nobody up. [`restore`] replaces everything in
//! one transaction, or nothing; then it erases again what was erased since, and says in the ledger what was lost. Both need the master key; a backup is of no use to anybody without it.
//!
//! Not in a backup: sessions and links that work once ([`NOT_KEPT`]), the master key, and the list of erasures, which
//! must outlive every backup.

mod archive;
mod make;
mod restore;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

pub use archive::{Contents, Header};
pub use make::{Made, file_name, made_at, make};
pub use restore::{Checked, Epoch, Restored, check, restore};

use crate::attachments::Attachments;
use crate::audit::MailedError;
use crate::ledger::{ErasureList, LedgerError, RecordKind};
use crate::protection::ProtectionError;
use crate::store::StoreError;

/// Tables that are left out: whoever signs in after a restore does so anew, and a link that was used or withdrawn since
/// must not work again; nodes say themselves that they live.
const NOT_KEPT: &[&str] = &[
    "half_sign_in",
    "node",
    "session",
    "sign_in_link",
    "sign_in_try",
];

/// What an installation keeps beside its database.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The files of attachments, which are in a backup.
    pub attachments: Attachments,
    /// The list of erasures, which is in none.
    pub erasures: ErasureList,
    /// The folder into which checkpoints are written, which is in none.
    pub checkpoints: PathBuf,
    /// The addresses to which checkpoints are sent.
    pub mailed_to: Vec<String>,
    /// The kinds of record that are held to the ledger, and can be erased again.
    pub kinds: &'static [RecordKind],
}

/// A backup that cannot be made or taken back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file of that name.
    #[error("{} is already there. Give another name; a backup is never written over", .0.display())]
    Exists(PathBuf),
    /// The file cannot be read.
    #[error("{} cannot be read: {why}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The disk is full, or a folder may not be written.
    #[error(
        "{} could not be written: {why}. Nothing is left of it; what was there before is as it was",
        file.display()
    )]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The disk failed while reading or writing.
    #[error("the disk cannot be used: {0}")]
    Disk(#[from] io::Error),
    /// Some other file.
    #[error("this is not a backup of Probity")]
    NotABackup,
    /// The backup was altered or cut off.
    #[error("this backup is damaged or was cut off: {0}. Nothing was changed; take another one")]
    Damaged(String),
    /// Another version made it.
    #[error(
        "this backup was made by Probity {program}, whose schema differs from this version's. Install Probity {program}, \
         restore there, then upgrade"
    )]
    OtherVersion {
        /// The version that made it.
        program: String,
    },
    /// There is something here already.
    #[error(
        "there are records here already. Give --overwrite to replace all of them with the backup; nothing was changed"
    )]
    NotEmpty,
    /// The key of the backup cannot be had.
    #[error("the backup cannot be opened: {0}")]
    Protection(#[from] ProtectionError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The letters with the checkpoints could not be queued.
    #[error("the backup is whole, but the letters with its checkpoints could not be queued: {0}")]
    Mailed(#[from] MailedError),
    /// The ledger could not be signed, or its new epoch not be opened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
