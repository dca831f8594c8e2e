//! `probity policy show`: a policy clause by clause.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::Args;
use policy::coverage::{Coverage, Norm, State, coverage, mechanism_says};
use policy::policy_file::{Policy, is_under};
use serde_json::json;

use super::sheet::{FAINT, GREEN, STRONG, Sheet, YELLOW, paint, print_json};
use super::{Format, PolicyFolder};

/// Show a policy clause by clause, with what carries each clause out
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The policy; see 'probity policy list'
    id: String,

    /// Only this clause and those under it, as printed or by its finer address
    #[arg(long, value_name = "REF")]
    clause: Option<String>,

    /// Only clauses that hold all of these words
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

impl Show {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let (library, carriers) = (policies.library(), policies.carriers());
        let table = super::table(&library, &self.id)?;
        let mut covered = coverage(table, library.vocabulary(), &carriers);
        if let Some(reference) = &self.clause {
            covered
                .clauses
                .retain(|norm| is_under(norm.reference, reference) || norm.printed == reference);
            if covered.clauses.is_empty() {
                return Err(format!("{} has no clause '{reference}'", self.id).into());
            }
        }
        if let Some(words) = &self.search {
            covered.clauses.retain(|norm| holds(norm, words));
        }
        match self.format {
            Format::Json => {
                let policy = table.policy();
                let (title, organisation) = (&policy.title, &policy.organisation);
                let clauses = &covered.clauses;
                let (facts, contacts, cites) = (&policy.facts, &policy.contacts, &policy.cites);
                print_json(&json!({
                    "id": policy.id, "title": title, "organisation": organisation, "hash": policy.hash,
                    "facts": facts, "contacts": contacts, "cites": cites, "clauses": clauses,
                }))?;
            }
            Format::Text => tell(table.policy(), &covered)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Whether the clause holds every word, in whatever case.
fn holds(norm: &Norm<'_>, words: &str) -> bool {
    let text = format!("{} {} {}", norm.printed, norm.heading, norm.says).to_lowercase();
    words
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

fn tell(policy: &Policy, coverage: &Coverage<'_>) -> io::Result<()> {
    let mut sheet = Sheet::new();
    sheet.line(&paint(
        STRONG,
        &format!("{}: {}", policy.organisation, policy.title),
    ))?;
    if let Some(version) = policy.version() {
        sheet.line(&format!("version {version}"))?;
    }
    let mut heading = "";
    for norm in &coverage.clauses {
        if norm.heading != heading {
            heading = norm.heading;
            sheet.heading(heading)?;
        }
        sheet.hanging(
            2,
            4,
            &format!("{} {}", paint(STRONG, norm.printed), norm.says),
        )?;
        let style = match norm.state {
            State::CarriedOut => GREEN,
            State::InPart => YELLOW,
            State::NotBuiltYet => FAINT,
        };
        let each: Vec<String> = norm
            .mechanisms
            .iter()
            .map(|m| mechanism_says(m.name))
            .collect();
        let state = paint(style, norm.state.says());
        sheet.hanging(4, 6, &format!("{state}: {}", each.join(", ")))?;
    }
    if coverage.clauses.is_empty() {
        sheet.text(2, "No clause holds these words.")?;
    }
    Ok(())
}
