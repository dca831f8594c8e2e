//! What carries each clause out: counted from live references, never from good intentions.

mod governance;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::policy_file::{Clause, ClauseIndex, RuleEffect};
use crate::space::Space;
use crate::table::{Row, RowKind, Table};
use crate::vocabulary::Vocabulary;

pub use governance::CONTROL_PAGE;

/// The mechanism of rules that decide.
const DECIDE: &str = "decide";
/// The mechanism of what is shown beside answers.
const NOTICE: &str = "notice";
/// The mechanism of document control.
const GOVERNANCE: &str = "governance";
/// The mechanism of draft screening.
const SCREEN: &str = "screen";
/// Before the kind of a register.
const REGISTER: &str = "register:";

/// What the running program has to carry clauses out with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carriers {
    /// Its registers, as policies name them: `register:incident`.
    pub registers: BTreeSet<String>,
    /// The clauses that the files of its registers answer for: policy, reference.
    pub clauses: BTreeSet<(String, String)>,
    /// The addresses of its pages as routes write them: `/retention`, `/policies/{policy}/control`.
    pub pages: BTreeSet<String>,
}

/// What refers to a clause and so carries it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// A rule that gives a standing or a duty.
    Rule,
    /// A scope clause: whom the policy covers.
    Scope,
    /// A rule that brings the clause near an answer.
    Near,
    /// A rule that shows the clause as something to keep in mind.
    Notice,
    /// A fact of document control.
    Fact,
    /// Somebody whom the clause names.
    Contact,
    /// A work that the clause cites.
    Citation,
    /// The clause says what the policy is for.
    Aim,
    /// Another paper that the policy is read with.
    Linked,
    /// A register whose file answers for the clause.
    Register,
    /// A page of the running program.
    Page,
    /// A register or a detector of the running program.
    Program,
}

/// How far a clause is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Each of its mechanisms works.
    CarriedOut,
    /// Some of its mechanisms work.
    InPart,
    /// None of its mechanisms works yet.
    NotBuiltYet,
}

impl State {
    /// The state in words.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::CarriedOut => "carried out",
            Self::InPart => "carried out in part",
            Self::NotBuiltYet => "not built yet",
        }
    }
}

/// One mechanism that must carry a clause out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mechanism<'t> {
    /// The name in data: `decide`, `register:approach`.
    pub name: &'t str,
    /// What carries it out; empty means not built yet.
    pub by: Vec<Carrier>,
}

/// One clause and what carries it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Norm<'t> {
    /// The finer address.
    #[serde(rename = "ref")]
    pub reference: &'t str,
    /// What people see printed.
    pub printed: &'t str,
    /// The section it stands under.
    pub heading: &'t str,
    /// What it says.
    pub says: &'t str,
    /// How far it is carried out.
    pub state: State,
    /// Its mechanisms in the file's order.
    pub mechanisms: Vec<Mechanism<'t>>,
}

/// How many clauses name a mechanism, and for how many of them it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// Clauses that name it.
    pub norms: usize,
    /// Of those, how many it carries out.
    pub carried_out: usize,
}

/// What carries out each clause of one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage<'t> {
    /// The policy.
    pub policy: &'t str,
    /// How many clauses there are.
    pub norms: usize,
    /// How many are carried out by each of their mechanisms.
    pub carried_out: usize,
    /// How many are carried out by some of their mechanisms.
    pub in_part: usize,
    /// How many are carried out by none.
    pub not_built_yet: usize,
    /// The counts for each mechanism, by name.
    pub mechanisms: BTreeMap<&'t str, Count>,
    /// Every clause in the document's order.
    pub clauses: Vec<Norm<'t>>,
}

/// Finds what carries each clause of a policy out.
///
/// `decide` and `notice` count from a rule that can hold in a possible situation, or from a scope clause; `screen` and
/// `register:<kind>` must be among `carriers`. `governance` counts from what the page of document control shows (a
/// fact, a contact, an aim, whom the policy covers; a citation or a linked paper with the register that keeps its
/// state), from a register whose file answers for the clause, or from the pages that the clause names: each only
/// where `carriers` has that page and that register.
#[must_use]
pub fn coverage<'t>(
    table: &'t Table,
    vocabulary: &Vocabulary,
    carriers: &Carriers,
) -> Coverage<'t> {
    let space = Space::new(vocabulary);
    let finder = Finder {
        table,
        space,
        carriers,
    };
    let clauses = table.policy().clauses.iter().enumerate();
    let clauses: Vec<Norm<'t>> = clauses
        .map(|(at, clause)| finder.norm(at, clause))
        .collect();
    let mut mechanisms: BTreeMap<&'t str, Count> = BTreeMap::new();
    for mechanism in clauses.iter().flat_map(|norm| &norm.mechanisms) {
        let count = mechanisms.entry(mechanism.name).or_default();
        count.norms += 1;
        count.carried_out += usize::from(!mechanism.by.is_empty());
    }
    let count = |state| clauses.iter().filter(|norm| norm.state == state).count();
    Coverage {
        policy: &table.policy().id,
        norms: clauses.len(),
        carried_out: count(State::CarriedOut),
        in_part: count(State::InPart),
        not_built_yet: count(State::NotBuiltYet),
        mechanisms,
        clauses,
    }
}

struct Finder<'t, 'v> {
    table: &'t Table,
    space: Space<'v>,
    carriers: &'v Carriers,
}

impl<'t> Finder<'t, '_> {
    fn norm(&self, at: ClauseIndex, clause: &'t Clause) -> Norm<'t> {
        let mechanisms: Vec<Mechanism<'t>> = clause
            .carried_by
            .iter()
            .map(|name| Mechanism {
                name,
                by: self.by(name, at, clause),
            })
            .collect();
        let working = mechanisms.iter().filter(|m| !m.by.is_empty()).count();
        let state = match working {
            0 => State::NotBuiltYet,
            all if all == mechanisms.len() => State::CarriedOut,
            _ => State::InPart,
        };
        Norm {
            reference: &clause.reference,
            printed: &clause.printed,
            heading: &clause.heading,
            says: &clause.says,
            state,
            mechanisms,
        }
    }

    fn by(&self, mechanism: &str, at: ClauseIndex, clause: &Clause) -> Vec<Carrier> {
        let mut by = match mechanism {
            DECIDE | NOTICE => self.in_rules(at, clause),
            GOVERNANCE => governance::carriers(self.table.policy(), clause, self.carriers),
            _ => Vec::new(),
        };
        if self.carriers.registers.contains(mechanism) {
            by.push(Carrier::Program);
        }
        by
    }

    /// The rules of a clause that can hold somewhere. A rule that is always lifted can hold: the answer says so.
    fn in_rules(&self, at: ClauseIndex, clause: &Clause) -> Vec<Carrier> {
        let mut by = Vec::new();
        if !clause.covers.is_empty() {
            by.push(Carrier::Scope);
        }
        for row in self.table.rows().iter().filter(|row| row.clause == at) {
            let carrier = self.carrier(row);
            if !by.contains(&carrier) && self.space.find(&row.cube, []).is_some() {
                by.push(carrier);
            }
        }
        by.sort_unstable();
        by
    }

    fn carrier(&self, row: &Row) -> Carrier {
        match (row.kind, self.table.rule(row).map(|rule| rule.effect)) {
            (RowKind::Notice, _) => Carrier::Notice,
            // A rule that decides comes near those whom the policy leaves out; that is not what carries it out.
            (RowKind::Near, Some(RuleEffect::Decides)) => Carrier::Rule,
            (RowKind::Near, Some(_)) => Carrier::Near,
            (RowKind::Near, None) => Carrier::Scope,
            (RowKind::Decides | RowKind::Granted | RowKind::Lifted { .. }, _) => Carrier::Rule,
        }
    }
}

/// A mechanism in plain words.
#[must_use]
pub fn mechanism_says(name: &str) -> String {
    match (name, name.strip_prefix(REGISTER)) {
        (DECIDE, _) => "answers to questions".to_owned(),
        (NOTICE, _) => "reminders beside answers".to_owned(),
        (GOVERNANCE, _) => "document control".to_owned(),
        (_, Some(kind)) => format!("the register '{}'", kind.replace('-', " ")),
        (SCREEN, _) => "screening of drafts".to_owned(),
        (other, None) => other.to_owned(),
    }
}
