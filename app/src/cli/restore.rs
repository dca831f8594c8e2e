//! `probity restore`: everything back from a backup.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::backup::in_words;
use super::installation::{self, Installation};
use crate::backup::{self, Checked};
use crate::protection::Keyring;
use crate::settings::Settings;

/// Replace everything that is held here with a backup; stop the server first
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,

    /// Replace the records that are here already
    #[arg(long)]
    overwrite: bool,

    /// Read the backup to its end, say what is in it, and change nothing
    #[arg(long, conflicts_with = "overwrite")]
    check: bool,

    #[command(flatten)]
    installation: Installation,
}

impl Restore {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        // Read before anything is made here: a new key could not open the backup.
        let keyring = Keyring::load(&settings.master_key_source()).map_err(|error| {
            format!("{error}. A backup opens only with the master key it was made with: put that key there first")
        })?;
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let Checked { header, contents } = backup::check(&self.file, &keyring).await?;
            let file = self.file.display();
            println!(
                "{file} is whole: {}, as of {}.",
                in_words(&contents),
                header.made_at.strftime("%-d %B %Y, %H:%M UTC")
            );
            match self.check {
                true => Ok(ExitCode::SUCCESS),
                false => self.replace(&settings).await,
            }
        })
    }

    async fn replace(&self, settings: &Settings) -> Result<ExitCode, Box<dyn Error>> {
        let store = installation::open(settings).await?;
        let beside = installation::beside(settings);
        let restored = backup::restore(&store, &beside, &self.file, self.overwrite).await;
        store.close().await;
        let restored = restored?;
        for epoch in &restored.epochs {
            let lost = match epoch.lost {
                0 => "no event is known to be lost".to_owned(),
                1 => "1 event is lost".to_owned(),
                more => format!("{more} events are lost"),
            };
            println!(
                "The ledger of {} goes on in epoch {}: {lost}.",
                epoch.log, epoch.number
            );
            if epoch.unverified > 0 {
                eprintln!(
                    "warning: {} checkpoints of {} could not be verified",
                    epoch.unverified, epoch.log
                );
            }
        }
        match restored.erased {
            0 => {}
            1 => println!("1 record that was erased since was erased again."),
            more => println!("{more} records that were erased since were erased again."),
        }
        for missing in &restored.contents.missing {
            eprintln!(
                "warning: the file of attachment {missing} was missing when the backup was made"
            );
        }
        let mut faults = restored
            .verified
            .iter()
            .flat_map(|log| &log.faults)
            .peekable();
        if faults.peek().is_some() {
            eprintln!(
                "The records are back, and the ledger does not hold them to be as they were recorded:"
            );
            for fault in faults {
                eprintln!("  {fault}. {}", fault.advice());
            }
            return Ok(ExitCode::FAILURE);
        }
        println!(
            "Everything is back, and the ledger proves it. Whoever was signed in signs in anew. Start the server again."
        );
        Ok(ExitCode::SUCCESS)
    }
}
