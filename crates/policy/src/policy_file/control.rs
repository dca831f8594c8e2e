//! Document control: what a paper says of itself, the works it cites, and whom it names for what.

use jiff::civil::Date;
use serde::Serialize;

use crate::fields::Fields;
use crate::vocabulary::Vocabulary;

/// What a fact of document control is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// The version.
    Version,
    /// The status, such as draft.
    Status,
    /// A date with no more said.
    Dated,
    /// When it was adopted.
    Adopted,
    /// When it was approved.
    Approved,
    /// Since when it is in force.
    InForce,
    /// When it was looked over.
    Reviewed,
    /// When the next review falls due.
    ReviewDue,
    /// The review period in months.
    ReviewPeriodMonths,
    /// Who owns the paper.
    Owner,
    /// Who approves or reviews it.
    Approver,
    /// The signature: `blank` where the space is empty.
    Signature,
    /// What changed in this version.
    Change,
    /// Who answers for the policy in the end.
    Answerable,
    /// Where it applies, such as every school of a trust.
    AppliesTo,
}

const FACTS: &[(&str, FactKind)] = &[
    ("version", FactKind::Version),
    ("status", FactKind::Status),
    ("dated", FactKind::Dated),
    ("adopted", FactKind::Adopted),
    ("approved", FactKind::Approved),
    ("in-force", FactKind::InForce),
    ("reviewed", FactKind::Reviewed),
    ("review-due", FactKind::ReviewDue),
    ("review-period-months", FactKind::ReviewPeriodMonths),
    ("owner", FactKind::Owner),
    ("approver", FactKind::Approver),
    ("signature", FactKind::Signature),
    ("change", FactKind::Change),
    ("answerable", FactKind::Answerable),
    ("applies-to", FactKind::AppliesTo),
];

/// A date as papers give it: a day, or the days of a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FactDate {
    /// The first day it may mean.
    pub first: Date,
    /// The last day it may mean.
    pub last: Date,
}

impl FactDate {
    /// Reads `2024`, `2024-09` or `2024-09-30`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year: i16 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let month: Option<i8> = parts.next().map(str::parse).transpose().ok()?;
        let day: Option<i8> = parts.next().map(str::parse).transpose().ok()?;
        if parts.next().is_some() {
            return None;
        }
        let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        let last = match (month, day) {
            (None, _) => first.last_of_year(),
            (Some(_), None) => first.last_of_month(),
            (Some(_), Some(_)) => first,
        };
        Some(Self { first, last })
    }
}

/// One fact of document control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// The value: a date, a number or words.
    pub value: String,
    /// The value as a date, where it is one.
    pub date: Option<FactDate>,
    /// How the paper prints it, where that differs.
    pub printed: Option<String>,
    /// The clause that says so.
    pub clause: String,
}

/// A work cited by edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The work, such as `KCSIE`.
    pub work: String,
    /// The edition, such as `2022`.
    pub edition: String,
    /// The clause that cites it.
    pub clause: String,
}

/// Another paper that the policy is read with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// What the paper is called.
    pub title: String,
    /// The clause that names it.
    pub clause: String,
}

/// What somebody is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactFor {
    /// Questions on what the policy means.
    Questions,
    /// Worries and misuse.
    Concerns,
    /// A child at risk.
    Safeguarding,
    /// Leave to do something.
    Permission,
    /// Complaints about the policy.
    Complaints,
    /// Blocked or unsuitable sites, log-ins.
    It,
    /// Wishes about pictures of a child.
    ImageWishes,
}

const CONTACTS: &[(&str, ContactFor)] = &[
    ("questions", ContactFor::Questions),
    ("concerns", ContactFor::Concerns),
    ("safeguarding", ContactFor::Safeguarding),
    ("permission", ContactFor::Permission),
    ("complaints", ContactFor::Complaints),
    ("it", ContactFor::It),
    ("image-wishes", ContactFor::ImageWishes),
];

/// Somebody whom the policy names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// What for.
    #[serde(rename = "for")]
    pub matter: ContactFor,
    /// A role of the vocabulary.
    pub to: String,
    /// The clause that names them.
    pub clause: String,
}

pub(super) fn fact(fields: &Fields<'_, '_, '_>) -> Option<Fact> {
    let kind = fields.one_of("kind", FACTS);
    if kind.is_none() && fields.value("kind").is_none() {
        fields.reader.fault(fields.at(), "'kind' is missing here.");
    }
    let value = fields.required("value");
    let printed = fields.text("printed").map(|t| t.is.to_owned());
    let clause = fields.required("clause");
    fields.finish();
    let (kind, value) = (kind?, value?);
    let date = FactDate::read(value.is);
    if date.is_none() && kind == FactKind::ReviewDue {
        let what = "A review falls due on a date: 2024, 2024-09 or 2024-09-30.";
        fields.reader.fault(value.at, what);
    }
    Some(Fact {
        kind,
        value: value.is.to_owned(),
        date,
        printed,
        clause: clause?.is.to_owned(),
    })
}

pub(super) fn citation(fields: &Fields<'_, '_, '_>) -> Option<Citation> {
    let (work, edition) = (fields.required("work"), fields.required("edition"));
    let clause = fields.required("clause");
    fields.finish();
    Some(Citation {
        work: work?.is.to_owned(),
        edition: edition?.is.to_owned(),
        clause: clause?.is.to_owned(),
    })
}

pub(super) fn linked(fields: &Fields<'_, '_, '_>) -> Option<Linked> {
    let (title, clause) = (fields.required("title"), fields.required("clause"));
    fields.finish();
    Some(Linked {
        title: title?.is.to_owned(),
        clause: clause?.is.to_owned(),
    })
}

pub(super) fn contact(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Contact> {
    let matter = fields.one_of("for", CONTACTS);
    let to = super::rule::role(fields, "to", vocabulary);
    let clause = fields.required("clause");
    fields.finish();
    Some(Contact {
        matter: matter?,
        to: to?,
        clause: clause?.is.to_owned(),
    })
}
