//! A policy compiled for deciding: every rule as plain cubes, ordered by severity, with a bitset of rows per value.
//!
//! For each attribute value the table keeps a bitset of the rows that admit it. A decision is one AND per attribute;
//! because rows stand in order of severity, the lowest bits that are left are the deciding ones.

mod columns;
mod compile;
mod ladder;
mod masks;
mod point;
mod shade;

use std::sync::OnceLock;

use serde::Serialize;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::policy_file::{Clause, ClauseIndex, Policy, Rule, Standing, Strength};
use crate::situation::Situation;
use crate::vocabulary::{DutyHeadline, Vocabulary};

pub use crate::matching::Matches;
pub(crate) use ladder::{Ladder, Rung};
use masks::Masks;
pub(crate) use point::{Narrowed, Point};

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowKind {
    /// A rule that decides: a standing, duties, or both.
    Decides,
    /// A `permission-needed` rule where leave has been given.
    Granted,
    /// A clause that comes near.
    Near,
    /// Something to keep in mind.
    Notice,
    /// A rule that another one lifts here.
    Lifted {
        /// The clause that lifts it.
        by: ClauseIndex,
    },
}

impl RowKind {
    /// Whether rows of the kind give a standing or duties.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Decides | Self::Granted)
    }
}

/// One cube of one rule, flattened: scope, grants and lifts are already in the cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The clause.
    pub clause: ClauseIndex,
    /// The rule within the clause; `None` for a scope clause that comes near.
    pub rule: Option<usize>,
    /// What the row stands for.
    pub kind: RowKind,
    /// The standing it gives, if any.
    pub standing: Option<Standing>,
    /// The strength of that standing.
    pub strength: Strength,
    /// The cap on the strength of its duties, for people whom a softer clause brings in.
    pub cap: Option<Strength>,
    /// Whether a duty of its rule shows in the headline.
    pub heads: bool,
    /// Whether it holds for the asker only because the policy covers them.
    pub by_cover: bool,
    /// The situations in which it holds.
    pub cube: Cube,
}

impl Row {
    /// Whether it gives a standing or duties.
    #[must_use]
    pub fn decides(&self) -> bool {
        matches!(self.kind, RowKind::Decides | RowKind::Granted)
    }
}

/// One of the things that a verdict settles: a headline has up to three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Whether it may be done.
    Standing,
    /// Duties to report, ask or consult.
    Report,
    /// Duties to declare or tell beforehand.
    Declare,
}

impl Matter {
    /// All matters, in the order of a headline.
    pub const ALL: [Self; 3] = [Self::Standing, Self::Report, Self::Declare];
}

/// The headline of a decision, without its clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Verdict {
    /// The standing.
    pub standing: Standing,
    /// The strongest strength among the deciding rows; `None` where the policy is silent.
    pub strength: Option<Strength>,
    /// The strongest duty to report, ask or consult.
    pub report: Option<Strength>,
    /// The strongest duty to declare or tell beforehand.
    pub declare: Option<Strength>,
}

impl Verdict {
    /// What a policy gives where it says nothing.
    pub const SILENT: Self = Self {
        standing: Standing::Silent,
        strength: None,
        report: None,
        declare: None,
    };

    /// The verdict in the words of headlines: `prohibited`, `must-report*`; `silent` where there is nothing else.
    #[must_use]
    pub fn headline(self) -> Vec<String> {
        let mut words = Vec::new();
        if self.standing != Standing::Silent {
            words.push([self.standing.id(), self.standing_mark()].concat());
        }
        let duties = [("must-report", self.report), ("must-declare", self.declare)];
        words.extend(
            duties
                .iter()
                .filter_map(|(word, strength)| Some([*word, mark((*strength)?)].concat())),
        );
        if words.is_empty() {
            words.push(Standing::Silent.id().to_owned());
        }
        words
    }

    /// The strength of the standing as far as the headline shows it.
    #[must_use]
    pub fn shown_strength(self) -> Option<Strength> {
        self.strength.filter(|strength| match self.standing {
            Standing::Prohibited => true,
            Standing::AdvisedAgainst => *strength == Strength::Consider,
            _ => false,
        })
    }

    fn standing_mark(self) -> &'static str {
        self.shown_strength().map_or("", mark)
    }
}

/// The mark that a strength leaves on a headline.
#[must_use]
pub fn mark(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "",
        Strength::Should => "*",
        Strength::Consider => "~",
    }
}

/// A compiled policy.
#[derive(Debug, Clone)]
pub struct Table {
    policy: Policy,
    rows: Vec<Row>,
    masks: Masks,
    /// For each value of `asker`, the scope clause that is named beside the deciding ones.
    shown: Vec<Option<ClauseIndex>>,
    /// The askers whom the policy covers; `None` where it covers everybody.
    covered: Option<ValueSet>,
    asker: Option<AttributeIndex>,
    /// The rows by matter, made when two policies are first compared.
    ladders: OnceLock<[Ladder; 3]>,
}

impl Table {
    /// Compiles a policy.
    #[must_use]
    pub fn compile(policy: Policy, vocabulary: &Vocabulary) -> Self {
        compile::compile(policy, vocabulary)
    }

    /// The rows of a matter from the strictest, in the vocabulary that the table was compiled with.
    pub(crate) fn ladder(&self, matter: Matter, vocabulary: &Vocabulary) -> &Ladder {
        let [standing, report, declare] = self.ladders.get_or_init(|| {
            Matter::ALL.map(|matter| Ladder::new(&self.rows, &self.policy, matter, vocabulary))
        });
        match matter {
            Matter::Standing => standing,
            Matter::Report => report,
            Matter::Declare => declare,
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The rows, in order of severity.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that hold in a situation, as indexes into [`Self::rows`].
    #[must_use]
    #[inline]
    pub fn matches(&self, situation: &Situation) -> Matches {
        self.masks.matches(situation)
    }

    /// The verdict of the rows that hold.
    #[must_use]
    pub fn verdict(&self, matches: &Matches) -> Verdict {
        self.masks.verdict(matches)
    }

    /// Whether the policy covers this asker, or speaks of them by name anywhere.
    #[must_use]
    pub fn covers(&self, situation: &Situation) -> bool {
        let asker = self.asker.and_then(|a| situation.value(a));
        match (self.covered, asker) {
            (Some(covered), Some(asker)) => covered.has(asker),
            _ => true,
        }
    }

    /// The askers whom the policy covers; `None` where it covers everybody.
    #[must_use]
    pub fn covered(&self) -> Option<ValueSet> {
        self.covered
    }

    /// The scope clause to name beside the deciding ones, for rules that hold because the policy covers the asker.
    #[must_use]
    pub fn shown_scope(&self, situation: &Situation) -> Option<ClauseIndex> {
        let asker = situation.value(self.asker?)?;
        self.shown.get(usize::from(asker)).copied().flatten()
    }

    /// The clause of a row.
    #[must_use]
    pub fn clause(&self, row: &Row) -> Option<&Clause> {
        self.policy.clauses.get(row.clause)
    }

    /// The rule of a row.
    #[must_use]
    pub fn rule(&self, row: &Row) -> Option<&Rule> {
        self.clause(row)?.rules.get(row.rule?)
    }

    /// The strongest duty of a headline that a row carries.
    #[must_use]
    pub fn duty_strength(
        &self,
        row: &Row,
        headline: DutyHeadline,
        vocabulary: &Vocabulary,
    ) -> Option<Strength> {
        duty_strength(self.rule(row)?, row, headline, vocabulary)
    }
}

/// The strongest duty of a headline that a rule carries on a row.
fn duty_strength(
    rule: &Rule,
    row: &Row,
    headline: DutyHeadline,
    vocabulary: &Vocabulary,
) -> Option<Strength> {
    if !row.heads {
        return None;
    }
    let counts = |kind: &str| vocabulary.duty(kind).and_then(|d| d.headline) == Some(headline);
    let strongest = rule
        .duties
        .iter()
        .filter(|d| counts(&d.kind))
        .map(|d| d.strength)
        .min()?;
    Some(row.cap.map_or(strongest, |cap| strongest.max(cap)))
}
