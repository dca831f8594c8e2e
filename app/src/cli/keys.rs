//! `probity keys`: which master keys are in use, and changing them while the server runs.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::installation::{self, Installation};
use crate::keys;
use crate::store::Store;

/// Show the master keys, or change to a new one while the server runs
#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    step: Step,

    #[command(flatten)]
    installation: Installation,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Say which master keys are at hand and how many records need each
    Status,
    /// Put a new master key first in the key file, and go no further: where several machines
    /// serve, copy the file to each of them before 'probity keys rotate'
    Add,
    /// Change to a new master key: make one unless a new one is waiting already, then wrap every
    /// record's key with it. May be run again if it was cut off
    Rotate,
}

impl Keys {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let store = installation::open_existing(&self.installation.settings()?).await?;
            let done = match self.step {
                Step::Status => status(&store).await,
                Step::Add => add(&store),
                Step::Rotate => rotate(&store).await,
            };
            store.close().await;
            done
        })
    }
}

/// Ends with 1 where a key is missing.
async fn status(store: &Store) -> Result<ExitCode, Box<dyn Error>> {
    let uses = keys::status(store).await?;
    for one in &uses {
        let records = match one.records {
            1 => "1 record".to_owned(),
            more => format!("{more} records"),
        };
        let key = &one.key;
        match (one.at_hand, one.current, one.records) {
            (false, ..) => println!(
                "{key}  MISSING  {records}: they cannot be read. Put this key back below the others"
            ),
            (true, true, _) => println!("{key}  current  {records}"),
            (true, false, 0) => {
                println!(
                    "{key}  older    not needed here any more; keep it for backups made with it"
                );
            }
            (true, false, _) => {
                println!("{key}  older    {records}: 'probity keys rotate' wraps them anew")
            }
        }
    }
    Ok(match uses.iter().all(|one| one.at_hand) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn add(store: &Store) -> Result<ExitCode, Box<dyn Error>> {
    let key = keys::add(store)?;
    println!(
        "Added {key}. Copy the key file to every machine that serves this installation, then run 'probity keys rotate'."
    );
    println!("Keep a copy of the key file apart from the backups.");
    Ok(ExitCode::SUCCESS)
}

async fn rotate(store: &Store) -> Result<ExitCode, Box<dyn Error>> {
    let uses = keys::status(store).await?;
    let waiting = uses.iter().any(|one| !one.current && one.records > 0);
    if !waiting {
        let key = keys::add(store)?;
        println!("Made master key {key} and put it first in the key file.");
    }
    let count = keys::rewrap(store).await?;
    println!(
        "Wrapped {count} keys of records with {}.",
        store.keyring().current()
    );
    println!(
        "Keep a copy of the key file apart from the backups; older backups need the older key."
    );
    Ok(ExitCode::SUCCESS)
}
