//! Texts made to do harm: long, deep, disguised, full of what is not seen.

use std::time::{Duration, Instant};

use screen::{Draft, Kind, Sure, screen};

use crate::school::{INDEX, LISTS};

/// So many bytes of each, and all of them one after another.
const LENGTH: usize = 1 << 18;

fn long(piece: &str) -> String {
    piece.repeat(LENGTH / piece.len())
}

#[test]
fn much_harm_is_read_in_bounded_time_with_bounded_findings() {
    let pieces = [
        "\u{202e}\u{2066}Ella\u{2069} Khan\u{202c} ",
        "E\u{200d}l\u{200b}l\u{2060}a K\u{feff}han ",
        "Е\u{301}llа Кhаn ",
        "((((((((([[[[[[[[{{{{{{{{",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦",
        "Ella Khan 07700 900123 ella@gmail.com https://bit.ly/x ",
        "a\u{300}\u{301}\u{302}\u{303}\u{304}",
        "E l l a K h a n ",
        "the school is a disgrace ",
        "xn--e1awd7f.com ",
        "http://07700900123/07700900456 ",
    ];
    let mut all = String::new();
    for piece in pieces {
        let text = long(piece);
        all.push_str(&text);
        let start = Instant::now();
        let screening = screen(&Draft::of(text), &INDEX, &LISTS);
        let took = start.elapsed();
        assert!(screening.findings.len() <= 10_000, "{piece}");
        assert!(took < Duration::from_secs(20), "{piece}: {took:?}");
    }
    let screening = screen(&Draft::of(all), &INDEX, &LISTS);
    assert!(screening.findings.len() <= 10_000);
}

#[test]
fn a_name_deep_in_a_long_text_is_found_once_wherever_it_stands() {
    // Across the places where a long text is parted, too.
    for before in (65_500..65_560).chain([200_000]) {
        let text = format!(
            "{}{} Ella Khan won",
            "- ".repeat(before / 2),
            "x".repeat(before % 2)
        );
        let screening = screen(&Draft::of(text.as_str()), &INDEX, &LISTS);
        let names = screening.findings.iter();
        let names = names.filter(|f| f.kind == Kind::PupilFullName && f.sure >= Sure::Likely);
        let found: Vec<&str> = names
            .map(|f| text.get(f.span.clone()).expect("a span"))
            .collect();
        assert_eq!(found, ["Ella Khan"], "{before}");
    }
}
