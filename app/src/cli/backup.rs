//! `probity backup`: everything in one sealed file, while the server runs.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::installation::{self, Installation};
use crate::backup::{self, Contents, file_name};

/// Write everything that is held here into one encrypted file; the server may go on running
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write, or a folder in which it gets a name by the time
    to: PathBuf,

    #[command(flatten)]
    installation: Installation,
}

impl Backup {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let store = installation::open_existing(&settings).await?;
            let file = match self.to.is_dir() {
                true => self.to.join(file_name(store.clock().now())),
                false => self.to,
            };
            let made = backup::make(&store, &installation::beside(&settings), &file).await;
            let key = store.keyring().current();
            store.close().await;
            let made = made?;
            println!("Wrote {}: {}, {} bytes.", made.file.display(), in_words(&made.contents), made.bytes);
            println!("It opens with master key {key} only. Keep a copy of that key, apart from the backups.");
            for missing in &made.contents.missing {
                eprintln!("warning: the file of attachment {missing} is missing from the data folder");
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// `12 records and 1 file`.
pub(super) fn in_words(contents: &Contents) -> String {
    let records = match contents.all_rows() {
        1 => "1 record".to_owned(),
        more => format!("{more} records"),
    };
    match contents.files {
        0 => records,
        1 => format!("{records} and 1 file"),
        more => format!("{records} and {more} files"),
    }
}
