//! What a policy's owner should know: rules that do nothing, clauses at odds, papers out of date, demands that the law
//! does not support. Each finding names its clauses and says what to do.

mod control;
mod duties;
mod rules;
mod silence;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::coverage::Carriers;
use crate::law::Law;
use crate::policy_file::{Clause, ClauseIndex, Policy};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

pub use silence::{Silence, silence};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// The law does not support what a clause asks.
    LawDoesNotSupport,
    /// A work is cited in an edition that a newer one has replaced.
    EditionOutOfDate,
    /// The review date has passed.
    ReviewOverdue,
    /// Two clauses say differently when the policy is reviewed.
    ReviewPeriodsDiffer,
    /// The paper calls itself a draft.
    Draft,
    /// The space for a signature or an approval is empty.
    Unsigned,
    /// One clause permits what another forbids throughout, and neither lifts the other.
    Opposing,
    /// A rule decides in no possible situation.
    NeverDecides,
    /// Two clauses send the same report to different people.
    TwoAddresses,
    /// Two clauses put the same duty with different strength.
    StrengthsDiffer,
    /// A duty, a grant or a contact goes to a role that nobody holds.
    RoleNobodyHolds,
    /// Nothing carries the clause out.
    NotCarriedOut,
    /// The policy says nothing at all on something that people do.
    SaysNothing,
    /// A rule says only what another clause says too.
    SaysAgain,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Something is wrong: mend it.
    Mend,
    /// It may be meant so: look at it.
    Consider,
    /// Good to know; nothing has to be done.
    Know,
}

/// A clause that a finding names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Named<'t> {
    /// The finer address.
    #[serde(rename = "ref")]
    pub reference: &'t str,
    /// What people see printed.
    pub printed: &'t str,
}

/// One thing that the owner should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding<'t> {
    /// How much it matters.
    pub weight: Weight,
    /// What it is about.
    pub kind: FindingKind,
    /// The clauses that it is about, the one to change first.
    pub clauses: Vec<Named<'t>>,
    /// The line of the policy file, where it is about one rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was found, in whole sentences.
    pub says: String,
    /// What to do about it.
    pub advice: String,
}

/// What a policy is held against.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'s> {
    /// The day.
    pub today: Date,
    /// The law, with the editions in force.
    pub law: &'s Law,
    /// The mechanisms that the running program has besides deciding, as for [`crate::coverage::coverage`].
    pub carriers: &'s Carriers,
    /// The roles that somebody holds, by name; `None` where it is not known.
    pub roles_held: Option<&'s BTreeSet<String>>,
}

/// Looks a policy over; what matters most comes first.
#[must_use]
pub fn lint<'t>(
    table: &'t Table,
    vocabulary: &'t Vocabulary,
    surroundings: &Surroundings<'_>,
) -> Vec<Finding<'t>> {
    let mut findings = control::findings(table.policy(), vocabulary, surroundings);
    findings.extend(control::not_carried_out(
        table,
        vocabulary,
        surroundings.carriers,
    ));
    findings.extend(rules::findings(table, vocabulary));
    findings.extend(duties::findings(table, vocabulary));
    findings.extend(silence::finding(table, vocabulary));
    findings.sort_by_key(|finding| (finding.weight, finding.kind));
    findings
}

impl<'t> Named<'t> {
    fn of(clause: &'t Clause) -> Self {
        Self {
            reference: &clause.reference,
            printed: &clause.printed,
        }
    }

    fn at(policy: &'t Policy, clauses: impl IntoIterator<Item = ClauseIndex>) -> Vec<Self> {
        let found = clauses.into_iter().filter_map(|at| policy.clauses.get(at));
        found.map(Self::of).collect()
    }
}

/// The clauses as they are printed, each once: `8.3, 9.1 and 4 more`.
fn printed(clauses: &[Named<'_>]) -> String {
    const NAMED_AT_MOST: usize = 4;
    let mut names: Vec<&str> = Vec::new();
    for clause in clauses {
        if !names.contains(&clause.printed) {
            names.push(clause.printed);
        }
    }
    if names.len() > NAMED_AT_MOST + 1 {
        let more = names.len() - NAMED_AT_MOST;
        let first: Vec<&str> = names.into_iter().take(NAMED_AT_MOST).collect();
        return format!("{} and {more} more", first.join(", "));
    }
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}
