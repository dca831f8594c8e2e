//! Which numbers in front of lines are clause numbers at all.

use super::{Marker, Shape, follows, is_first};
use crate::import::dates;
use crate::import::lines::{Line, ends_in_joining_word, is_open, starts_lower_case};

/// Takes the number off lines where it is no clause number: a count or a reference that happens to
/// stand at the start of a wrapped line.
pub(in crate::import) fn drop_implausible(lines: &mut [Line<'_>]) {
    let mut before = Before::default();
    for line in lines {
        if let Some(marker) = &line.marker {
            if before.allows(line, marker) {
                before.passed(marker);
            } else {
                line.text = line.whole_text();
                line.marker = None;
            }
        }
        before.is_open = is_open(&line.text);
        before.needs_more = ends_in_joining_word(&line.text);
    }
}

/// The numbers and letters so far, by which the next is judged.
#[derive(Default)]
struct Before {
    numbers: Vec<u16>,
    letter: Option<Marker>,
    /// Whether the line before breaks off.
    is_open: bool,
    /// Whether it breaks off at a word that cannot end anything.
    needs_more: bool,
}

impl Before {
    fn passed(&mut self, marker: &Marker) {
        if !marker.numbers.is_empty() {
            self.numbers.clone_from(&marker.numbers);
        }
        if marker.letter().is_some() {
            self.letter = Some(marker.clone());
        }
    }

    fn allows(&self, line: &Line<'_>, marker: &Marker) -> bool {
        const MOST_WORDS: usize = 12;
        // In the middle of a sentence that is not set off from the line above.
        let runs_on = self.is_open && !line.gap_before && !line.bullet && line.hashes == 0;
        if marker.shape == Shape::Named {
            return line.text.is_empty() || is_title(line, MOST_WORDS);
        }
        if let Some(letter) = marker.letter() {
            let is_initial = letter.starts_with(char::is_uppercase) && marker.shape == Shape::Dot;
            return is_first(letter)
                || self.letter_follows(marker, letter)
                || !(runs_on || is_initial);
        }
        if marker.shape == Shape::Bare && marker.integer().is_some() {
            let is_due = marker.integer() == Some(self.numbers.first().map_or(1, |last| last + 1));
            return line.text.is_empty()
                || (is_due && is_title(line, MOST_WORDS) && !looks_like_address(&line.text));
        }
        // 'until the age of' and on the next line '18. After that ...'
        let is_count = self.needs_more || line.text.is_empty();
        let doubtful = runs_on && (is_count || starts_lower_case(&line.text));
        !doubtful || self.number_follows(&marker.numbers)
    }

    fn letter_follows(&self, marker: &Marker, letter: &str) -> bool {
        self.letter.as_ref().is_some_and(|last| {
            last.matches_style(marker) && last.letter().is_some_and(|last| follows(last, letter))
        })
    }

    /// 2.3.1, 2.4 and 3 come right behind 2.3.
    fn number_follows(&self, numbers: &[u16]) -> bool {
        let Some((own, around)) = numbers.split_last() else {
            return false;
        };
        let Some(rest) = self.numbers.strip_prefix(around) else {
            return false;
        };
        match rest.first() {
            Some(last) => last + 1 == *own,
            None => *own == 1,
        }
    }
}

/// '1 High Street, Elmton EL1 1AA' is no first section.
fn looks_like_address(text: &str) -> bool {
    text.contains([',', '@']) || text.contains(|c: char| c.is_ascii_digit())
}

/// A few words that begin with a capital and come to no full stop.
fn is_title(line: &Line<'_>, most_words: usize) -> bool {
    line.text.starts_with(char::is_uppercase)
        && line.word_count() <= most_words
        && is_open(&line.text)
        && dates::month(line.text.split(' ').next().unwrap_or_default()).is_none()
}
