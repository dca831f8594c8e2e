//! Which lines are headings, and how deep.
//!
//! Levels are in tens: 10 for a main section, 20 under it; the steps between are for headings that
//! show no level of their own (bold lines, short lines in capitals at first letters).

use super::lines::{Line, Role, announces_list, ends_in_joining_word, is_finished, is_open};
use super::modality;
use super::numbering::{Shape, follows};

const MAIN: usize = 10;
const CAPITALS_INSIDE: usize = 12;
const BOLD: usize = 15;
const SHORT_LINE: usize = 17;

/// Marks the headings among the lines of the body.
pub(super) fn mark(lines: &[Line<'_>], roles: &mut [Role]) {
    let body: Vec<usize> = (0..lines.len())
        .filter(|at| roles.get(*at) == Some(&Role::Body))
        .collect();
    let mut view = View::new(lines, &body);
    let mut place = 0;
    while let Some(at) = body.get(place).copied() {
        let found = view.heading(place);
        if let (Some(heading), Some(role)) = (&found, roles.get_mut(at)) {
            *role = Role::Heading {
                level: heading.level,
            };
            for at in body.iter().skip(place + 1).take(heading.more_lines) {
                if let Some(role) = roles.get_mut(*at) {
                    *role = Role::HeadingGoesOn;
                }
            }
        }
        view.pass(place, found.as_ref());
        place += 1 + found.map_or(0, |heading| heading.more_lines);
    }
}

/// Whether a line without any mark could be a heading, by its looks alone.
pub(super) fn could_be_heading(line: &Line<'_>, next: Option<&Line<'_>>) -> bool {
    const MOST_WORDS: usize = 10;
    const LONGEST: usize = 80;
    line.is_plain()
        && line.word_count() <= MOST_WORDS
        && line.text.len() <= LONGEST
        && is_title(&line.text)
        && line.text.starts_with(char::is_uppercase)
        && !line.raw.trim().contains(['\t', '|', '@'])
        && !line.text.contains("://")
        && !says_what_is(&line.text)
        && next.is_some_and(|next| !(next.is_plain() && next.starts_lower_case()))
}

/// The words of a title: no sentence, nothing broken off.
fn is_title(text: &str) -> bool {
    (is_open(text) || text.ends_with('?'))
        && !ends_in_joining_word(text)
        && (!modality::directs(text) || !text.contains(' '))
        && text.matches('(').count() == text.matches(')').count()
        && text.chars().any(char::is_alphabetic)
}

fn opens_with_question_word(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "what", "who", "when", "how", "why", "where", "which", "if", "using",
    ];
    let first = text
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(first))
}

/// A sentence with 'is' or 'are' in it is no title, unless it asks.
fn says_what_is(text: &str) -> bool {
    let has_verb = text
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "is" | "are" | "was" | "were" | "has" | "have"));
    has_verb && !opens_with_question_word(text)
}

/// Whether a heading tells somebody to do something and so is a clause as well.
pub(super) fn states_rule(text: &str) -> bool {
    const FEWEST_WORDS: usize = 6;
    modality::directs(text)
        && text.split_whitespace().count() >= FEWEST_WORDS
        && !opens_with_question_word(text)
}

fn is_capitals(text: &str) -> bool {
    const FEWEST_LETTERS: usize = 2;
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().count() >= FEWEST_LETTERS && letters().all(|c| !c.is_lowercase())
}

/// Whether a text announces a list, or is an item of one that goes on.
fn is_in_list(text: &str) -> bool {
    announces_list(text) || text.ends_with(';')
}

struct Heading {
    level: usize,
    more_lines: usize,
}

/// The lines of the body, with what must be known of those before and behind.
struct View<'a> {
    lines: Vec<&'a Line<'a>>,
    /// For each line, the first number with a dot inside on a later line.
    next_decimal: Vec<Option<&'a [u16]>>,
    /// The fewest hashes of any heading.
    base_hashes: usize,
    /// The main section's number.
    section: Option<u16>,
    /// Whether the line before was a heading.
    heading_before: bool,
    /// The line before, where it was an item of a list and no heading.
    item_before: Option<u16>,
}

impl<'a> View<'a> {
    fn new(lines: &'a [Line<'a>], body: &[usize]) -> View<'a> {
        let lines: Vec<_> = body.iter().filter_map(|at| lines.get(*at)).collect();
        let mut next_decimal = Vec::with_capacity(lines.len());
        let mut next = None;
        for line in lines.iter().rev() {
            next_decimal.push(next);
            match &line.marker {
                Some(marker) if marker.is_decimal() => next = Some(marker.numbers.as_slice()),
                _ => {}
            }
        }
        next_decimal.reverse();
        let base_hashes = lines
            .iter()
            .map(|line| line.hashes)
            .filter(|hashes| *hashes > 0)
            .min()
            .unwrap_or(1);
        View {
            lines,
            next_decimal,
            base_hashes,
            section: None,
            heading_before: false,
            item_before: None,
        }
    }

    fn line(&self, at: usize) -> Option<&'a Line<'a>> {
        self.lines.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<&'a Line<'a>> {
        self.line(at.checked_sub(1)?)
    }

    /// Keeps what later lines need to know of this one.
    fn pass(&mut self, at: usize, heading: Option<&Heading>) {
        let number = self.line(at).and_then(|line| line.marker.as_ref());
        let integer = number.and_then(|marker| marker.integer());
        if heading.is_some_and(|heading| heading.level == MAIN) {
            self.section = integer;
        }
        self.heading_before = heading.is_some();
        self.item_before = if heading.is_some() { None } else { integer };
    }

    fn heading(&self, at: usize) -> Option<Heading> {
        let line = self.line(at)?;
        if line.is_bare_marker() {
            return self.heading_under_number(at, line);
        }
        let level = self.level(at, line)?;
        self.with_its_other_lines(at, line, level)
    }

    /// A number alone on its line, the heading's words on the next.
    fn heading_under_number(&self, at: usize, line: &Line<'a>) -> Option<Heading> {
        const MOST_WORDS: usize = 12;
        let marker = line.marker.as_ref()?;
        let is_marked = marker.shape == Shape::Named || line.hashes > 0;
        let level = match line.hashes {
            0 => MAIN * marker.numbers.len().max(1),
            hashes => self.level_of_hashes(hashes),
        };
        let words = self.line(at + 1).filter(|next| next.is_plain());
        let has_child = self.has_child(at, &marker.numbers);
        let is_title = words.is_some_and(|words| {
            let behind = self.line(at + 2);
            words.word_count() <= MOST_WORDS
                && (is_title(&words.text) && !says_what_is(&words.text)
                    || has_child && is_open(&words.text))
                && behind.is_some_and(|behind| {
                    behind.gap_before || !behind.is_plain() || !behind.starts_lower_case()
                })
        });
        if is_title && (is_marked || marker.integer().is_some() || has_child) {
            return Some(Heading {
                level,
                more_lines: 1,
            });
        }
        is_marked.then_some(Heading {
            level,
            more_lines: 0,
        })
    }

    /// A heading may run over the end of its line.
    fn with_its_other_lines(&self, at: usize, line: &Line<'a>, level: usize) -> Option<Heading> {
        const MOST_WORDS: usize = 10;
        let Some(next) = self
            .line(at + 1)
            .filter(|next| next.is_plain() && !next.gap_before)
        else {
            return Some(Heading {
                level,
                more_lines: 0,
            });
        };
        let both_capitals =
            is_capitals(&line.text) && is_capitals(&next.text) && is_title(&next.text);
        let goes_on = next.starts_lower_case() || both_capitals;
        let ends_as_title = next.word_count() <= MOST_WORDS
            && is_open(&next.text)
            && !modality::directs(&next.text);
        if goes_on && ends_as_title && line.hashes == 0 {
            return Some(Heading {
                level,
                more_lines: 1,
            });
        }
        // What goes on as a sentence was no heading.
        let is_sentence = goes_on && line.hashes == 0;
        (!is_sentence).then_some(Heading {
            level,
            more_lines: 0,
        })
    }

    fn level(&self, at: usize, line: &Line<'a>) -> Option<usize> {
        if line.hashes > 0 {
            return Some(self.level_of_hashes(line.hashes));
        }
        match &line.marker {
            Some(marker) if marker.shape == Shape::Named => Some(MAIN),
            Some(marker) if marker.letter().is_some() => {
                self.is_lettered_heading(at, line).then_some(MAIN)
            }
            Some(marker) if marker.integer().is_some() => {
                self.is_numbered_heading(at, line).then_some(MAIN)
            }
            Some(marker) => self
                .is_deep_heading(at, line)
                .then_some(MAIN * marker.numbers.len()),
            None if line.bullet => None,
            None => self.unnumbered(at, line),
        }
    }

    fn level_of_hashes(&self, hashes: usize) -> usize {
        MAIN * (hashes.saturating_sub(self.base_hashes) + 1)
    }

    fn has_child(&self, at: usize, numbers: &[u16]) -> bool {
        let next = self.next_decimal.get(at).copied().flatten();
        next.is_some_and(|next| next.len() > numbers.len() && next.starts_with(numbers))
    }

    /// '4. Personal use' and not the fourth item of a list.
    fn is_numbered_heading(&self, at: usize, line: &Line<'a>) -> bool {
        const MOST_WORDS: usize = 12;
        const MOST_WORDS_OVER_CHILDREN: usize = 20;
        let Some(marker) = &line.marker else {
            return false;
        };
        let Some(number) = marker.integer() else {
            return false;
        };
        let opens_upper = !line.starts_lower_case();
        if self.has_child(at, &marker.numbers) {
            let text = line.text.trim_end_matches(':');
            return (is_open(text) || text.ends_with('?'))
                && opens_upper
                && line.word_count() <= MOST_WORDS_OVER_CHILDREN;
        }
        let looks_set_off = line.emphasised || is_capitals(&line.text);
        if line.bullet && !looks_set_off {
            return false;
        }
        let next_number = self
            .line(at + 1)
            .and_then(|next| next.marker.as_ref()?.integer());
        let in_list = self
            .before(at)
            .is_some_and(|before| is_in_list(&before.text))
            || (self.item_before.is_some() && self.item_before == number.checked_sub(1))
            || next_number == Some(number + 1);
        opens_upper
            && line.word_count() <= MOST_WORDS
            && is_title(&line.text)
            && (looks_set_off || !(in_list || says_what_is(&line.text)))
            && self.line(at + 1).is_some()
    }

    /// '3.3 The governors', with 3.3.1 under it.
    fn is_deep_heading(&self, at: usize, line: &Line<'a>) -> bool {
        const MOST_WORDS: usize = 10;
        let Some(marker) = line
            .marker
            .as_ref()
            .filter(|marker| marker.letters.is_empty())
        else {
            return false;
        };
        let set_off = (line.emphasised || is_capitals(&line.text)) && !line.bullet;
        !line.starts_lower_case()
            && line.word_count() <= MOST_WORDS
            && is_title(&line.text)
            && !says_what_is(&line.text)
            && (set_off || self.has_child(at, &marker.numbers) || self.stands_over_text(at, line))
    }

    /// A short line over a paragraph that begins anew.
    fn stands_over_text(&self, at: usize, line: &Line<'a>) -> bool {
        const MOST_WORDS: usize = 8;
        let next = self.line(at + 1);
        line.word_count() <= MOST_WORDS
            && !line.bullet
            && next.is_some_and(|next| {
                next.is_plain() && next.starts_with_capital() && next.text.len() > line.text.len()
            })
    }

    /// 'A. Introduction' and not an item of a list.
    fn is_lettered_heading(&self, at: usize, line: &Line<'a>) -> bool {
        const MOST_WORDS: usize = 8;
        let own = line.marker.as_ref().and_then(|marker| marker.letter());
        let Some(own) = own.filter(|letter| letter.starts_with(char::is_uppercase)) else {
            return false;
        };
        let next = self.line(at + 1);
        let next_letter = next.and_then(|next| next.marker.as_ref()?.letter());
        let in_list = next_letter.is_some_and(|next| follows(own, next))
            || self
                .before(at)
                .is_some_and(|before| is_in_list(&before.text));
        let set_off = line.emphasised
            || is_capitals(&line.text)
            || (line.gap_before && next.is_some_and(|next| next.gap_before));
        !line.bullet
            && !in_list
            && set_off
            && line.word_count() <= MOST_WORDS
            && is_title(&line.text)
            && line.text.starts_with(char::is_uppercase)
    }

    fn unnumbered(&self, at: usize, line: &Line<'a>) -> Option<usize> {
        const MOST_WORDS: usize = 14;
        let before = self.before(at);
        let runs_on = !line.gap_before && before.is_some_and(|before| is_open(&before.text));
        let is_short = line.word_count() <= MOST_WORDS;
        let text = line.text.trim_end_matches(':');
        if is_underlined(line) && is_short && is_title(text) {
            return Some(MAIN);
        }
        if is_capitals(text) && is_short && is_title(text) && !runs_on {
            let next = self.next_decimal.get(at).copied().flatten();
            let inside = self.section.is_some()
                && next.and_then(|next| next.first().copied()) == self.section;
            return Some(if inside { CAPITALS_INSIDE } else { MAIN });
        }
        if line.emphasised && is_short && is_title(text) && !says_what_is(text) && !runs_on {
            return (line.starts_with_capital() && self.line(at + 1).is_some()).then_some(BOLD);
        }
        self.is_short_line_heading(at, line, before)
            .then_some(SHORT_LINE)
    }

    /// A short line that stands by itself over a paragraph.
    fn is_short_line_heading(&self, at: usize, line: &Line<'a>, before: Option<&Line<'a>>) -> bool {
        const LONGEST_OVER_TEXT: usize = 50;
        let next = self.line(at + 1);
        if !could_be_heading(line, next) {
            return false;
        }
        let stands_apart = line.gap_before
            || self.heading_before
            || before.is_none_or(|before| is_finished(&before.text));
        let completes = before
            .is_some_and(|before| is_in_list(&before.text) || ends_in_joining_word(&before.text));
        let sits_on_text = next.is_some_and(|next| {
            next.gap_before
                || !next.is_plain()
                || (line.text.len() <= LONGEST_OVER_TEXT && next.text.len() > line.text.len())
        });
        stands_apart && !completes && sits_on_text
    }
}

/// Underlined with '===='.
fn is_underlined(line: &Line<'_>) -> bool {
    line.underlined && line.is_plain()
}
