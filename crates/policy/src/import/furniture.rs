//! Lines that are no part of the policy: page headers and numbers, contents lists, letterhead.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::lines::{Line, Role, is_finished, is_open};
use super::modality;

/// A line set aside as no part of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Furniture {
    /// Its number in the source, from 1.
    pub line: usize,
    /// What it is.
    pub kind: FurnitureKind,
    /// Its words.
    pub text: String,
}

/// What a line that is no part of the policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FurnitureKind {
    /// A drawn line, or marks without words.
    Rule,
    /// A picture's place.
    Image,
    /// A page number.
    PageNumber,
    /// The head or foot of a page, printed again and again.
    RunningHeader,
    /// The contents list.
    Contents,
    /// Name and address above the title.
    Letterhead,
    /// The heading over facts about the document ('Document control').
    ControlHeading,
}

/// The lines that were set aside.
pub(super) fn list(lines: &[Line<'_>], roles: &[Role]) -> Vec<Furniture> {
    let set_aside = |(line, role): (&Line<'_>, &Role)| match role {
        Role::Furniture(kind) => {
            let text = if line.has_words() {
                line.whole_text()
            } else {
                line.raw.trim().to_owned()
            };
            Some(Furniture {
                line: line.number,
                kind: *kind,
                text,
            })
        }
        _ => None,
    };
    lines.iter().zip(roles).filter_map(set_aside).collect()
}

/// Sets aside what can be told without knowing the sections.
pub(super) fn mark(lines: &[Line<'_>], title: Option<usize>, roles: &mut [Role]) {
    for (line, role) in lines.iter().zip(roles.iter_mut()) {
        if let (Role::Body, Some(kind)) = (*role, single_line(line)) {
            *role = Role::Furniture(kind);
        }
    }
    mark_lone_page_numbers(lines, roles);
    mark_running_headers(lines, title, roles);
    mark_contents(lines, roles);
}

/// Name and address above the title.
pub(super) fn mark_letterhead(lines: &[Line<'_>], title: usize, roles: &mut [Role]) {
    const MOST_WORDS: usize = 16;
    for (line, role) in lines.iter().zip(roles.iter_mut()).take(title) {
        let is_short = line.word_count() <= MOST_WORDS && !modality::directs(&line.text);
        if *role == Role::Body && line.marker.is_none() && is_short {
            *role = Role::Furniture(FurnitureKind::Letterhead);
        }
    }
}

fn single_line(line: &Line<'_>) -> Option<FurnitureKind> {
    if line.raw.trim_start().starts_with("![") {
        Some(FurnitureKind::Image)
    } else if !line.has_words() && !line.is_bare_marker() {
        Some(FurnitureKind::Rule)
    } else if is_labelled_page_number(line) {
        Some(FurnitureKind::PageNumber)
    } else {
        None
    }
}

/// 'Page 3', 'Page 3 of 10', '3 | P a g e', '- 3 -', '3 of 10'.
fn is_labelled_page_number(line: &Line<'_>) -> bool {
    const LONGEST: usize = 40;
    if line.raw.len() > LONGEST {
        return false;
    }
    let squeezed: String = line
        .raw
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| {
            if c.is_ascii_digit() {
                '#'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let words = squeezed.replace("###", "#").replace("##", "#");
    let dashed = line
        .raw
        .trim()
        .strip_prefix(['-', '–'])
        .and_then(|rest| rest.strip_suffix(['-', '–']));
    matches!(
        words.as_str(),
        "page#" | "page#of#" | "#page" | "#of#" | "p#" | "pg#"
    ) || (words == "#" && dashed.is_some())
}

/// A number alone on its line is a page's where the sentence runs on over it, at a page's edge, or
/// where no section of that number is due.
fn mark_lone_page_numbers(lines: &[Line<'_>], roles: &mut [Role]) {
    let mut section = 0;
    let mut open = false;
    for (at, line) in lines.iter().enumerate() {
        let Some(role) = roles.get_mut(at).filter(|role| **role == Role::Body) else {
            continue;
        };
        let bare = line
            .text
            .is_empty()
            .then_some(line.marker.as_ref())
            .flatten();
        let lone = bare
            .filter(|marker| marker.printed.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|marker| marker.integer());
        if let Some(number) = lone.filter(|_| !line.bullet && line.hashes == 0) {
            let next = lines.get(at + 1);
            let runs_on =
                open && next.is_some_and(|next| next.is_plain() && next.starts_lower_case());
            let at_edge = line.page_before || next.is_none_or(|next| next.page_before);
            let due = number == section + 1 && next.is_some_and(Line::is_plain);
            if runs_on || at_edge || !due {
                *role = Role::Furniture(FurnitureKind::PageNumber);
                continue;
            }
        }
        if let Some(first) = line
            .marker
            .as_ref()
            .and_then(|marker| marker.numbers.first())
        {
            section = *first;
        }
        open = is_open(&line.text);
    }
}

/// Letters and digits in small, every digit the same: pages' heads differ only in their numbers.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| if c.is_ascii_digit() { '#' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

fn mark_running_headers(lines: &[Line<'_>], title: Option<usize>, roles: &mut [Role]) {
    const LONGEST: usize = 120;
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let is_title = Some(at) == title;
        let could_be = line.marker.is_none() && !line.bullet && line.text.len() <= LONGEST;
        let in_body = roles.get(at) == Some(&Role::Body);
        if is_title || (could_be && in_body && line.hashes == 0) {
            seen.entry(key(&line.text)).or_default().push(at);
        }
    }
    for places in seen.values().filter(|places| places.len() > 1) {
        let again = || places.iter().copied().filter(|at| Some(*at) != title);
        let at_edges = again()
            .filter(|at| is_at_page_edge(lines, roles, *at))
            .count();
        let repeats_title = title.is_some_and(|title| places.contains(&title));
        let is_header = repeats_title
            || (places.len() > 2 && at_edges > 0)
            || (places.len() == 2 && at_edges == 2)
            || count_pages(places.iter().filter_map(|at| lines.get(*at)));
        let speaks = places
            .first()
            .and_then(|at| lines.get(*at))
            .is_some_and(|line| is_finished(&line.text) || modality::directs(&line.text));
        if is_header && !speaks {
            for at in again() {
                if let Some(role) = roles.get_mut(at) {
                    *role = Role::Furniture(FurnitureKind::RunningHeader);
                }
            }
        }
    }
}

/// The same words again and again, with a number behind that grows: the foot of every page.
fn count_pages<'a>(lines: impl Iterator<Item = &'a Line<'a>>) -> bool {
    const FEWEST_WORDS: usize = 4;
    let mut last = None;
    for line in lines {
        let words = line.text.trim_end_matches(|c: char| c.is_ascii_digit());
        let page: Option<u32> = line
            .text
            .strip_prefix(words)
            .and_then(|page| page.parse().ok());
        if page.is_none() || page <= last || line.word_count() < FEWEST_WORDS {
            return false;
        }
        last = page;
    }
    true
}

/// At a page break, beside a page number, or in the middle of somebody's sentence.
fn is_at_page_edge(lines: &[Line<'_>], roles: &[Role], at: usize) -> bool {
    let before = at.checked_sub(1);
    let is_page_number =
        |at: usize| roles.get(at) == Some(&Role::Furniture(FurnitureKind::PageNumber));
    let breaks = |at: usize| lines.get(at).is_some_and(|line| line.page_before);
    let cuts_sentence = before
        .and_then(|before| lines.get(before))
        .is_some_and(|line| is_open(&line.text))
        && lines
            .get(at + 1)
            .is_some_and(|line| line.is_plain() && line.starts_lower_case());
    breaks(at)
        || breaks(at + 1)
        || is_page_number(at + 1)
        || before.is_some_and(is_page_number)
        || cuts_sentence
}

/// The lines under 'Contents', up to the first that is no entry or stands there a second time.
fn mark_contents(lines: &[Line<'_>], roles: &mut [Role]) {
    let is_contents = |line: &Line<'_>| {
        matches!(
            key(&line.text).as_str(),
            "contents" | "tableofcontents" | "listofcontents"
        )
    };
    let in_body = |roles: &[Role], at: usize| roles.get(at) == Some(&Role::Body);
    let Some(start) =
        (0..lines.len()).find(|at| in_body(roles, *at) && lines.get(*at).is_some_and(is_contents))
    else {
        return;
    };
    // Where each heading's words and each section's number are printed for the last time.
    let mut last = HashMap::new();
    for (at, line) in lines.iter().enumerate().skip(start) {
        for name in entry_names(line) {
            last.insert(name, at);
        }
    }
    let mut entries = HashSet::new();
    for (at, line) in lines.iter().enumerate().skip(start) {
        let Some(role) = roles.get_mut(at) else { break };
        if at > start && *role == Role::Body {
            let names = entry_names(line);
            let comes_again = names
                .iter()
                .any(|name| last.get(name).is_some_and(|last| *last > at));
            let is_entry = comes_again || names_a_page(line);
            let starts_over = names.iter().any(|name| entries.contains(name));
            if !is_entry || starts_over {
                break;
            }
            entries.extend(names);
        }
        if *role == Role::Body {
            *role = Role::Furniture(FurnitureKind::Contents);
        }
    }
}

/// What a contents entry and its heading have in common: the words, or the number.
fn entry_names(line: &Line<'_>) -> Vec<String> {
    const MOST_WORDS: usize = 16;
    if line.word_count() > MOST_WORDS || line.text.is_empty() || line.text.ends_with(['.', ';']) {
        return Vec::new();
    }
    let words = without_page(&line.text);
    let number = line
        .marker
        .as_ref()
        .filter(|marker| !marker.numbers.is_empty());
    let number = number.map(|marker| format!("{:?}", marker.numbers));
    std::iter::once(key(words))
        .filter(|words| !words.is_empty())
        .chain(number)
        .collect()
}

/// An entry's words without leader dots and page number.
fn without_page(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(['.', '…', ' ', '_'])
}

fn names_a_page(line: &Line<'_>) -> bool {
    let rest = without_page(&line.text);
    line.text.ends_with(|c: char| c.is_ascii_digit())
        && !rest.is_empty()
        && (line.text.contains("...") || line.text.contains('…') || line.raw.trim().contains('\t'))
}
