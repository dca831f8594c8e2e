//! `probity explain`: why a policy decides as it does, and what would change it.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use policy::explain::{Explanation, explain};
use policy::situation::Given;
use serde::Serialize;

use super::answer::{self, Detail};
use super::sheet::{Sheet, print_json};
use super::{Format, PolicyFolder, given};

/// Explain a decision: the clauses and what they matched, what comes near, what would change it
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The policy to decide by; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: String,

    /// The situation as JSON: {"attribute": "value", "yes-no attribute": true}; what is left out is neutral
    #[arg(long, value_name = "JSON")]
    given: String,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

/// What programs read.
#[derive(Serialize)]
struct Explained<'e> {
    #[serde(flatten)]
    explanation: &'e Explanation<'e>,
    /// The requirements of law that bear on the situation, by id.
    law: Vec<&'e str>,
}

impl Explain {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let library = policies.library();
        let vocabulary = library.vocabulary();
        let table = super::table(&library, &self.policy)?;
        let known: Given = given(vocabulary, &self.given)?.completed(vocabulary)?;
        let situation = known
            .situation(vocabulary)
            .ok_or("a list leaves open which situation it is: give one value for each attribute")?;
        let assumed = known.assumed(vocabulary);
        let explanation = explain(table, vocabulary, &situation, &assumed);
        match self.format {
            Format::Json => {
                let nation = &table.policy().nation;
                let law = library.law().bearing_on(nation, &situation);
                print_json(&Explained {
                    explanation: &explanation,
                    law: law.map(|requirement| requirement.id.as_str()).collect(),
                })?;
            }
            Format::Text => {
                let mut sheet = Sheet::new();
                let detail = Detail::Grounds;
                answer::print(
                    &mut sheet,
                    &library,
                    table,
                    &situation,
                    &explanation,
                    detail,
                )?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
