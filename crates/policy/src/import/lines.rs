//! The lines of a document: what stands in front of each one (indent, bullet, number) and its words.

use serde::Serialize;

use super::furniture::FurnitureKind;
use super::numbering::{self, Marker};

/// A line of text and where it stands in the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TextLine {
    /// Its number in the source, from 1.
    pub line: usize,
    /// Its words, without number, bullet and emphasis.
    pub text: String,
}

/// What a line turned out to be. Every pass takes its own lines out of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Body,
    Control,
    Furniture(FurnitureKind),
    Heading {
        level: usize,
    },
    /// The rest of a heading that is printed on more than one line.
    HeadingGoesOn,
}

/// A line that is not blank.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) raw: &'a str,
    /// Whether a blank line or a new page stands before it.
    pub(super) gap_before: bool,
    /// Whether a new page begins with it.
    pub(super) page_before: bool,
    pub(super) indent: usize,
    /// Whether the next line draws a line of '=' under it.
    pub(super) underlined: bool,
    /// How many `#` mark it as a Markdown heading.
    pub(super) hashes: usize,
    pub(super) bullet: bool,
    /// Whether all of it is bold or italic.
    pub(super) emphasised: bool,
    pub(super) marker: Option<Marker>,
    /// The words behind bullet and number, emphasis taken off.
    pub(super) text: String,
}

impl Line<'_> {
    /// Number and words.
    pub(super) fn whole_text(&self) -> String {
        match &self.marker {
            Some(marker) if self.text.is_empty() => marker.printed.clone(),
            Some(marker) => format!("{} {}", marker.printed, self.text),
            None => self.text.clone(),
        }
    }

    /// A line of prose, without bullet, number or heading mark.
    pub(super) fn is_plain(&self) -> bool {
        !self.bullet && self.marker.is_none() && self.hashes == 0
    }

    /// Only a number or a bullet: the words follow on the next line.
    pub(super) fn is_bare_marker(&self) -> bool {
        (self.marker.is_some() || self.bullet) && self.text.is_empty()
    }

    pub(super) fn word_count(&self) -> usize {
        self.text.split_whitespace().count()
    }

    pub(super) fn has_words(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    pub(super) fn starts_lower_case(&self) -> bool {
        starts_lower_case(&self.text)
    }

    pub(super) fn starts_with_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The lines of a text that are not blank.
pub(super) fn read(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let (mut gap_before, mut page_before) = (true, false);
    for (index, raw) in text.split('\n').enumerate() {
        page_before |= raw.contains('\u{c}');
        if raw.trim().is_empty() {
            gap_before = true;
            continue;
        }
        let is_underline = raw.trim().len() > 2 && raw.trim().bytes().all(|byte| byte == b'=');
        if let Some(above) = lines.last_mut().filter(|_| is_underline && !gap_before) {
            above.underlined = true;
        }
        let mut line = read_line(index + 1, raw);
        line.gap_before = gap_before || page_before;
        line.page_before = page_before;
        lines.push(line);
        (gap_before, page_before) = (false, false);
    }
    numbering::drop_implausible(&mut lines);
    lines
}

fn read_line(number: usize, raw: &str) -> Line<'_> {
    let indent = indent(raw);
    let mut rest = trim_invisible(raw);
    while let Some(quoted) = rest.strip_prefix('>') {
        rest = trim_invisible(quoted);
    }
    let (hashes, unhashed) = strip_hashes(rest);
    let (bullet, unbulleted) = strip_bullets(unhashed, indent);
    let plain = without_emphasis(unbulleted);
    let (marker, text) = match numbering::read(&plain) {
        Some((marker, behind)) => (Some(marker), behind.to_owned()),
        None => (None, plain),
    };
    Line {
        number,
        raw,
        gap_before: false,
        page_before: false,
        indent,
        underlined: false,
        hashes,
        bullet,
        emphasised: is_emphasised(unbulleted),
        marker,
        text,
    }
}

fn indent(raw: &str) -> usize {
    raw.chars()
        .take_while(|c| c.is_whitespace() || is_invisible(*c))
        .map(|c| match c {
            '\t' => 4,
            ' ' | '\u{a0}' => 1,
            _ => 0,
        })
        .sum()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    ) || (c.is_control() && !c.is_whitespace())
}

fn trim_invisible(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

fn strip_hashes(text: &str) -> (usize, &str) {
    let behind = text.trim_start_matches('#');
    let hashes = text.len() - behind.len();
    let is_heading = (1..=6).contains(&hashes) && behind.starts_with([' ', '\t']);
    if is_heading {
        (hashes, trim_invisible(behind).trim_end_matches(['#', ' ']))
    } else {
        (0, text)
    }
}

const BULLETS: [char; 24] = [
    '-', '*', '+', '–', '—', '•', '·', '●', '○', '◦', '▪', '▫', '■', '□', '‣', '⁃', '➢', '➤', '►',
    '✓', '✔', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}',
];

fn strip_bullets(text: &str, indent: usize) -> (bool, &str) {
    let (mut found, mut rest) = (false, text);
    while let Some(behind) = strip_bullet(rest, indent) {
        (found, rest) = (true, behind);
    }
    // A box to tick is a bullet too.
    let unticked = ["[ ] ", "[x] ", "[X] ", "☐", "☑"]
        .iter()
        .find_map(|tick| rest.strip_prefix(tick));
    (
        found || unticked.is_some(),
        unticked.map_or(rest, trim_invisible),
    )
}

fn strip_bullet(text: &str, indent: usize) -> Option<&str> {
    if let Some(behind) = text.strip_prefix('o') {
        // Word's hollow bullet comes out as a letter.
        let set_off = behind.starts_with('\t') || behind.starts_with("  ");
        let indented = indent >= 2 && behind.starts_with(' ');
        return (set_off || indented).then(|| trim_invisible(behind));
    }
    let behind = text.strip_prefix(BULLETS)?;
    let is_ascii = text.starts_with(['-', '*', '+']);
    let is_dash = text.starts_with(['–', '—']);
    let spaced = behind.starts_with(char::is_whitespace);
    (spaced || !(is_ascii || is_dash)).then(|| trim_invisible(behind))
}

/// Whether the whole text is bold or italic. A closing mark whose opening was lost in conversion
/// ('4. Out of hours**') counts.
fn is_emphasised(text: &str) -> bool {
    let marks = text.matches("**").count();
    let italic = |mark: char| {
        text.len() > 2
            && text.starts_with(mark)
            && text.ends_with(mark)
            && text.matches(mark).count() == 2
    };
    match marks {
        1 => text.ends_with("**"),
        2 => text.starts_with("**") && text.ends_with("**"),
        0 => italic('*') || italic('_'),
        _ => false,
    }
}

/// The words without Markdown's marks, white space folded to single spaces.
fn without_emphasis(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '\\' if next.is_ascii_punctuation() => {
                chars.next();
                plain.push(next);
                before = next;
                continue;
            }
            '*' if !(before.is_whitespace() && next.is_whitespace()) => {}
            '`' => {}
            '_' => {
                let mut run = 1;
                while chars.next_if_eq(&'_').is_some() {
                    run += 1;
                }
                let behind = chars.peek().copied().unwrap_or(' ');
                let is_mark = run <= 2 && before.is_alphanumeric() != behind.is_alphanumeric();
                if !is_mark {
                    plain.extend(std::iter::repeat_n('_', run));
                }
            }
            _ if c.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            _ if is_invisible(c) => {}
            _ => plain.push(c),
        }
        before = c;
    }
    plain.trim().to_owned()
}

/// Whether the first letter is a small one, quotation marks and brackets passed over.
pub(super) fn starts_lower_case(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(|c| c.is_lowercase() && !text.starts_with("http"))
}

/// The last character that is no closing quotation mark or bracket.
fn last_mark(text: &str) -> Option<char> {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '’' | '”' | ')' | ']' | '*' | '_')
    })
    .chars()
    .next_back()
}

/// Whether a text comes to a full stop.
pub(super) fn is_finished(text: &str) -> bool {
    matches!(last_mark(text), None | Some('.' | '!' | '?'))
}

/// Whether a text breaks off: the next line may go on with its sentence.
pub(super) fn is_open(text: &str) -> bool {
    !matches!(last_mark(text), None | Some('.' | '!' | '?' | ':' | ';'))
}

/// Whether a text announces a list.
pub(super) fn announces_list(text: &str) -> bool {
    last_mark(text) == Some(':')
}

/// Whether a text breaks off at a word that cannot end a sentence.
pub(super) fn ends_in_joining_word(text: &str) -> bool {
    const JOINING: [&str; 34] = [
        "a", "an", "and", "any", "as", "at", "between", "by", "every", "for", "from", "his", "in",
        "into", "is", "its", "nor", "of", "on", "or", "our", "should", "such", "than", "that",
        "the", "their", "this", "to", "under", "which", "who", "with", "your",
    ];
    if text.ends_with(',') {
        return true;
    }
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    JOINING.iter().any(|word| last.eq_ignore_ascii_case(word))
}
