//! A fact about the document itself.

use serde::Serialize;

use super::labels::{by_whom, kind_of};
use crate::import::dates::{self, PrintedDate};

/// One fact about the document, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ControlFact {
    /// What it tells.
    pub kind: ControlKind,
    /// The words in front of the value ('Date for review'), where there are any.
    pub label: Option<String>,
    /// The value as printed; empty where its space was left blank.
    pub value: String,
    /// Who did it, where the line says.
    pub by: Option<String>,
    /// The date in it.
    pub date: Option<PrintedDate>,
    /// The period in months, where it is one.
    pub months: Option<u16>,
    /// Whether its space was left blank.
    pub blank: bool,
    /// The line it is printed on, from 1.
    pub line: usize,
    /// The other lines it is printed on, where it takes more than one.
    pub more_lines: Vec<usize>,
}

impl ControlFact {
    /// The lines it is printed on.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.line).chain(self.more_lines.iter().copied())
    }
}

/// What a fact about the document tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlKind {
    /// The document's title.
    Title,
    /// A motto or subtitle under the title.
    Strapline,
    /// Adopted, accepted or ratified.
    Adopted,
    /// Approved.
    Approved,
    /// Who approves.
    Approver,
    /// In force from.
    InForce,
    /// Dated, without saying what happened then.
    Dated,
    /// Reviewed, updated or amended.
    Reviewed,
    /// Who reviews.
    Reviewer,
    /// Due for review.
    ReviewDue,
    /// How often it is reviewed.
    ReviewPeriod,
    /// Who answers for the document.
    Owner,
    /// The version.
    Version,
    /// A stamp: draft, final.
    Status,
    /// A signature or the space for one.
    Signature,
    /// The document's own reference.
    Reference,
    /// Other documents to read with it.
    Related,
    /// Where or to whom it applies.
    AppliesTo,
    /// What this version changed.
    Change,
    /// Something else in the table of facts.
    Note,
}

impl ControlKind {
    /// The word in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            ControlKind::Title => "title",
            ControlKind::Strapline => "strapline",
            ControlKind::Adopted => "adopted",
            ControlKind::Approved => "approved",
            ControlKind::Approver => "approver",
            ControlKind::InForce => "in-force",
            ControlKind::Dated => "dated",
            ControlKind::Reviewed => "reviewed",
            ControlKind::Reviewer => "reviewer",
            ControlKind::ReviewDue => "review-due",
            ControlKind::ReviewPeriod => "review-period",
            ControlKind::Owner => "owner",
            ControlKind::Version => "version",
            ControlKind::Status => "status",
            ControlKind::Signature => "signature",
            ControlKind::Reference => "reference",
            ControlKind::Related => "related",
            ControlKind::AppliesTo => "applies-to",
            ControlKind::Change => "change",
            ControlKind::Note => "note",
        }
    }
}

impl ControlFact {
    pub(super) fn new(
        kind: ControlKind,
        label: Option<&str>,
        value: &str,
        line: usize,
    ) -> ControlFact {
        // Dots and lines to write on.
        let is_space = |c: char| c.is_whitespace() || matches!(c, '_' | '…');
        let space = ["....", "____", "……"]
            .iter()
            .any(|space| value.contains(space));
        let value = if space {
            value.trim_matches(|c| is_space(c) || c == '.')
        } else {
            value
        };
        let value = value.trim_matches(is_space);
        let date = dates::find(value).or_else(|| label.and_then(dates::find));
        ControlFact {
            kind,
            label: label.map(str::to_owned),
            value: value.to_owned(),
            by: None,
            date,
            months: if kind == ControlKind::ReviewPeriod {
                dates::months(value)
            } else {
                None
            },
            blank: value.is_empty() || space,
            line,
            more_lines: Vec::new(),
        }
    }

    /// A fact from a label and its value, or none where the label is none of a fact.
    pub(super) fn labelled(label: &str, value: &str, line: usize) -> Option<ControlFact> {
        let mut kind = kind_of(label)?;
        let is_date = dates::find(value).is_some();
        if kind == ControlKind::ReviewDue && !is_date && !value.trim().is_empty() {
            // 'To be reviewed: every year'
            kind = ControlKind::ReviewPeriod;
        }
        if matches!(kind, ControlKind::Approver | ControlKind::Reviewer) && is_date {
            // 'Approved by the board: 3 May 2024'
            kind = if kind == ControlKind::Approver {
                ControlKind::Approved
            } else {
                ControlKind::Reviewed
            };
        }
        let mut fact = ControlFact::new(kind, Some(label), value, line);
        fact.by = by_whom(label);
        if fact.by.is_none() && matches!(kind, ControlKind::Approver | ControlKind::Reviewer) {
            fact.by = Some(fact.value.clone()).filter(|by| !by.is_empty());
        }
        Some(fact)
    }
}
