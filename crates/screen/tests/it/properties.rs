//! Any text at all: screened, every span on the boundaries of characters and inside its part, in time that grows with
//! the text and no faster.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use screen::{Account, Audience, Draft, Kind, in_characters, in_utf16, screen};

use crate::school::{INDEX, LISTS};

fn check(draft: &Draft) {
    let screening = screen(draft, &INDEX, &LISTS);
    for finding in &screening.findings {
        let whole = draft.part(finding.part);
        let span = finding.span.clone();
        assert!(span.start < span.end, "{finding:?}");
        let words = whole.get(span.clone()).expect("a span within its part");
        let characters = in_characters(whole, &span);
        assert_eq!(characters.len(), words.chars().count());
        assert_eq!(in_utf16(whole, &span).len(), words.encode_utf16().count());
        assert!(finding.score >= 30 && !finding.why.is_empty() && !finding.mend.is_empty());
    }
    let places = screening.findings.iter().map(|f| (f.part, f.span.start));
    assert!(places.is_sorted());
}

/// Words that searches look for, with whatever people put between them.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "Ella",
        "Khan",
        "ella",
        "KHAN",
        "van der Berg",
        "O'Brien",
        "E.",
        "Mr",
        "Patel",
        "4B",
        "Year 4",
        "Oakfield",
        "the school",
        "is a",
        "disgrace",
        "07700 900123",
        "+44",
        "(0)",
        "NB3 4XY",
        "14 Station Road",
        "born on 7 March 2014",
        "password is x1",
        "http://",
        "xn--",
        "javascript:",
        "a@b.c",
        "at gmail dot com",
        "@",
        "#",
        "f*ck",
        "sh1t",
        "'s",
        "’",
        "\u{200b}",
        "\u{202e}",
        "\u{301}",
        "👩‍👩‍👧",
        "ﬃ",
        "İ",
        "ß",
        "Ǆ",
        "𝐄",
        "а",
        ".",
        ",",
        "\n",
        " ",
        "  ",
        "_",
        "-",
        "/",
        ":",
        "E l l a",
        "U823000040003",
    ];
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "\\PC{0,8}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_screened(text in text(), alt in text(), link in text(), handle in text(), official: bool, direct: bool) {
        let draft = Draft {
            text,
            alts: vec![alt],
            links: vec![link],
            profile: handle.clone(),
            handle,
            account: if official { Account::Official } else { Account::Personal },
            audience: if direct { Audience::Direct } else { Audience::Public },
        };
        check(&draft);
    }
}

fn time(text: &str) -> Duration {
    let draft = Draft::of(text);
    let start = Instant::now();
    let _screening = screen(&draft, &INDEX, &LISTS);
    start.elapsed()
}

/// Whether a text sixteen times as long takes far more than sixteen times as long. A busy machine now and then says so of
/// what is in proportion, so it has to say so again and again; what is quadratic takes 256 times as long every time.
fn grows_too_fast(piece: &str) -> bool {
    const SHORT: usize = 1 << 13;
    const TIMES: usize = 16;
    let text = |length: usize| piece.repeat(length / piece.len());
    let (short, long) = (text(SHORT), text(SHORT * TIMES));
    (0..6).all(|_| time(&long) > time(&short) * 16 * 6 + Duration::from_millis(30))
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let pieces = [
        "a",
        "@",
        "#",
        "a ",
        "@a",
        "a@",
        "a.",
        ".",
        "0",
        "0 ",
        "+",
        "(0",
        "Ella ",
        "Khan, ",
        "Ella Khan ",
        "E l l a ",
        "E.",
        "#a",
        "_a",
        "a-",
        "van der ",
        "van ",
        "Ella\u{200b}",
        "\u{301}",
        "e\u{301}",
        "👩‍👩‍👧",
        "f*",
        "http://",
        "http://a",
        "x:",
        "://",
        "www.",
        "xn--",
        "a'",
        "the school ",
        "the school is a very ",
        "i ",
        "at ",
        "at gmail ",
        "you ",
        "password ",
        "born 7 ",
        "Year ",
        "Mr ",
        "\u{202e}",
        "é",
        "中",
        "Ａ",
        "and ",
        "Ella and ",
        "1 A ",
        "B1 ",
        "Grace ",
        "elakahn",
        "#elakahnm",
        "Elx Khax ",
        "dont tell ",
        "{",
        "[[",
        "((((",
        "\u{feff}a",
    ];
    let slow: Vec<&str> = pieces
        .into_iter()
        .filter(|piece| grows_too_fast(piece))
        .collect();
    assert!(slow.is_empty(), "{slow:?}");
}

#[test]
fn a_megabyte_of_one_letter_is_one_word() {
    let text = "a".repeat(1 << 20);
    assert!(screen(&Draft::of(text), &INDEX, &LISTS).findings.is_empty());
}

#[test]
fn disguises_within_disguises_are_seen_through() {
    let texts = [
        "\u{202e}E\u{200b}l\u{200d}l\u{2060}a\u{202c} K\u{feff}han",
        "Ell\u{430}\u{200b} \u{39a}han",
        "E\u{301}lla Kha\u{303}n",
        "𝓔𝓵𝓵𝓪 𝓚𝓱𝓪𝓷",
        "Ⓔⓛⓛⓐ Ⓚⓗⓐⓝ",
        "E🎉l🎉l🎉a 🎉 Khan",
        "e-l-l-a k-h-a-n",
        "#Ell\u{430}Khan",
    ];
    for text in texts {
        let screening = screen(&Draft::of(text), &INDEX, &LISTS);
        let kinds: Vec<Kind> = screening.findings.iter().map(|f| f.kind).collect();
        assert!(kinds.contains(&Kind::PupilFullName), "{text}: {kinds:?}");
    }
}
