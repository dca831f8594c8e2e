//! Clause numbers: how they are printed, and which of them are numbers at all.

use super::lines::{Line, ends_in_joining_word, is_open, starts_lower_case};

/// A number or letter in front of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// To the letter: '1.1.', '(a)', '6.3(a)'.
    pub(super) printed: String,
    /// The numbers in it: 8 and 3 of '8.3'.
    pub(super) numbers: Vec<u16>,
    /// The letters in it: 'a' of '6.3(a)' and of 'a.'; all of 'Appendix A'.
    pub(super) letters: Vec<String>,
    pub(super) shape: Shape,
}

/// The punctuation around it, which tells one list from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Bare,
    Dot,
    Bracket,
    Brackets,
    /// A word in front: 'Section 4', 'Appendix A'.
    Named,
}

impl Marker {
    /// A whole number: '4.'.
    pub(super) fn integer(&self) -> Option<u16> {
        match (self.numbers.as_slice(), self.letters.as_slice()) {
            ([number], []) => Some(*number),
            _ => None,
        }
    }

    /// A number with a dot inside: '8.3', '6.3(a)'.
    pub(super) fn is_decimal(&self) -> bool {
        self.numbers.len() > 1 || (!self.numbers.is_empty() && !self.letters.is_empty())
    }

    /// A letter alone: '(a)', 'ii.'.
    pub(super) fn letter(&self) -> Option<&str> {
        match (self.numbers.as_slice(), self.letters.as_slice()) {
            ([], [letter]) if self.shape != Shape::Named => Some(letter),
            _ => None,
        }
    }

    /// Without the punctuation around it: 'a' of '(a)'.
    pub(super) fn bare(&self) -> &str {
        let outside = |c: char| !c.is_alphanumeric();
        self.printed.trim_matches(outside)
    }

    /// Whether both could belong to one list: the same punctuation and case.
    pub(super) fn matches_style(&self, other: &Marker) -> bool {
        let case = |marker: &Marker| {
            marker
                .letter()
                .map(|letter| letter.starts_with(char::is_uppercase))
        };
        self.shape == other.shape && case(self) == case(other)
    }
}

/// The full number of a clause: its own and those of the clauses around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path {
    pub(super) numbers: Vec<u16>,
    pub(super) tail: Vec<String>,
}

impl Path {
    pub(super) fn of(marker: &Marker) -> Path {
        Path {
            numbers: marker.numbers.clone(),
            tail: marker.letters.clone(),
        }
    }

    /// This number with a list item's under it: 6.3 and (a).
    pub(super) fn with(&self, item: &Marker) -> Path {
        let mut path = self.clone();
        path.tail.extend(item.numbers.iter().map(u16::to_string));
        path.tail.extend(item.letters.iter().cloned());
        path
    }

    /// As a reader would cite it: '6.3(a)'.
    pub(super) fn cited(&self) -> String {
        let mut cited = joined(&self.numbers);
        for part in &self.tail {
            if cited.is_empty() {
                cited.push_str(part);
            } else {
                cited.push('(');
                cited.push_str(part);
                cited.push(')');
            }
        }
        cited
    }

    /// As a clause reference: '6.3.a'.
    pub(super) fn address(&self) -> String {
        let mut address = joined(&self.numbers);
        for part in &self.tail {
            if !address.is_empty() {
                address.push('.');
            }
            address.push_str(&part.to_lowercase().replace(' ', "-"));
        }
        address
    }
}

fn joined(numbers: &[u16]) -> String {
    numbers
        .iter()
        .map(u16::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

const DEEPEST_NUMBER: usize = 6;

/// The number in front of a line and the words behind it.
pub(super) fn read(text: &str) -> Option<(Marker, &str)> {
    let (marker, rest) = if text.starts_with('(') {
        bracketed(text)?
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        numbered(text)?
    } else {
        named(text).or_else(|| lettered(text))?
    };
    Some((marker, rest.trim_start()))
}

fn marker<'a>(
    text: &'a str,
    rest: &'a str,
    numbers: Vec<u16>,
    letters: Vec<String>,
    shape: Shape,
) -> Option<(Marker, &'a str)> {
    let printed = text.strip_suffix(rest)?.trim_end().to_owned();
    Some((
        Marker {
            printed,
            numbers,
            letters,
            shape,
        },
        rest,
    ))
}

/// '(a)', '(iv)', '(3)'.
fn bracketed(text: &str) -> Option<(Marker, &str)> {
    let (inner, rest) = text.strip_prefix('(')?.split_once(')')?;
    if inner.chars().all(|c| c.is_ascii_digit()) {
        return marker(
            text,
            rest,
            vec![number(inner)?],
            Vec::new(),
            Shape::Brackets,
        );
    }
    is_letter(inner).then(|| {
        marker(
            text,
            rest,
            Vec::new(),
            vec![inner.to_owned()],
            Shape::Brackets,
        )
    })?
}

/// 'a.', 'b)', 'iv.'. White space must follow: 'e.g.' is no number.
fn lettered(text: &str) -> Option<(Marker, &str)> {
    let at = text.find(['.', ')'])?;
    let (letter, rest) = text.split_at_checked(at)?;
    let shape = if rest.starts_with('.') {
        Shape::Dot
    } else {
        Shape::Bracket
    };
    let rest = rest.get(1..)?;
    let set_off = rest.is_empty() || rest.starts_with(' ');
    (set_off && is_letter(letter))
        .then(|| marker(text, rest, Vec::new(), vec![letter.to_owned()], shape))?
}

/// 'Section 4', 'Part 2:', 'Appendix A -'.
fn named(text: &str) -> Option<(Marker, &str)> {
    const BY_NUMBER: [&str; 4] = ["Section ", "Part ", "Clause ", "Chapter "];
    const BY_NAME: [&str; 4] = ["Appendix ", "Annex ", "Annexe ", "Schedule "];
    let strip = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| strip_ignoring_case(text, name))
    };
    let by_number = strip(&BY_NUMBER);
    let behind = by_number.or_else(|| strip(&BY_NAME))?;
    let end = behind
        .find([' ', ':', '.', '-', '–'])
        .unwrap_or(behind.len());
    let (own, rest) = behind.split_at_checked(end)?;
    let rest = rest.trim_start_matches([' ', ':', '.', '-', '–', '—']);
    if by_number.is_some() {
        return marker(text, rest, vec![number(own)?], Vec::new(), Shape::Named);
    }
    let is_name = number(own).is_some() || (own.len() == 1 && is_letter(own));
    let name = text.strip_suffix(behind)?;
    is_name.then(|| {
        marker(
            text,
            rest,
            Vec::new(),
            vec![format!("{name}{own}")],
            Shape::Named,
        )
    })?
}

fn strip_ignoring_case<'a>(text: &'a str, opening: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(opening.len())?;
    head.eq_ignore_ascii_case(opening).then_some(rest)
}

/// '8.3', '1.1.', '4)', '6.3(a)', '4.a', '8.3Staff'.
fn numbered(text: &str) -> Option<(Marker, &str)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, behind) = rest.split_at_checked(end)?;
        numbers.push(number(digits)?);
        rest = behind;
        match rest.strip_prefix('.') {
            Some(behind) if behind.starts_with(|c: char| c.is_ascii_digit()) => rest = behind,
            _ => break,
        }
    }
    if numbers.len() > DEEPEST_NUMBER {
        return None;
    }
    let (letters, rest) = letters_behind(rest);
    let (shape, rest) = match rest.chars().next() {
        Some('.') => (Shape::Dot, rest.get(1..)?),
        Some(')') => (Shape::Bracket, rest.get(1..)?),
        Some(':') if numbers.len() > 1 => (Shape::Dot, rest.get(1..)?),
        _ => (Shape::Bare, rest),
    };
    let set_off = rest.is_empty() || rest.starts_with(char::is_whitespace);
    // '8.3Staff', '4.When': fused in conversion.
    let fused = (numbers.len() > 1 || shape != Shape::Bare)
        && rest.starts_with(|c: char| c.is_alphabetic() && c.is_uppercase());
    (set_off || fused).then(|| marker(text, rest, numbers, letters, shape))?
}

/// The letters of '6.3(a)(ii)', '4.a' or '4a)' behind their number.
fn letters_behind(text: &str) -> (Vec<String>, &str) {
    let mut letters = Vec::new();
    let mut rest = text;
    while let Some((inner, behind)) = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|behind| behind.split_once(')'))
    {
        if !is_letter(inner) || letters.len() == 3 {
            break;
        }
        letters.push(inner.to_owned());
        rest = behind;
    }
    if !letters.is_empty() {
        return (letters, rest);
    }
    let glued = text.strip_prefix('.').unwrap_or(text);
    let mut chars = glued.chars();
    match (chars.next(), chars.next()) {
        (Some(letter), Some('.' | ')')) if letter.is_ascii_lowercase() => {
            (vec![letter.to_string()], glued.get(1..).unwrap_or_default())
        }
        _ => (Vec::new(), text),
    }
}

/// A part of a number. Dates ('04.11.2021') and years are none.
fn number(digits: &str) -> Option<u16> {
    let plausible = digits.len() <= 3 && (digits.len() == 1 || !digits.starts_with('0'));
    if plausible { digits.parse().ok() } else { None }
}

/// One letter, a doubled one, or a small roman number.
fn is_letter(text: &str) -> bool {
    let same_case = text.chars().all(|c| c.is_ascii_lowercase())
        || text.chars().all(|c| c.is_ascii_uppercase());
    !text.is_empty() && same_case && (alphabetical(text).is_some() || roman(text).is_some())
}

/// The place of 'c', or of 'cc', in the alphabet.
fn alphabetical(text: &str) -> Option<u32> {
    let mut bytes = text.bytes().map(|byte| byte.to_ascii_lowercase());
    let first = bytes.next().filter(u8::is_ascii_lowercase)?;
    let place = u32::from(first - b'a') + 1;
    match (bytes.next(), bytes.next()) {
        (None, _) => Some(place),
        (Some(second), None) if second == first => Some(place + 26),
        _ => None,
    }
}

fn roman(text: &str) -> Option<u32> {
    const TENS: [(&str, u32); 4] = [("xxx", 30), ("xx", 20), ("x", 10), ("", 0)];
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let text = text.to_ascii_lowercase();
    let (rest, tens) = TENS
        .iter()
        .find_map(|(head, value)| Some((text.strip_prefix(head)?, value)))?;
    let ones = ONES.iter().position(|ones| *ones == rest)?;
    Some(tens + u32::try_from(ones).ok()?).filter(|value| *value > 0)
}

/// Whether `next` comes right behind `letter` in a list.
pub(super) fn follows(letter: &str, next: &str) -> bool {
    let one_more = |value: fn(&str) -> Option<u32>| matches!((value(letter), value(next)), (Some(here), Some(there)) if there == here + 1);
    one_more(alphabetical) || one_more(roman)
}

/// Whether a list may begin with it.
pub(super) fn is_first(letter: &str) -> bool {
    matches!(letter, "a" | "A" | "i" | "I")
}

/// Takes the number off lines where it is no clause number: a count or a reference that happens to
/// stand at the start of a wrapped line.
pub(super) fn drop_implausible(lines: &mut [Line<'_>]) {
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
        && super::dates::month(line.text.split(' ').next().unwrap_or_default()).is_none()
}
