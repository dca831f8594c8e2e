//! How long a text is, as its platform counts.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::limits::Limits;
use crate::marks::{Mark, marks};

/// How much of what is allowed a text takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Characters, as the platform counts them.
    pub characters: usize,
    /// How many there may be.
    pub most: usize,
    /// Bytes of the text.
    pub bytes: usize,
    /// Whether the text has too many bytes, though perhaps not too many characters: long emoji do that.
    pub too_many_bytes: bool,
}

impl Counted {
    /// How many characters are left; below nought where there are too many.
    #[must_use]
    pub fn left(&self) -> i64 {
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        whole(self.most) - whole(self.characters)
    }

    /// Whether the platform takes it.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.left() >= 0 && !self.too_many_bytes
    }
}

/// Counts a text as the platform of these limits does.
#[must_use]
pub fn counted(text: &str, limits: &Limits) -> Counted {
    let count = |text: &str| text.graphemes(true).count();
    // What is put in the place of an address or a mention is made of letters, so that clusters cannot grow across it.
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for mark in marks(text) {
        let short = match &mark {
            Mark::Link { .. } => limits.link.map(|length| "x".repeat(length)),
            Mark::Mention {
                name,
                server: Some(_),
                ..
            } if limits.short_mentions => Some(format!("@{name}")),
            _ => None,
        };
        if let (Some(short), Some(before)) = (short, text.get(from..mark.range().start)) {
            shown.push_str(before);
            shown.push_str(&short);
            from = mark.range().end;
        }
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    Counted {
        characters: count(&shown),
        most: limits.characters,
        bytes: text.len(),
        too_many_bytes: limits.bytes.is_some_and(|most| text.len() > most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_what_readers_see() {
        let family = "👨‍👩‍👧‍👦 café e\u{301}";
        assert_eq!(counted(family, &Limits::BLUESKY).characters, 8);
        let flags = "👩🏽‍🚒".repeat(300);
        let counted = counted(&flags, &Limits::BLUESKY);
        assert_eq!(counted.left(), 0);
        assert!(counted.too_many_bytes && !counted.fits());
    }

    #[test]
    fn addresses_count_for_23_on_mastodon_and_as_written_on_bluesky() {
        let text = "Sports day: https://school.example/sports-day-2026/programme.html";
        assert_eq!(counted(text, &Limits::MASTODON).characters, 12 + 23);
        assert_eq!(counted(text, &Limits::BLUESKY).characters, text.len());
        let short = "See https://a.example.";
        assert_eq!(counted(short, &Limits::MASTODON).characters, 4 + 23 + 1);
        assert_eq!(
            counted("See school.example", &Limits::MASTODON).characters,
            18
        );
    }

    #[test]
    fn the_server_of_a_mention_is_free_on_mastodon() {
        let text = "Thank you @orchestra@music.example!";
        assert_eq!(
            counted(text, &Limits::MASTODON).characters,
            "Thank you @orchestra!".len()
        );
    }

    #[test]
    fn one_too_many_does_not_fit() {
        assert!(counted(&"a".repeat(300), &Limits::BLUESKY).fits());
        assert!(!counted(&"a".repeat(301), &Limits::BLUESKY).fits());
        assert_eq!(counted(&"a".repeat(501), &Limits::MASTODON).left(), -1);
    }
}
