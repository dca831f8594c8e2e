//! A long text in pieces, so that what is kept of it at a time is bounded.

/// Bytes of a piece. Posts are far shorter and stay whole.
const LONGEST: usize = 1 << 16;
/// What stands at the end of a piece is read again at the beginning of the next, so that a name across both is seen whole.
const AGAIN: usize = 512;
/// A piece ends between two words where one ends within so many bytes.
const WORD: usize = 4096;

/// The pieces of a text with their places.
pub(crate) fn parts(whole: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let start = at?;
        let rest = whole.get(start..)?;
        if rest.len() <= LONGEST {
            at = None;
            return Some((start, rest));
        }
        let end = between_words(rest, rest.floor_char_boundary(LONGEST), WORD);
        let again = rest.floor_char_boundary(end.saturating_sub(AGAIN));
        let next = between_words(rest, again, AGAIN);
        at = Some(start + if next > 0 { next } else { end });
        rest.get(..end).map(|piece| (start, piece))
    })
}

/// The last place before another where a word ends, if that is near; else that place.
fn between_words(text: &str, before: usize, near: usize) -> usize {
    let from = text.floor_char_boundary(before.saturating_sub(near));
    let tail = text.get(from..before).unwrap_or_default();
    tail.rfind(char::is_whitespace)
        .map_or(before, |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, parts};

    #[test]
    fn pieces_cover_a_text_and_end_between_words() {
        let texts = [
            "Ella Khan ".repeat(30_000),
            "é".repeat(200_000),
            "a\u{200b}".repeat(90_000),
            " ".repeat(200_000),
        ];
        for text in texts {
            let mut covered = 0;
            for (at, piece) in parts(&text) {
                assert!(at <= covered && piece.len() <= LONGEST, "{at}");
                assert_eq!(text.get(at..at + piece.len()), Some(piece));
                assert!(at + piece.len() > covered);
                covered = at + piece.len();
            }
            assert_eq!(covered, text.len());
        }
        let names = "Ella Khan ".repeat(30_000);
        let whole = |piece: &str| ["Ella", "Khan", " "].iter().any(|end| piece.ends_with(end));
        assert!(parts(&names).all(|(_, piece)| whole(piece)));
        assert_eq!(parts("").count(), 1);
    }
}
