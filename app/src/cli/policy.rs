//! `probity policy`: the policies in force, one of them clause by clause, and whether a policy file is sound.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use policy::law::Law;
use policy::policy_file::Policy;
use policy::source::Source;

use super::PolicyFolder;
use super::show::Show;
use crate::policies::is_law;

/// List policies, show one, or check a policy file
#[derive(Debug, Args)]
pub(super) struct PolicyVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the policies in force
    List {
        #[command(flatten)]
        folder: PolicyFolder,
    },
    Show(Show),
    /// Check a policy file, or the law file, and print every fault
    Check {
        /// The file
        file: PathBuf,
    },
}

impl PolicyVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        match self.verb {
            Verb::List { folder } => {
                for table in folder.load()?.library().tables() {
                    let policy = table.policy();
                    println!(
                        "{:<12} {} ({} clauses)",
                        policy.id,
                        policy.organisation,
                        policy.clauses.len()
                    );
                }
                Ok(ExitCode::SUCCESS)
            }
            Verb::Show(show) => show.run(),
            Verb::Check { file } => check(&file),
        }
    }
}

fn check(file: &std::path::Path) -> Result<ExitCode, Box<dyn Error>> {
    let text =
        fs::read_to_string(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    let vocabulary = crate::policies::vocabulary()?;
    let name = file.display().to_string();
    let source = Source::new(&name, &text);
    let sound = if is_law(&name) {
        Law::load(source, &vocabulary)
            .map(|law| format!("{} statements of the law", law.requirements.len()))
    } else {
        Policy::load(source, &vocabulary).map(|policy| {
            let rules: usize = policy.clauses.iter().map(|c| c.rules.len()).sum();
            format!("{} clauses, {rules} rules", policy.clauses.len())
        })
    };
    match sound {
        Ok(what) => {
            println!("{name} is sound: {what}.");
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            eprintln!("{faults}");
            Ok(ExitCode::FAILURE)
        }
    }
}
