//! The command line: one verb a file. A verb parses its own arguments and runs itself.

mod serve;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Carries out a school's social media policy.
#[derive(Debug, Parser)]
#[command(name = "probity", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Serve),
}

impl Cli {
    /// Does what the verb says. The exit code is the verb's own answer; an error is one the person
    /// at the terminal can read and mend.
    pub fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        match self.verb {
            Verb::Serve(serve) => serve.run(),
        }
    }
}
