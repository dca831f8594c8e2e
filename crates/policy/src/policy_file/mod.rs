//! A policy as its file says it: document control, clauses in order, and the rules beside each clause.

mod clause;
mod control;
mod load;
mod rule;

use serde::Serialize;

pub use control::{Citation, Contact, ContactFor, Fact, FactDate, FactKind, Linked};

use crate::cube::{Cube, ValueSet};
use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;

/// The nations whose law and guidance a paper may live under.
pub const NATIONS: [&str; 4] = ["england", "wales", "scotland", "northern-ireland"];

/// The index of a clause in its policy.
pub type ClauseIndex = usize;

/// What a policy says of an act, from the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It must not be done.
    Prohibited,
    /// It may be done once somebody with authority agrees.
    PermissionNeeded,
    /// It is better not done.
    AdvisedAgainst,
    /// It may be done on conditions.
    PermittedWithConditions,
    /// It may be done.
    Permitted,
    /// The policy says nothing on it.
    Silent,
}

impl Standing {
    /// All standings, from the strictest.
    pub const ALL: [Self; 6] = [
        Self::Prohibited,
        Self::PermissionNeeded,
        Self::AdvisedAgainst,
        Self::PermittedWithConditions,
        Self::Permitted,
        Self::Silent,
    ];

    /// The name in data.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Prohibited => "prohibited",
            Self::PermissionNeeded => "permission-needed",
            Self::AdvisedAgainst => "advised-against",
            Self::PermittedWithConditions => "permitted-with-conditions",
            Self::Permitted => "permitted",
            Self::Silent => "silent",
        }
    }
}

/// How strongly a clause puts it, from the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// The text says must.
    Must,
    /// The text says should.
    Should,
    /// The text asks only to consider it.
    Consider,
}

/// The verb of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// It binds.
    Must,
    /// It forbids.
    MustNot,
    /// It asks.
    Should,
    /// It asks not to.
    ShouldNot,
    /// It permits.
    May,
    /// It gives somebody a power.
    Right,
    /// It binds the school.
    DutyOfSchool,
    /// It informs.
    Inform,
}

impl Modality {
    /// The word in a policy file.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::MustNot => "must-not",
            Self::Should => "should",
            Self::ShouldNot => "should-not",
            Self::May => "may",
            Self::Right => "right",
            Self::DutyOfSchool => "duty-of-school",
            Self::Inform => "inform",
        }
    }
}

/// Something a person must do besides.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Duty {
    /// The kind, a name of the vocabulary.
    #[serde(rename = "do")]
    pub kind: String,
    /// To whom: a role of the vocabulary.
    pub to: Option<String>,
    /// By when, in words.
    pub by: Option<String>,
    /// How strongly the text puts it.
    pub strength: Strength,
    /// The duty in a sentence; where absent, the kind's own words.
    pub says: Option<String>,
}

/// Who may grant what a clause forbids without leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The values of the attribute `authorised` that are enough.
    #[serde(skip)]
    pub by: ValueSet,
    /// Those values by name.
    #[serde(rename = "by")]
    pub by_ids: Vec<String>,
    /// Whether it must be in writing.
    pub written: bool,
    /// On what conditions, in sentences.
    pub conditions: Vec<String>,
}

/// What a rule does where it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleEffect {
    /// It gives a standing, duties, or both.
    Decides,
    /// It comes near.
    Near,
    /// It is something to keep in mind.
    Notice,
}

/// One rule of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it does.
    pub effect: RuleEffect,
    /// The standing, if it gives one.
    pub standing: Option<Standing>,
    /// How strongly the text puts the standing.
    pub strength: Strength,
    /// The situations it is about, as cubes that may overlap.
    pub cubes: Vec<Cube>,
    /// What must be observed, in sentences.
    pub conditions: Vec<String>,
    /// What must be done besides.
    pub duties: Vec<Duty>,
    /// Who may grant it.
    pub grant: Option<Grant>,
    /// The clauses whose rules fall away where this one matches, written as in the file.
    pub lifts: Vec<ClauseIndex>,
    /// The line of the file on which it starts.
    pub line: usize,
}

/// Whom a clause binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covers {
    /// The values of `asker`.
    pub askers: ValueSet,
    /// Whether the clause is named among the deciding ones for these askers.
    pub shown: bool,
    /// The cap on the strength of what the policy says to them.
    pub strength: Option<Strength>,
}

/// Where a clause asks for what the law does not support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The name of the requirement in the law file.
    pub law: String,
    /// What the school should do about it, whole sentences.
    pub advice: String,
    /// The line of the policy file on which it starts.
    #[serde(skip)]
    pub line: usize,
}

/// One clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The finer address, unique in the policy.
    pub reference: String,
    /// What people see printed.
    pub printed: String,
    /// The section it stands under.
    pub heading: String,
    /// The line of the source document.
    pub line: Option<u32>,
    /// Whom it binds or addresses, as in the inventory of norms.
    pub subject: String,
    /// Its verb.
    pub modality: Modality,
    /// What it says, in our own words.
    pub says: String,
    /// The mechanisms that must carry it out: `decide`, `notice`, `governance`, `screen`, `register:<kind>`.
    pub carried_by: Vec<String>,
    /// Whether it says what the policy is for.
    pub aim: bool,
    /// The addresses of the program's pages that carry it out, as routes write them: `/retention`.
    pub pages: Vec<String>,
    /// Whom it binds, where it is a scope clause.
    pub covers: Vec<Covers>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Where the law does not support it.
    pub conflicts: Vec<Conflict>,
    /// The line of the policy file on which it starts.
    pub file_line: usize,
}

/// A worked example that stands in the file and is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The situation as JSON.
    pub given: serde_json::Value,
    /// The expected standing.
    pub standing: Option<Standing>,
    /// The expected headline, in the words of [`crate::decision::Decision`].
    pub headline: Vec<String>,
    /// Clauses that must be among the deciding ones.
    pub clauses: Vec<String>,
    /// The line of the file.
    pub line: usize,
}

/// A whole policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The name in data, also the file's name.
    pub id: String,
    /// The paper's title.
    pub title: String,
    /// Who issued it.
    pub organisation: String,
    /// The organisation in a word or two.
    pub short: String,
    /// `school`, `trust` or `model`.
    pub kind: String,
    /// The nation whose law and guidance it lives under.
    pub nation: String,
    /// Document control.
    pub facts: Vec<Fact>,
    /// Works it cites by edition.
    pub cites: Vec<Citation>,
    /// The papers that it is read with.
    pub linked: Vec<Linked>,
    /// Whom it names for what.
    pub contacts: Vec<Contact>,
    /// The clauses in the document's order.
    pub clauses: Vec<Clause>,
    /// Worked examples.
    pub examples: Vec<Example>,
    /// SHA-256 of the file's text, in hexadecimal.
    pub hash: String,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Every fault of the file at once; a file with any fault is refused whole.
    pub fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Self, Faults> {
        load::load(source, vocabulary)
    }

    /// A clause by reference.
    #[must_use]
    pub fn clause(&self, reference: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.reference == reference)
    }

    /// The value of the first fact of a kind.
    #[must_use]
    pub fn fact(&self, kind: FactKind) -> Option<&Fact> {
        self.facts.iter().find(|f| f.kind == kind)
    }

    /// The version as printed, if the paper has one.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.fact(FactKind::Version).map(|f| f.value.as_str())
    }

    /// The day on which the review falls due, if the paper says one.
    #[must_use]
    pub fn review_due(&self) -> Option<jiff::civil::Date> {
        self.fact(FactKind::ReviewDue)
            .and_then(|f| f.date)
            .map(|d| d.last)
    }

    /// The latest day on which the paper says that somebody dealt with it, and the fact that says so.
    #[must_use]
    pub fn last_look(&self) -> Option<(&Fact, jiff::civil::Date)> {
        const LOOKS: [FactKind; 5] = [
            FactKind::Dated,
            FactKind::Adopted,
            FactKind::Approved,
            FactKind::InForce,
            FactKind::Reviewed,
        ];
        let looks = self.facts.iter().filter(|fact| LOOKS.contains(&fact.kind));
        let dated = looks.filter_map(|fact| Some((fact, fact.date?.last)));
        dated.max_by_key(|(_, day)| *day)
    }

    /// The day of the next review: as printed, or the printed period after the last look.
    #[must_use]
    pub fn next_review(&self) -> Option<jiff::civil::Date> {
        self.review_due().or_else(|| {
            let months = self.fact(FactKind::ReviewPeriodMonths)?;
            let months: i32 = months.value.parse().ok()?;
            let (_, last) = self.last_look()?;
            last.checked_add(jiff::Span::new().try_months(months).ok()?)
                .ok()
        })
    }

    /// Whether the review date has passed.
    #[must_use]
    pub fn is_review_overdue(&self, today: jiff::civil::Date) -> bool {
        self.review_due().is_some_and(|due| due < today)
    }
}

/// Whether `reference` is `named` or one of the clauses under it (`8.3.1` covers `8.3.1.a`).
#[must_use]
pub fn is_under(reference: &str, named: &str) -> bool {
    reference
        .strip_prefix(named)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
