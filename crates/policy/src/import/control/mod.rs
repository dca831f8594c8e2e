//! Facts about the document itself: when it was approved and by whom, when it is due for review.

mod fact;
mod labels;
mod rows;

pub use fact::{ControlFact, ControlKind};

use super::furniture::{self, FurnitureKind};
use super::headings;
use super::lines::{Line, Role, is_finished, is_open};
use super::modality;
use rows::{facts, label_over_value, stamp, statement};

/// A document has its title near its beginning.
const TITLE_WITHIN_LINES: usize = 20;
const TITLE_MOST_WORDS: usize = 14;

/// Finds the title and takes its line.
pub(super) fn find_title(lines: &[Line<'_>], roles: &mut [Role]) -> Option<usize> {
    const NAMES: [&str; 8] = [
        "policy",
        "policies",
        "guidance",
        "guidelines",
        "procedure",
        "protocol",
        "agreement",
        "code of conduct",
    ];
    let could_be = |line: &&Line<'_>| {
        line.marker.is_none()
            && !line.bullet
            && line.has_words()
            && line.word_count() <= TITLE_MOST_WORDS
            && !is_finished(&line.text)
            && !line.text.contains(':')
            && !modality::directs(&line.text)
            && facts(line, false).is_none()
            && !is_control_heading(line)
    };
    let names_itself = |line: &&Line<'_>| {
        let text = line.text.to_lowercase();
        NAMES.iter().any(|name| text.contains(name)) && !text.contains(" this ")
    };
    let ahead = || lines.iter().take(TITLE_WITHIN_LINES).enumerate();
    // Past the first numbered line or finished sentence the document has begun.
    let begun = ahead()
        .find(|(_, line)| line.marker.is_some() || line.bullet || modality::directs(&line.text))
        .map_or(TITLE_WITHIN_LINES, |(at, _)| at);
    let at = ahead()
        .take(begun)
        .find(|(_, line)| could_be(line) && names_itself(line))
        .or_else(|| {
            ahead()
                .take(begun)
                .find(|(_, line)| could_be(line) && line.hashes == 1)
        })
        .map(|(at, _)| at)?;
    *roles.get_mut(at)? = Role::Control;
    Some(at)
}

/// Takes the lines that state facts about the document.
pub(super) fn mark(
    lines: &[Line<'_>],
    title: Option<usize>,
    roles: &mut [Role],
) -> Vec<ControlFact> {
    let mut found = Vec::new();
    if let Some(line) = title.and_then(|at| lines.get(at)) {
        found.push(ControlFact::new(
            ControlKind::Title,
            None,
            &line.whole_text(),
            line.number,
        ));
    }
    let mut region = Region::Outside;
    let mut before: Option<&Line<'_>> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let here = at;
        at += 1;
        if roles.get(here) != Some(&Role::Body) {
            continue;
        }
        let next = lines.get(at).filter(|_| roles.get(at) == Some(&Role::Body));
        region = region.at(line, next);
        let role = if is_control_heading(line) {
            Role::Furniture(FurnitureKind::ControlHeading)
        } else if let Some(pair) = label_over_value(region, line, next) {
            found.push(pair);
            if let Some(role) = roles.get_mut(at) {
                *role = Role::Control;
            }
            at += 1;
            Role::Control
        } else if let Some(facts) = facts_of_line(region, line, before) {
            found.extend(facts);
            Role::Control
        } else {
            Role::Body
        };
        before = Some(line);
        if let Some(slot) = roles.get_mut(here) {
            *slot = role;
        }
    }
    if let Some(title) = title {
        found.extend(strapline(lines, title, roles));
        furniture::mark_letterhead(lines, title, roles);
    }
    found.sort_by_key(|fact| fact.line);
    found
}

/// Whether a line stands under a heading such as 'Document control'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Outside,
    Control,
    Changes,
}

impl Region {
    /// The region that `line` stands in, given that of the line before.
    fn at(self, line: &Line<'_>, next: Option<&Line<'_>>) -> Region {
        if is_control_heading(line) {
            let lists_changes = line.text.to_lowercase().contains("change");
            return if lists_changes {
                Region::Changes
            } else {
                Region::Control
            };
        }
        let leaves = self != Region::Outside
            && (line.hashes > 0
                || line.marker.is_some()
                || modality::directs(&line.text)
                || (facts(line, true).is_none()
                    && statement(line).is_none()
                    && headings::could_be_heading(line, next)));
        if leaves { Region::Outside } else { self }
    }
}

fn is_control_heading(line: &Line<'_>) -> bool {
    const HEADINGS: [&str; 16] = [
        "document control",
        "version control",
        "document history",
        "version history",
        "revision history",
        "review history",
        "amendment history",
        "amendment record",
        "amendments",
        "change history",
        "change log",
        "record of changes",
        "summary of changes",
        "document information",
        "policy information",
        "document details",
    ];
    const MOST_WORDS: usize = 8;
    let text = line.text.to_lowercase();
    !line.bullet
        && line.word_count() <= MOST_WORDS
        && !text.contains('|')
        && !text.trim_end().trim_end_matches(':').contains(':')
        && HEADINGS.iter().any(|heading| text.starts_with(heading))
        && !modality::directs(&line.text)
}

/// The facts of a line, or none where the line is no such line.
fn facts_of_line(
    region: Region,
    line: &Line<'_>,
    before: Option<&Line<'_>>,
) -> Option<Vec<ControlFact>> {
    if let Some(stamp) = stamp(line) {
        return Some(vec![stamp]);
    }
    if region != Region::Outside {
        let note = || {
            let kind = if region == Region::Changes {
                ControlKind::Change
            } else {
                ControlKind::Note
            };
            ControlFact::new(kind, None, &line.whole_text(), line.number)
        };
        return facts(line, true)
            .or_else(|| statement(line).map(|fact| vec![fact]))
            .or_else(|| Some(vec![note()]));
    }
    let before = before.filter(|before| before.number + 1 == line.number);
    let runs_on = !line.gap_before
        && before.is_some_and(|before| is_open(&before.text))
        && before
            .is_some_and(|before| facts(before, false).is_none() && statement(before).is_none());
    if !line.is_plain() || runs_on {
        return None;
    }
    facts(line, false).or_else(|| statement(line).map(|fact| vec![fact]))
}

/// A motto or subtitle between the title and the first fact.
fn strapline(lines: &[Line<'_>], title: usize, roles: &mut [Role]) -> Option<ControlFact> {
    const MOST_WORDS: usize = 30;
    const MOST_LINES: usize = 4;
    let first = title + 1;
    let belongs = |at: usize, line: &Line<'_>| {
        roles.get(at) == Some(&Role::Body)
            && line.is_plain()
            && (at == first || !line.gap_before)
            && !modality::directs(&line.text)
    };
    let own: Vec<&Line<'_>> = (first..first + MOST_LINES)
        .map_while(|at| lines.get(at).filter(|line| belongs(at, line)))
        .collect();
    let comes_to_facts = matches!(
        roles.get(first + own.len()),
        Some(Role::Control | Role::Furniture(FurnitureKind::ControlHeading))
    );
    let words: usize = own.iter().map(|line| line.word_count()).sum();
    let (opening, rest) = own.split_first()?;
    if !comes_to_facts || words > MOST_WORDS {
        return None;
    }
    let text: Vec<&str> = own.iter().map(|line| line.text.as_str()).collect();
    let mut fact = ControlFact::new(
        ControlKind::Strapline,
        None,
        &text.join(" "),
        opening.number,
    );
    fact.more_lines = rest.iter().map(|line| line.number).collect();
    for role in roles.iter_mut().skip(first).take(own.len()) {
        *role = Role::Control;
    }
    Some(fact)
}
