//! `probity man`: the manual page, in the form that `man -l -` reads.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man;

use super::Cli;

/// Print the manual page; 'probity man VERB' prints that of one verb
#[derive(Debug, Args)]
pub(super) struct ManPage {
    /// A verb
    verb: Option<String>,
}

impl ManPage {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let mut whole = Cli::command();
        whole.build();
        let page = match &self.verb {
            None => whole,
            Some(verb) => {
                let found = whole.find_subcommand(verb);
                found
                    .cloned()
                    .ok_or_else(|| format!("there is no verb '{verb}'; see 'probity help'"))?
            }
        };
        Man::new(page).render(&mut io::stdout().lock())?;
        Ok(ExitCode::SUCCESS)
    }
}
