//! The name of an attached file: shown and given back, never used as a path.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::kind::Kind;

/// Longer names are cut, in characters.
const LONGEST: usize = 120;
/// What RFC 8187 lets stand as it is (`attr-char`), beside letters and digits.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// A name that is safe to show and to save under: no folders, nothing invisible, and an ending that the kind has.
#[must_use]
pub(super) fn clean(given: &str, kind: Kind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let kept = if kept.is_empty() { "attachment" } else { kept };
    let (stem, ending) = kept.rsplit_once('.').unwrap_or((kept, ""));
    let fits = kind
        .endings
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known));
    let usual = kind.endings.first().copied().unwrap_or("bin");
    let (stem, ending) = match fits {
        true => (stem, ending),
        false => (kept, usual),
    };
    let stem: String = stem.chars().take(LONGEST).collect();
    format!("{stem}.{ending}")
}

/// Control characters, those that reorder or hide text, and those that no file system likes.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

/// The header that makes a browser save the file under its name (RFC 6266, RFC 8187), and never show it.
#[must_use]
pub(super) fn content_disposition(name: &str) -> String {
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%');
    let fallback: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let encoded: Cow<'_, str> = utf8_percent_encode(name, ENCODED).into();
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(given: &str) -> String {
        clean(given, Kind::named("image/png").unwrap())
    }

    #[test]
    fn folders_hidden_characters_and_wrong_endings_go() {
        for (given, kept) in [
            ("screenshot.png", "screenshot.png"),
            ("Screenshot.PNG", "Screenshot.PNG"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\Users\\jo\\a.png", "a.png"),
            ("photo.jpg", "photo.jpg.png"),
            ("gnp.exe\u{202e}.png", "gnp.exe.png"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
            ("", "attachment.png"),
            ("..", "attachment.png"),
            (".png", "png.png"),
            ("Zo\u{eb}\u{2019}s chat.png", "Zo\u{eb}\u{2019}s chat.png"),
        ] {
            assert_eq!(png(given), kept, "{given:?}");
        }
        assert_eq!(png(&"x".repeat(500)).chars().count(), LONGEST + 4);
    }

    #[test]
    fn the_header_gives_the_name_in_both_forms() {
        assert_eq!(
            content_disposition("Zo\u{eb}\u{2019}s 100% \"chat\".png"),
            "attachment; filename=\"Zo__s 100_ _chat_.png\"; filename*=UTF-8''Zo%C3%AB%E2%80%99s%20100%25%20%22chat%22.png"
        );
    }

    proptest! {
        #[test]
        fn any_name_gives_a_header_of_visible_ascii(given: String) {
            let header = content_disposition(&png(&given));
            prop_assert!(header.bytes().all(|b| (0x20..0x7f).contains(&b)), "{}", header);
            prop_assert_eq!(header.matches('"').count(), 2);
        }
    }
}
