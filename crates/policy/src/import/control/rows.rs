//! Lines that state facts: 'Review date: May 2026', rows of a table, 'Approved by the board in 2024'.

use super::labels::{by_whom, kind_of};
use super::{ControlFact, ControlKind, Region, is_control_heading};
use crate::import::dates;
use crate::import::lines::Line;
use crate::import::modality;

/// 'DRAFT', 'Draft v0.2'.
pub(super) fn stamp(line: &Line<'_>) -> Option<ControlFact> {
    const STAMPS: [&str; 7] = [
        "draft",
        "final",
        "confidential",
        "draft policy",
        "draft version",
        "final version",
        "draft for consultation",
    ];
    let text = line.text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is_numbered_draft = text.starts_with("draft")
        && line.word_count() <= 3
        && text.contains(|c: char| c.is_ascii_digit());
    let is_stamp =
        line.marker.is_none() && !line.bullet && (STAMPS.contains(&text) || is_numbered_draft);
    is_stamp.then(|| ControlFact::new(ControlKind::Status, None, &line.text, line.number))
}

/// 'Review date:<tab>May 2026', two facts on one line, or a row of a table.
pub(super) fn facts(line: &Line<'_>, in_region: bool) -> Option<Vec<ControlFact>> {
    const LONGEST_VALUE_WORDS: usize = 10;
    if line.marker.is_some() || line.hashes > 0 || (line.bullet && !in_region) {
        return None;
    }
    let is_row = line.raw.contains('|');
    let is_spaced = is_row || line.raw.trim().contains(['\t']) || line.raw.trim().contains("   ");
    let mut facts: Vec<(String, String)> = Vec::new();
    for cell in cells(line) {
        let labelled = match cell.split_once(':') {
            Some((label, value)) => kind_of(label).map(|_| (label.trim(), value.trim())),
            None => (is_row && (in_region || facts.is_empty()))
                .then(|| kind_of(&cell).map(|_| (cell.as_str(), "")))
                .flatten(),
        };
        match (labelled, facts.last_mut()) {
            // A table's second column is a value even if it reads like a label.
            (Some((label, "")), Some((_, value)))
                if value.is_empty() && !label.is_empty() && !cell.contains(':') =>
            {
                value.push_str(&cell);
            }
            (Some((label, value)), _) => facts.push((label.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(&cell);
            }
            (None, None) => return None,
        }
    }
    let believable = |(label, value): &(String, String)| {
        let is_short = value.split_whitespace().count() <= LONGEST_VALUE_WORDS;
        (in_region || is_spaced || is_short)
            && label.starts_with(char::is_uppercase)
            && !modality::directs(value)
    };
    if facts.is_empty() || !facts.iter().all(believable) {
        return None;
    }
    let mut told: Vec<ControlFact> = Vec::new();
    for (label, value) in &facts {
        let mut fact = ControlFact::labelled(label, value, line.number)?;
        // 'Approved by: the governors   Date: 3 May 2024'
        let approver = told
            .last()
            .filter(|last| last.kind == ControlKind::Approver);
        if let (ControlKind::Dated, Some(approver)) = (fact.kind, approver) {
            (fact.kind, fact.by) = (ControlKind::Approved, approver.by.clone());
        }
        told.push(fact);
    }
    Some(told)
}

/// The parts of a line that tabs, table bars or wide gaps set apart.
fn cells(line: &Line<'_>) -> Vec<String> {
    let is_row = line.raw.contains('|');
    let raw = line.raw.trim().trim_matches('|').replace("**", "");
    let raw = if line.bullet { line.text.clone() } else { raw };
    let wide = raw.replace("    ", "\t").replace("   ", "\t");
    wide.split(|c: char| c == '\t' || (is_row && c == '|'))
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|cell| !cell.is_empty())
        .collect()
}

/// A table flattened to lines: the label on one, its value on the next.
pub(super) fn label_over_value(
    region: Region,
    line: &Line<'_>,
    next: Option<&Line<'_>>,
) -> Option<ControlFact> {
    const MOST_WORDS: usize = 5;
    let next = next?;
    let is_label = region != Region::Outside
        && line.is_plain()
        && line.word_count() <= MOST_WORDS
        && kind_of(line.text.trim_end_matches(':')).is_some()
        && cells(line).len() == 1
        && line.text.trim_end_matches(':').split(':').count() == 1;
    let is_value = next.is_plain()
        && facts(next, true).is_none()
        && kind_of(&next.text).is_none()
        && !is_control_heading(next)
        && !modality::directs(&next.text)
        && dates::find(&line.text).is_none();
    if !(is_label && is_value) {
        return None;
    }
    let label = line.text.trim_end_matches(':');
    let mut fact = ControlFact::labelled(label, &next.text, line.number)?;
    fact.more_lines = vec![next.number];
    Some(fact)
}

/// 'Approved by the board in May 2024', 'Version 2.1'.
pub(super) fn statement(line: &Line<'_>) -> Option<ControlFact> {
    const MOST_WORDS: usize = 14;
    const OPENINGS: [(&str, ControlKind); 18] = [
        ("reviewed", ControlKind::Reviewed),
        ("last reviewed", ControlKind::Reviewed),
        ("policy reviewed", ControlKind::Reviewed),
        ("updated", ControlKind::Reviewed),
        ("last updated", ControlKind::Reviewed),
        ("amended", ControlKind::Reviewed),
        ("revised", ControlKind::Reviewed),
        ("approved", ControlKind::Approved),
        ("agreed", ControlKind::Approved),
        ("policy approved", ControlKind::Approved),
        ("adopted", ControlKind::Adopted),
        ("accepted", ControlKind::Adopted),
        ("ratified", ControlKind::Adopted),
        ("next review", ControlKind::ReviewDue),
        ("review date", ControlKind::ReviewDue),
        ("review due", ControlKind::ReviewDue),
        ("to be reviewed", ControlKind::ReviewDue),
        ("effective from", ControlKind::InForce),
    ];
    let text = line.text.to_lowercase();
    let starts = |opening: &str| {
        text.strip_prefix(opening)
            .is_some_and(|rest| rest.starts_with([' ', ':', '-', '–', ',']))
    };
    let is_short = line.is_plain() && line.word_count() <= MOST_WORDS;
    if !is_short || !line.text.starts_with(char::is_uppercase) || modality::directs(&line.text) {
        return None;
    }
    if let Some(version) = text.strip_prefix("version ") {
        let is_version =
            version.starts_with(|c: char| c.is_ascii_digit()) && line.word_count() <= 4;
        return is_version
            .then(|| ControlFact::new(ControlKind::Version, None, &line.text, line.number));
    }
    let (_, kind) = OPENINGS.iter().find(|(opening, _)| starts(opening))?;
    let mut fact = ControlFact::new(*kind, None, &line.text, line.number);
    fact.by = by_whom(&line.text);
    fact.date.is_some().then_some(fact)
}
