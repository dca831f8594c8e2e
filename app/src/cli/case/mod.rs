//! `probity case`: cases on the command line, for the operator of the machine. Whoever is named with `--as` sees and may
//! do what they may on the site, and no more; the ledger says that the command line acted for them.

pub(super) mod desk;
mod export;
mod import;
mod list;
mod open;
mod show;
mod step;

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Work with cases: list, show, open, take steps, export and import
#[derive(Debug, Args)]
pub(super) struct CaseVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(list::List),
    Show(show::Show),
    Open(open::Open),
    Step(step::Step),
    Export(export::Export),
    Import(import::Import),
}

impl CaseVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self.verb {
                Verb::List(verb) => verb.run().await,
                Verb::Show(verb) => verb.run().await,
                Verb::Open(verb) => verb.run().await,
                Verb::Step(verb) => verb.run().await,
                Verb::Export(verb) => verb.run().await,
                Verb::Import(verb) => verb.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
