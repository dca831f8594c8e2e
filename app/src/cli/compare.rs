//! `probity compare`: where two policies part company.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::Args;
use policy::compare::{
    self, ClauseSays, Comparison, Example, Group, Matter, Proof, ProofLimits, Row,
};
use policy::words::Condition;
use serde::Serialize;

use super::sheet::{FAINT, STRONG, Sheet, headline_style, paint, print_json};
use super::{Format, PolicyFolder};

/// How many pairs of a group are shown without `--all`.
const PAIRS_SHOWN: usize = 3;
/// How many ways for a pair to hold are told without `--all`.
const WAYS_TOLD: usize = 1;

/// Show where two policies, or two versions of one, part company
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The first policy; see 'probity policy list'
    a: String,

    /// The second policy
    b: String,

    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Show every pair of clauses, those in situations that nobody would describe among them
    #[arg(long)]
    all: bool,

    /// Add the widest descriptions of all situations that differ
    #[arg(long)]
    proof: bool,

    /// The most descriptions to look for
    #[arg(long, value_name = "N", default_value_t = ProofLimits::default().descriptions)]
    proof_limit: usize,

    #[command(flatten)]
    folder: PolicyFolder,
}

impl Compare {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let library = policies.library();
        let vocabulary = library.vocabulary();
        let (a, b) = (
            super::table(&library, &self.a)?,
            super::table(&library, &self.b)?,
        );
        let comparison = compare::compare(a, b, vocabulary);
        let limits = ProofLimits {
            descriptions: self.proof_limit,
            ..ProofLimits::default()
        };
        let proof = self.proof.then(|| compare::proof(a, b, vocabulary, limits));
        match self.format {
            Format::Json => print_json(&Whole { comparison, proof })?,
            Format::Text => Teller::new(&comparison, self.all).tell(proof.as_ref())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What is printed for programs.
#[derive(Serialize)]
struct Whole<'c> {
    #[serde(flatten)]
    comparison: Comparison<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Proof<'c>>,
}

struct Teller<'c> {
    sheet: Sheet,
    comparison: &'c Comparison<'c>,
    all: bool,
}

impl<'c> Teller<'c> {
    fn new(comparison: &'c Comparison<'c>, all: bool) -> Self {
        let sheet = Sheet::new();
        Self {
            sheet,
            comparison,
            all,
        }
    }

    fn tell(mut self, proof: Option<&Proof<'_>>) -> io::Result<()> {
        let Comparison {
            a,
            b,
            pairs,
            groups,
        } = self.comparison;
        let everyday = groups
            .iter()
            .flat_map(|g| &g.rows)
            .filter(|row| row.everyday)
            .count();
        let summary = match pairs {
            0 => format!("{} and {} never differ.", a.short, b.short),
            _ => format!(
                "{} and {} differ by {pairs} pairs of clauses, {everyday} of them in situations that people would describe.",
                a.short, b.short
            ),
        };
        self.sheet.text(0, &summary)?;
        let mut matter = None;
        for group in groups {
            if matter != Some(group.matter)
                && (self.all || group.rows.iter().any(|row| row.everyday))
            {
                self.sheet.heading(matter_says(group.matter))?;
                matter = Some(group.matter);
            }
            self.group(group)?;
        }
        proof.map_or(Ok(()), |proof| self.proof(proof))
    }

    fn group(&mut self, group: &Group<'_>) -> io::Result<()> {
        let shown: Vec<&Row<'_>> = group
            .rows
            .iter()
            .filter(|row| self.all || row.everyday)
            .collect();
        if shown.is_empty() {
            return Ok(());
        }
        let (a, b) = (&self.comparison.a, &self.comparison.b);
        let word = |short: &str, word: &compare::Word| {
            format!(
                "{short}: {}",
                paint(headline_style(&word.headline), word.says)
            )
        };
        self.sheet.line("")?;
        self.sheet.text(
            2,
            &format!("{}; {}", word(a.short, &group.a), word(b.short, &group.b)),
        )?;
        let most = if self.all { shown.len() } else { PAIRS_SHOWN };
        for row in shown.iter().take(most) {
            self.row(row)?;
        }
        let more = shown.len().saturating_sub(most);
        if more > 0 {
            self.sheet.text(
                4,
                &paint(FAINT, &format!("and {more} more; --all shows every pair")),
            )?;
        }
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.sheet.line("")?;
        self.clause(self.comparison.a.short, row.a.as_ref())?;
        self.clause(self.comparison.b.short, row.b.as_ref())?;
        let ways = if self.all { row.when.len() } else { WAYS_TOLD };
        for way in row.when.iter().take(ways) {
            self.sheet
                .hanging(6, 8, &format!("where {}", listed(way)))?;
        }
        let more = match row.when.len().saturating_sub(ways) {
            0 => String::new(),
            1 => "or in another way".to_owned(),
            more => format!("or in {more} other ways"),
        };
        if !more.is_empty() {
            self.sheet.text(6, &paint(FAINT, &more))?;
        }
        if row.in_part {
            self.sheet
                .text(6, &paint(FAINT, "unless a stricter clause speaks too"))?;
        }
        self.example(6, &row.example)
    }

    fn clause(&mut self, short: &str, clause: Option<&ClauseSays<'_>>) -> io::Result<()> {
        let told = match clause {
            Some(clause) => format!(
                "{} {}",
                paint(STRONG, &format!("{short} {}", clause.printed)),
                clause.says
            ),
            None => paint(FAINT, &format!("{short} says nothing on it")),
        };
        self.sheet.hanging(4, 6, &told)
    }

    fn example(&mut self, indent: usize, example: &Example<'_>) -> io::Result<()> {
        let facts = listed(&example.says);
        let facts = if facts.is_empty() {
            "everything is as usual".to_owned()
        } else {
            facts
        };
        let (a, b) = (example.a.join(" + "), example.b.join(" + "));
        let (one, other) = (self.comparison.a.short, self.comparison.b.short);
        self.sheet.hanging(
            indent,
            indent + 2,
            &format!("for example {facts} -> {one} {a}, {other} {b}"),
        )
    }

    fn proof(&mut self, proof: &Proof<'_>) -> io::Result<()> {
        self.sheet.heading("All situations that differ")?;
        let count = proof.descriptions.len();
        let told = if proof.complete {
            format!(
                "These {count} descriptions hold every situation in which the headlines differ, and no other."
            )
        } else {
            format!(
                "A limit was met: these {count} descriptions are right, but they do not hold every situation, or could be wider. --proof-limit raises it."
            )
        };
        self.sheet.text(2, &told)?;
        for description in &proof.descriptions {
            self.sheet.line("")?;
            self.sheet.hanging(4, 6, &listed(&description.when))?;
            self.example(6, &description.example)?;
        }
        Ok(())
    }
}

fn listed(conditions: &[Condition<'_>]) -> String {
    let each: Vec<&str> = conditions.iter().map(|c| c.says.as_str()).collect();
    each.join("; ")
}

fn matter_says(matter: Matter) -> &'static str {
    match matter {
        Matter::Standing => "Whether it may be done",
        Matter::Report => "Whether to report it or ask first",
        Matter::Declare => "Whether to declare it beforehand",
    }
}
