//! Clause numbers: how they are printed, and which of them are numbers at all.

mod order;

pub(super) use order::drop_implausible;

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
