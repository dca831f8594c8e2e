//! `probity coverage`: what carries each clause out.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::Args;
use policy::coverage::{Count, Coverage, State, coverage, mechanism_says};

use super::sheet::{FAINT, GREEN, STRONG, Sheet, YELLOW, paint, print_json};
use super::{Format, PolicyFolder};

/// Say what carries each clause out, and what is not built yet
#[derive(Debug, Args)]
pub(super) struct CoverageVerb {
    /// One policy only; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: Option<String>,

    /// List each clause that is not carried out, or only in part
    #[arg(long)]
    missing: bool,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

impl CoverageVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let (library, carriers) = (policies.library(), policies.carriers());
        let tables = super::tables(&library, self.policy.as_deref())?;
        let coverages: Vec<Coverage<'_>> = tables
            .into_iter()
            .map(|table| coverage(table, library.vocabulary(), &carriers))
            .map(|coverage| {
                if self.missing {
                    missing(coverage)
                } else {
                    coverage
                }
            })
            .collect();
        match self.format {
            Format::Json => print_json(&coverages)?,
            Format::Text => tell(&coverages, self.missing)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Without the clauses that are carried out; the counts stay.
fn missing(mut coverage: Coverage<'_>) -> Coverage<'_> {
    coverage
        .clauses
        .retain(|norm| norm.state != State::CarriedOut);
    coverage
}

fn tell(coverages: &[Coverage<'_>], missing: bool) -> io::Result<()> {
    let mut sheet = Sheet::new();
    let head = format!(
        "{:<12} {:>7} {:>11} {:>8} {:>14}",
        "policy", "clauses", "carried out", "in part", "not built yet"
    );
    sheet.line(&paint(STRONG, &head))?;
    let row = |name: &str, counts: [usize; 4]| {
        let [norms, carried_out, in_part, not_built_yet] = counts;
        format!("{name:<12} {norms:>7} {carried_out:>11} {in_part:>8} {not_built_yet:>14}")
    };
    let mut sum = [0; 4];
    for coverage in coverages {
        let counts = [
            coverage.norms,
            coverage.carried_out,
            coverage.in_part,
            coverage.not_built_yet,
        ];
        sum.iter_mut()
            .zip(counts)
            .for_each(|(sum, count)| *sum += count);
        sheet.line(&row(coverage.policy, counts))?;
    }
    if coverages.len() > 1 {
        sheet.line(&paint(STRONG, &row("all", sum)))?;
    }
    mechanisms(&mut sheet, coverages)?;
    if missing {
        for coverage in coverages {
            list(&mut sheet, coverage)?;
        }
    }
    Ok(())
}

/// How many clauses each mechanism carries out, over all policies.
fn mechanisms(sheet: &mut Sheet, coverages: &[Coverage<'_>]) -> io::Result<()> {
    let mut sums: BTreeMap<&str, Count> = BTreeMap::new();
    for (name, count) in coverages.iter().flat_map(|coverage| &coverage.mechanisms) {
        let sum = sums.entry(name).or_default();
        sum.norms += count.norms;
        sum.carried_out += count.carried_out;
    }
    sheet.heading("By mechanism")?;
    for (name, count) in sums {
        let state = match count.carried_out {
            0 => paint(FAINT, "not built yet"),
            all if all == count.norms => paint(GREEN, "carried out"),
            some => paint(YELLOW, &format!("carries out {some} of them")),
        };
        sheet.line(&format!(
            "{:>5} {:<36} {state}",
            count.norms,
            mechanism_says(name)
        ))?;
    }
    Ok(())
}

fn list(sheet: &mut Sheet, coverage: &Coverage<'_>) -> io::Result<()> {
    sheet.heading(coverage.policy)?;
    for norm in &coverage.clauses {
        let idle = norm.mechanisms.iter().filter(|m| m.by.is_empty());
        let idle: Vec<String> = idle.map(|m| mechanism_says(m.name)).collect();
        let (printed, state) = (paint(STRONG, norm.printed), norm.state.says());
        let told = format!("{printed} {} {}", norm.says, paint(YELLOW, state));
        sheet.hanging(2, 4, &told)?;
        sheet.hanging(
            4,
            6,
            &paint(FAINT, &format!("not built yet: {}", idle.join(", "))),
        )?;
    }
    Ok(())
}
