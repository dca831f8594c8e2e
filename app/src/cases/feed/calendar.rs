//! Deadlines as iCalendar (RFC 5545): lines of 75 octets at most, ended by CRLF, texts escaped.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The longest line, in octets, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// A deadline in a calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    /// What a calendar knows it by when it comes again.
    pub(super) uid: String,
    /// By when.
    pub(super) due: Timestamp,
    /// The reference of the case and what must be done.
    pub(super) summary: String,
}

/// A whole calendar. What is due at the end of a day stands on that day as a whole.
pub(super) fn calendar(entries: &[Entry], now: Timestamp, zone: &TimeZone) -> String {
    let mut text = String::new();
    for start in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Probity//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Probity: deadlines",
        "X-WR-CALNAME:Probity: deadlines",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ] {
        line(&mut text, start);
    }
    for entry in entries {
        line(&mut text, "BEGIN:VEVENT");
        line(&mut text, &format!("UID:{}", escaped(&entry.uid)));
        line(&mut text, &format!("DTSTAMP:{}", utc(now)));
        line(&mut text, &start(entry.due, zone));
        line(&mut text, &format!("SUMMARY:{}", escaped(&entry.summary)));
        line(&mut text, "TRANSP:TRANSPARENT");
        line(&mut text, "CLASS:PRIVATE");
        line(&mut text, "END:VEVENT");
    }
    line(&mut text, "END:VCALENDAR");
    text
}

fn start(due: Timestamp, zone: &TimeZone) -> String {
    let local = due.to_zoned(zone.clone());
    if (local.hour(), local.minute()) == (23, 59) {
        return format!("DTSTART;VALUE=DATE:{}", local.strftime("%Y%m%d"));
    }
    format!("DTSTART:{}", utc(due))
}

fn utc(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y%m%dT%H%M%SZ")
}

/// A text value (RFC 5545, 3.3.11). Characters of control cannot stand in one.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Adds a line, folded: what does not fit goes on in the next one behind a space.
fn line(to: &mut String, content: &str) {
    let mut length = 0;
    for letter in content.chars() {
        if length + letter.len_utf8() > LINE {
            to.push_str("\r\n ");
            length = 1;
        }
        to.push(letter);
        length += letter.len_utf8();
    }
    to.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(summary: &str, due: &str) -> String {
        let entry = Entry {
            uid: "01case.acknowledge.1".into(),
            due: due.parse().unwrap(),
            summary: summary.into(),
        };
        let zone = TimeZone::get("Europe/London").unwrap();
        calendar(&[entry], "2026-11-20T12:00:00Z".parse().unwrap(), &zone)
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn a_deadline_at_the_end_of_a_day_is_that_day() {
        let text = one("DEC-2026-0001: acknowledge it", "2026-07-03T22:59:00Z");
        assert!(
            text.contains("\r\nDTSTART;VALUE=DATE:20260703\r\n"),
            "{text}"
        );
        assert!(text.contains("\r\nSUMMARY:DEC-2026-0001: acknowledge it\r\n"));
        let text = one("DEC-2026-0001: ring", "2026-11-22T09:30:00Z");
        assert!(text.contains("\r\nDTSTART:20261122T093000Z\r\n"), "{text}");
    }

    #[test]
    fn texts_are_escaped() {
        let text = one("a; b, c\\d\ne\r\nf\u{7}", "2026-11-22T09:30:00Z");
        assert!(
            text.contains("SUMMARY:a\\; b\\, c\\\\d\\ne\\nf\r\n"),
            "{text}"
        );
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_nothing_is_lost() {
        for letter in ["x", "é", "€", "𝄞"] {
            for count in [60, 66, 67, 68, 75, 150, 400] {
                let summary = letter.repeat(count);
                let text = one(&summary, "2026-11-22T09:30:00Z");
                assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
                assert!(unfolded(&text).contains(&format!("\r\nSUMMARY:{summary}\r\n")));
                assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            }
        }
    }

    #[test]
    fn an_empty_calendar_is_one() {
        let text = calendar(&[], Timestamp::UNIX_EPOCH, &TimeZone::UTC);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
    }
}
