//! What is found in drafts beside what is marked in them.

use std::collections::BTreeMap;
use std::ops::Range;

use screen::{Finding, Index, Kind, Sure, screen};

use super::read::{Label, Labelled};
use crate::school::LISTS;

/// Right, false, missed; of the right ones, those with the very words.
#[derive(Default, Clone, Copy)]
pub(super) struct Count {
    pub(super) right: u32,
    pub(super) wrong: u32,
    pub(super) missed: u32,
    pub(super) exact: u32,
}

impl Count {
    pub(super) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    pub(super) fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.exact += other.exact;
    }
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

/// A half of the drafts, scored.
#[derive(Default)]
pub(super) struct Score {
    pub(super) kinds: BTreeMap<Kind, Count>,
    pub(super) clean: u32,
    /// Clean drafts in which something is found.
    pub(super) alarmed: u32,
    /// What went wrong, a line each.
    pub(super) odd: Vec<String>,
}

impl Score {
    pub(super) fn of(drafts: &[Labelled], index: &Index) -> Self {
        let mut score = Self::default();
        for labelled in drafts {
            score.draft(labelled, index);
        }
        score
    }

    pub(super) fn kind(&self, kind: Kind) -> Count {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    pub(super) fn all(&self) -> Count {
        let mut all = Count::default();
        self.kinds.values().for_each(|count| all.add(*count));
        all
    }

    fn draft(&mut self, labelled: &Labelled, index: &Index) {
        let screening = screen(&labelled.draft, index, &LISTS);
        let counts = |f: &&Finding| f.sure >= Sure::Likely && is_scored(f.kind);
        let found: Vec<&Finding> = screening.findings.iter().filter(counts).collect();
        let expected = labelled.labels.iter().filter(|label| is_scored(label.kind));
        let expected: Vec<&Label> = expected.collect();
        if labelled.labels.is_empty() {
            self.clean += 1;
            self.alarmed += u32::from(!found.is_empty());
        }
        for label in &expected {
            let hit = found.iter().filter(|finding| is_of(label, finding));
            let hit = hit.max_by_key(|finding| {
                let start = finding.span.start.max(label.span.start);
                finding.span.end.min(label.span.end).saturating_sub(start)
            });
            let count = self.kinds.entry(label.kind).or_default();
            let words = labelled.draft.part(label.part);
            match hit {
                Some(finding) => {
                    count.right += 1;
                    let same = bare(words, &finding.span) == bare(words, &label.span);
                    count.exact += u32::from(same);
                }
                None => {
                    count.missed += 1;
                    let missed = words.get(label.span.clone()).expect("a span");
                    self.odd
                        .push(format!("no {}: '{missed}' in '{words}'", label.kind.id()));
                }
            }
        }
        for finding in found {
            if !expected.iter().any(|label| is_of(label, finding)) {
                self.kinds.entry(finding.kind).or_default().wrong += 1;
                let words = labelled.draft.part(finding.part);
                let said = finding.words(&labelled.draft);
                self.odd
                    .push(format!("{}: '{said}' in '{words}'", finding.kind.id()));
            }
        }
    }
}

/// Good news needs no mending, and given names alone are a curve of their own.
fn is_scored(kind: Kind) -> bool {
    !matches!(kind, Kind::PositiveNews | Kind::PupilGivenName)
}

fn is_of(label: &Label, finding: &Finding) -> bool {
    let overlap = label.span.start < finding.span.end && finding.span.start < label.span.end;
    let same = label.kind == finding.kind && label.part == finding.part;
    same && (overlap || is_of_phrases(label.kind))
}

/// What phrases find may be told by several words of a draft.
fn is_of_phrases(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::PupilFullName
            | Kind::PupilIdentified
            | Kind::PupilGivenName
            | Kind::ClassRecognisable
            | Kind::StaffNamed
            | Kind::SchoolNamed
            | Kind::SchoolInHandle
            | Kind::Telephone
            | Kind::Email
            | Kind::PostalAddress
            | Kind::BirthDate
            | Kind::PupilNumber
            | Kind::Password
            | Kind::ExternalLink
            | Kind::HiddenLink
            | Kind::UnsafeLink
    )
}

/// The words of a span, without the signs about them.
fn bare<'w>(words: &'w str, span: &Range<usize>) -> &'w str {
    let words = words.get(span.clone()).expect("a span");
    words.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Given names alone: right, false and missed where only findings of a score and above count.
pub(super) fn given_names(drafts: &[Labelled], index: &Index, least: u8) -> Count {
    let mut count = Count::default();
    for labelled in drafts {
        let screening = screen(&labelled.draft, index, &LISTS);
        let found = screening.findings.iter();
        let found = found.filter(|f| f.kind == Kind::PupilGivenName && f.score >= least);
        let found: Vec<&Finding> = found.collect();
        let expected = labelled.labels.iter();
        let expected = expected.filter(|label| label.kind == Kind::PupilGivenName);
        let expected: Vec<&Label> = expected.collect();
        for label in &expected {
            let hit = found.iter().any(|finding| is_of(label, finding));
            count.right += u32::from(hit);
            count.missed += u32::from(!hit);
        }
        let wrong = |f: &&&Finding| !expected.iter().any(|label| is_of(label, f));
        count.wrong += u32::try_from(found.iter().filter(wrong).count()).expect("few");
    }
    count
}
