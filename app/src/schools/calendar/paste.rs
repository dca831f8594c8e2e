//! Terms, closed days and bands as lines of text: pasted in, and shown again to be changed.

use std::fmt::Write as _;

use jiff::civil::Time;

use super::dates::Partial;
use super::{Band, BandKind, Stretch};
use crate::web::dates;

/// What was read of pasted lines, or every line that could not be.
pub type Pasted<T> = Result<Vec<T>, Vec<WrongLine>>;

/// A line that cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("Line {line}: {says}")]
pub struct WrongLine {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub says: &'static str,
}

const NO_DATE: &str = "there is no date in it. Write one like 1 September 2026";
const NO_SUCH_DATE: &str = "a date is incomplete or does not exist. Write it like 1 September 2026";
const NO_LAST_DAY: &str = "a term needs its first and its last day";
const TOO_MANY: &str = "there are more than two dates in it. Put each on a line of its own";
const NO_TIMES: &str = "write when it begins and ends, like 09:00 to 10:00 lesson";
const NO_KIND: &str = "say what is on: lesson, break or directed";

/// Words between two dates or times, or between a name and a date.
const CONNECTORS: [&str; 7] = ["to", "until", "till", "from", "-", ":", "and"];

/// Terms: a name and two days on each line, in any order and with any of the usual separators.
pub fn read_terms(text: &str) -> Pasted<Stretch> {
    read(text, |line| {
        let (stretch, dates) = stretch(line, "Term")?;
        (dates == 2).then_some(stretch).ok_or(NO_LAST_DAY)
    })
}

/// Closed days: one day, or a first and a last, and why, on each line.
pub fn read_closed(text: &str) -> Pasted<Stretch> {
    read(text, |line| Ok(stretch(line, "Closed")?.0))
}

/// The bands of a day: from when to when, and what is on, on each line.
pub fn read_bands(text: &str) -> Pasted<Band> {
    read(text, band)
}

/// Terms as lines that [`read_terms`] reads.
#[must_use]
pub fn term_lines(terms: &[Stretch]) -> String {
    let mut lines = String::new();
    for term in terms {
        let (first, last) = (dates::day(term.first), dates::day(term.last));
        let _ = writeln!(lines, "{}: {first} to {last}", term.name);
    }
    lines
}

/// Closed days as lines that [`read_closed`] reads.
#[must_use]
pub fn closed_lines(closed: &[Stretch]) -> String {
    let mut lines = String::new();
    for one in closed {
        let _ = write!(lines, "{}: {}", one.name, dates::day(one.first));
        if one.last != one.first {
            let _ = write!(lines, " to {}", dates::day(one.last));
        }
        lines.push('\n');
    }
    lines
}

/// Bands as lines that [`read_bands`] reads.
#[must_use]
pub fn band_lines(bands: &[Band]) -> String {
    let mut lines = String::new();
    for band in bands {
        let (from, to) = (clock(band.from), clock(band.to));
        let _ = writeln!(lines, "{from} to {to} {}", band.kind.word());
    }
    lines
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn read<T>(text: &str, line: impl Fn(&str) -> Result<T, &'static str>) -> Pasted<T> {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for (number, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        match line(text) {
            Ok(one) => right.push(one),
            Err(says) => wrong.push(WrongLine { line: number, says }),
        }
    }
    if wrong.is_empty() {
        Ok(right)
    } else {
        Err(wrong)
    }
}

/// The words of a line. A dash between two numbers stands alone: `26-30 October`.
fn words(line: &str) -> Vec<String> {
    let line = line.replace(['–', '—'], " - ");
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        let digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
        match word.split_once('-') {
            Some((from, to)) if digit(from) && digit(to) && !to.contains('-') => {
                words.extend([from.to_owned(), "-".to_owned(), to.to_owned()]);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A name and one or two dates, and how many there were.
fn stretch(line: &str, unnamed: &str) -> Result<(Stretch, usize), &'static str> {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (mut dates, mut name) = (Vec::new(), Vec::new());
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        let date = Partial::read(rest).filter(|(date, used)| {
            // `Year 7`: a number alone is a day only where another date follows it.
            date.has_month() || rest.get(*used).is_some_and(|next| is_connector(next))
        });
        if let Some((date, used)) = date {
            dates.push(date);
            rest = rest.get(used..).unwrap_or_default();
            continue;
        }
        // `Monday 1 September`: the weekday says nothing new.
        if !(is_weekday(word) && Partial::read(after).is_some()) {
            name.push(*word);
        }
        rest = after;
    }
    let (first, last) = match dates.as_slice() {
        [] => return Err(NO_DATE),
        [one] => (one.whole(None), one.whole(None)),
        [first, last] => (first.whole(Some(*last)), last.whole(Some(*first))),
        _ => return Err(TOO_MANY),
    };
    let (first, last) = first.zip(last).ok_or(NO_SUCH_DATE)?;
    let name = match named(&name) {
        name if name.is_empty() => unnamed.to_owned(),
        name => name,
    };
    Ok((Stretch { first, last, name }, dates.len()))
}

/// The name without the words that led to the dates.
fn named(words: &[&str]) -> String {
    let mut words = words;
    while let Some((_, before)) = words.split_last().filter(|(last, _)| is_connector(last)) {
        words = before;
    }
    while let Some((_, after)) = words.split_first().filter(|(first, _)| is_connector(first)) {
        words = after;
    }
    let name = words.join(" ");
    let name = name.trim_matches(|c: char| c == ':' || c == '-' || c == ',' || c.is_whitespace());
    name.chars().take(60).collect()
}

fn is_connector(word: &str) -> bool {
    CONNECTORS.contains(&word.to_ascii_lowercase().as_str())
}

fn is_weekday(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']).to_ascii_lowercase();
    let days = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    word.len() >= 3 && days.iter().any(|day| day.starts_with(&word))
}

fn band(line: &str) -> Result<Band, &'static str> {
    let words = words(line);
    let times: Vec<Time> = words.iter().filter_map(|word| time(word)).collect();
    let [from, to] = times.as_slice() else {
        return Err(NO_TIMES);
    };
    let kind = words.iter().find_map(|word| kind(word)).ok_or(NO_KIND)?;
    Ok(Band {
        from: *from,
        to: *to,
        kind,
    })
}

/// `09:00`, `9.00`, `3:30pm`.
fn time(word: &str) -> Option<Time> {
    let word = word.trim_end_matches([',', ':']).to_ascii_lowercase();
    let (text, afternoon) = match (word.strip_suffix("pm"), word.strip_suffix("am")) {
        (Some(text), _) => (text, true),
        (_, Some(text)) => (text, false),
        _ => (word.as_str(), false),
    };
    let (hour, minute) = text.split_once([':', '.'])?;
    let hour: i8 = hour.parse().ok()?;
    let hour = if afternoon && (1..12).contains(&hour) {
        hour + 12
    } else {
        hour
    };
    let minute = (minute.len() == 2).then(|| minute.parse().ok()).flatten()?;
    Time::new(hour, minute, 0, 0).ok()
}

fn kind(word: &str) -> Option<BandKind> {
    let word = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    Some(match word.as_str() {
        "lesson" | "lessons" | "period" | "teaching" => BandKind::Lesson,
        "break" | "lunch" | "playtime" => BandKind::Break,
        "directed" | "registration" | "tutor" | "assembly" | "duty" | "meeting" => {
            BandKind::Directed
        }
        _ => return None,
    })
}
