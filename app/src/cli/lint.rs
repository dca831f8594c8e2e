//! `probity lint`: what a policy's owner should know.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use policy::lint::{Finding, Surroundings, Weight, lint};
use policy::vocabulary::Vocabulary;
use serde_json::json;

use super::sheet::{FAINT, RED, STRONG, Sheet, YELLOW, paint, print_json};
use super::{Format, PolicyFolder};
use crate::clock::Clock;

/// Look a policy over for its owner: clauses at odds, papers out of date, demands that the law does not support
#[derive(Debug, Args)]
pub(super) struct Lint {
    /// One policy only; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: Option<String>,

    /// The day to hold dates against, such as 2026-11-15; today where it is left out
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,

    /// A file that names, one a line, the roles that somebody holds here
    #[arg(long, value_name = "FILE")]
    roles: Option<PathBuf>,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

impl Lint {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let (library, carriers) = (policies.library(), policies.carriers());
        let vocabulary = library.vocabulary();
        let roles = self
            .roles
            .as_deref()
            .map(|path| roles(path, vocabulary))
            .transpose()?;
        let surroundings = Surroundings {
            today: self.today.unwrap_or_else(|| Clock::system().today()),
            law: library.law(),
            carriers: &carriers,
            roles_held: roles.as_ref(),
        };
        let tables = super::tables(&library, self.policy.as_deref())?;
        let found: Vec<(&str, Vec<Finding<'_>>)> = tables
            .into_iter()
            .map(|table| {
                (
                    table.policy().id.as_str(),
                    lint(table, vocabulary, &surroundings),
                )
            })
            .collect();
        match self.format {
            Format::Json => {
                let each = |(policy, findings)| json!({ "policy": policy, "findings": findings });
                print_json(&found.into_iter().map(each).collect::<Vec<_>>())?;
            }
            Format::Text => tell(&found)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The roles of a file: one a line, `#` begins a comment.
fn roles(path: &Path, vocabulary: &Vocabulary) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|e| format!("cannot read {shown}: {e}"))?;
    let mut roles = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        let role = line.split('#').next().unwrap_or_default().trim();
        if role.is_empty() {
            continue;
        }
        if vocabulary.role(role).is_none() {
            let known: Vec<&str> = vocabulary.roles().iter().map(|r| r.id.as_str()).collect();
            let line = at + 1;
            let known = known.join(", ");
            return Err(format!(
                "{shown}:{line}: there is no role '{role}'; the roles are {known}"
            )
            .into());
        }
        roles.insert(role.to_owned());
    }
    Ok(roles)
}

fn tell(found: &[(&str, Vec<Finding<'_>>)]) -> io::Result<()> {
    let mut sheet = Sheet::new();
    for (policy, findings) in found {
        sheet.heading(policy)?;
        if findings.is_empty() {
            sheet.text(2, "Nothing was found.")?;
        }
        for finding in findings {
            let weight = match finding.weight {
                Weight::Mend => paint(RED, "mend"),
                Weight::Consider => paint(YELLOW, "consider"),
                Weight::Know => paint(FAINT, "know"),
            };
            let clauses = listed(finding);
            sheet.hanging(
                2,
                4,
                &format!("{weight} {}{}", paint(STRONG, &clauses), finding.says),
            )?;
            sheet.text(4, &paint(FAINT, &finding.advice))?;
        }
    }
    Ok(())
}

/// The clauses as they are printed, each once; the rest of a long list is counted.
fn listed(finding: &Finding<'_>) -> String {
    const LISTED_AT_MOST: usize = 6;
    let mut names: Vec<&str> = Vec::new();
    for clause in &finding.clauses {
        if !names.contains(&clause.printed) {
            names.push(clause.printed);
        }
    }
    let more = names.len().saturating_sub(LISTED_AT_MOST);
    names.truncate(LISTED_AT_MOST);
    match (names.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!("{}: ", names.join(", ")),
        (false, more) => format!("{} and {more} more: ", names.join(", ")),
    }
}
