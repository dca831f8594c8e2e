//! Telephone numbers: British ones as they are written, others with their country's code.

use super::{Own, Spot};
use crate::kind::Kind;

/// Digits of a British number with its leading nought.
const NATIONAL: std::ops::RangeInclusive<usize> = 10..=11;
/// Digits of any number with its country's code (ITU E.164).
const ANY: std::ops::RangeInclusive<usize> = 9..=15;
/// A longer run of digits and signs is no number that somebody dials.
const LONGEST: usize = 26;

pub(super) fn search(raw: &str, own: &Own, to: &mut Vec<Spot>) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(start) = begin(bytes, at) {
        let end = run(bytes, start);
        at = end.max(start + 1);
        let Some(number) = raw.get(start..end) else {
            continue;
        };
        let attached = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        if number.len() > LONGEST || attached(before) || attached(bytes.get(end)) {
            continue;
        }
        let score = match national(number) {
            Some(digits) if own.telephones.contains(&digits) => continue,
            Some(digits) if is_british(&digits) => 92,
            _ if is_foreign(number) => 80,
            _ => continue,
        };
        to.push(Spot {
            span: start..end,
            kind: Kind::Telephone,
            score,
        });
    }
}

/// Where the next run that may be a number begins.
fn begin(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = rest.iter().enumerate().position(|(at, byte)| match byte {
        b'0'..=b'9' => true,
        b'+' | b'(' => rest.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => false,
    });
    found.map(|at| from + at)
}

/// Where a run of digits, and of single signs between them, ends.
fn run(bytes: &[u8], start: usize) -> usize {
    let mut end = start + 1;
    let mut at = start + 1;
    let mut signs = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                signs = 0;
                end = at + 1;
            }
            b' ' | b'-' | b'.' | b'(' | b')' if signs < 2 => signs += 1,
            _ => break,
        }
        at += 1;
    }
    end
}

/// The digits as they are called within the country; nothing where it is no British number.
pub(super) fn national(number: &str) -> Option<String> {
    let plus = number.trim_start().starts_with('+');
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let rest = match (plus, digits.strip_prefix("0044")) {
        (true, _) => digits.strip_prefix("44")?,
        (false, Some(rest)) => rest,
        (false, None) => return digits.starts_with('0').then_some(digits),
    };
    let rest = rest.strip_prefix('0').unwrap_or(rest);
    Some(format!("0{rest}"))
}

fn is_british(digits: &str) -> bool {
    let second = digits.as_bytes().get(1);
    let range = second.is_some_and(|b| matches!(b, b'1' | b'2' | b'3' | b'5' | b'7'..=b'9'));
    // A mobile number never has fewer.
    let short = digits.len() == 10 && second != Some(&b'1') && second != Some(&b'8');
    NATIONAL.contains(&digits.len()) && range && !short
}

fn is_foreign(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.starts_with('+') && ANY.contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::{Own, search};

    fn found(text: &str) -> Vec<String> {
        let mut spots = Vec::new();
        search(text, &Own::default(), &mut spots);
        let words = spots.iter().map(|spot| text.get(spot.span.clone()));
        words.flatten().map(str::to_owned).collect()
    }

    #[test]
    fn british_numbers_are_found_as_they_are_written() {
        for number in [
            "07700 900123",
            "07700900123",
            "+44 7700 900123",
            "+44 (0)7700 900123",
            "(01632) 960 123",
            "020 7946 0123",
            "0044 20 7946 0123",
            "07700-900-123",
        ] {
            assert_eq!(found(&format!("Ring {number}.")), [number]);
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "We raised 1,250.50 from 1200 cakes",
            "0800 is early",
            "ISBN 9780141036144",
            "on 12 03 2024 at 10 30",
            "the score was 21 15",
            "order 123456789012345678901234567890",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
