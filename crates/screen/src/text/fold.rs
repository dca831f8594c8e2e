//! One letter as it is compared: small, without accents, and what only looks like a letter of ours is that letter.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_security::confusable_detection::skeleton;

/// Writes what a letter or digit is compared as; nothing for what is only an accent.
pub(crate) fn fold(c: char, to: &mut String) {
    if c.is_ascii() {
        to.push(c.to_ascii_lowercase());
        return;
    }
    decompose_compatible(c, |part| {
        if !is_combining_mark(part) {
            for small in part.to_lowercase() {
                plain(small, to);
            }
        }
    });
}

/// Letters that no decomposition takes apart.
fn plain(c: char, to: &mut String) {
    let plain = match c {
        _ if c.is_ascii() => return to.push(c),
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        _ if is_combining_mark(c) => return,
        _ => return look_alike(c, to),
    };
    to.push_str(plain);
}

/// Cyrillic, Greek and other letters that look like Latin ones (Unicode TR 39); others as they are.
fn look_alike(c: char, to: &mut String) {
    let mut bytes = [0; 4];
    let from = to.len();
    for prototype in skeleton(c.encode_utf8(&mut bytes)) {
        if !is_combining_mark(prototype) {
            to.extend(prototype.to_lowercase());
        }
    }
    let latin = to
        .get(from..)
        .is_some_and(|new| !new.is_empty() && new.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !latin {
        to.truncate(from);
        to.push(c);
    }
}

/// What is not seen and must not part a word: joiners, direction marks, variation selectors, soft hyphens.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A text folded whole, its words run together: how names are compared.
#[cfg(test)]
pub(crate) fn folded(text: &str) -> String {
    let mut to = String::new();
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        fold(c, &mut to);
    }
    to
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn accents_and_look_alikes_go() {
        assert_eq!(folded("Zoë Łukasz Müller"), "zoelukaszmuller");
        // Cyrillic а, с, е and о.
        assert_eq!(folded("Gr\u{430}\u{441}\u{435}"), "grace");
        assert_eq!(folded("𝐄𝐥𝐥𝐚 Ｋｈａｎ"), "ellakhan");
    }
}
