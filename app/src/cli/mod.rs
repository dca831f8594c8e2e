//! The command line: one verb a file. A verb parses its own arguments and runs itself.

mod decide;
mod policy;
mod serve;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::policies::{Policies, PoliciesError};

/// Carries out a school's social media policy.
#[derive(Debug, Parser)]
#[command(name = "probity", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Decide(decide::Decide),
    Policy(policy::PolicyVerb),
    Serve(serve::Serve),
}

impl Cli {
    /// Does what the verb says. The exit code is the verb's own answer; an error is one the person
    /// at the terminal can read and mend.
    pub fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        match self.verb {
            Verb::Decide(decide) => decide.run(),
            Verb::Policy(policy) => policy.run(),
            Verb::Serve(serve) => serve.run(),
        }
    }
}

/// How a verb prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    #[default]
    Json,
}

/// Where policies come from.
#[derive(Debug, Args)]
pub(crate) struct PolicyFolder {
    /// A folder of your own policy files, loaded over those built in
    #[arg(long = "policies", env = "PROBITY_POLICIES", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl PolicyFolder {
    fn load(self) -> Result<Policies, PoliciesError> {
        Policies::load(self.folder)
    }
}
