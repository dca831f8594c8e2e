//! Choosing what is left out of a text by ticking it: its sentences, or its single words.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::subject_access::item::{Content, Marks};

/// Something of a line that can be ticked.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Piece {
    /// Where it stands, as the form sends it: `LINE-FROM-TO`.
    pub(super) value: String,
    pub(super) text: String,
    /// Whether it is left out.
    pub(super) out: bool,
    /// Whether something of it is left out already, and not all.
    pub(super) some: bool,
}

/// What can be ticked of a line.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub(super) struct Pieces {
    /// Whether these are single words.
    pub(super) words: bool,
    pub(super) pieces: Vec<Piece>,
    /// Places that are left out and are no whole piece: sent along, so that they stay.
    pub(super) kept: Vec<String>,
}

type Span = (usize, usize);

/// The pieces of a line: its words, or its sentences.
pub(super) fn pieces(line: usize, text: &str, marks: &Marks, words: bool) -> Pieces {
    let letters: Vec<char> = text.chars().collect();
    let spans = match words {
        true => words_of(&letters),
        false => sentences_of(&letters),
    };
    let here = marks.spans.iter().filter(|(of, ..)| *of == line);
    let here: Vec<Span> = here.map(|(_, from, to)| (*from, *to)).collect();
    let is_out = |at: usize| here.iter().any(|(from, to)| (*from..*to).contains(&at));
    // The space between words that are left out is no reason to think that something of them is left.
    let counts = |at: &usize| {
        letters
            .get(*at)
            .is_some_and(|letter| !letter.is_whitespace())
    };
    let piece = |(from, to): &Span| {
        let out = (*from..*to).filter(counts).all(is_out);
        Piece {
            value: format!("{line}-{from}-{to}"),
            text: letters.iter().take(*to).skip(*from).collect(),
            out,
            some: !out && (*from..*to).filter(counts).any(is_out),
        }
    };
    let pieces: Vec<Piece> = spans.iter().map(piece).collect();
    let whole = |(from, to): &&Span| {
        let ticked = spans.iter().zip(&pieces).filter(|(_, piece)| piece.out);
        let mut letters = (*from..*to).filter(counts);
        let ticked: Vec<Span> = ticked.map(|(span, _)| *span).collect();
        letters.all(|at| ticked.iter().any(|(from, to)| (*from..*to).contains(&at)))
    };
    let kept = here.iter().filter(|span| !whole(span));
    Pieces {
        words,
        kept: kept
            .map(|(from, to)| format!("{line}-{from}-{to}"))
            .collect(),
        pieces,
    }
}

/// The places that a form ticked, as far as there is such a place.
fn ticked(content: &Content, sent: &[&str]) -> Vec<(usize, usize, usize)> {
    let place = |value: &&str| {
        let mut numbers = value.split('-').map(str::parse::<usize>);
        let (line, from, to) = (
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
        );
        let letters = content.parts.get(line)?.text.chars().count();
        (numbers.next().is_none() && from < to && to <= letters).then_some((line, from, to))
    };
    let mut places: Vec<_> = sent.iter().filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Passages that were written, one a line.
pub(super) fn written(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.trim().nfc().collect::<String>());
    lines.filter(|line| !line.is_empty()).collect()
}

/// What a form marks to be left out.
pub(super) fn marked(content: &Content, pairs: &[(String, String)]) -> Marks {
    let all = |wanted: &str| -> Vec<&str> {
        let given = pairs.iter().filter(|(name, _)| name == wanted);
        given.map(|(_, value)| value.as_str()).collect()
    };
    let ticked_names = all("other");
    let offered = content.others.iter().map(|other| &other.name);
    let names = offered
        .filter(|name| ticked_names.contains(&name.as_str()))
        .cloned();
    let own = all("passages")
        .first()
        .copied()
        .map(written)
        .unwrap_or_default();
    let parts = all("part")
        .into_iter()
        .filter_map(|place| place.parse().ok());
    Marks {
        passages: names.chain(own).collect(),
        parts: parts.filter(|place| *place < content.parts.len()).collect(),
        spans: ticked(content, &all("span")),
    }
}

/// Where words stand, in letters.
fn words_of(letters: &[char]) -> Vec<Span> {
    split(letters, |at| {
        letters.get(at).is_some_and(|letter| letter.is_whitespace())
    })
}

/// Where sentences stand: they end with a line, or with a full stop and its like before a space.
fn sentences_of(letters: &[char]) -> Vec<Span> {
    let is = |at: usize, wanted: fn(char) -> bool| letters.get(at).copied().is_some_and(wanted);
    let ends = |at: usize| {
        is(at, |letter| letter == '\n')
            || (is(at, char::is_whitespace)
                && at
                    .checked_sub(1)
                    .is_some_and(|before| is(before, |c| ".!?".contains(c))))
    };
    split(letters, ends)
}

/// The stretches between places, without the space around them; none that is empty.
fn split(letters: &[char], ends: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    for to in 0..=letters.len() {
        if to < letters.len() && !ends(to) {
            continue;
        }
        let filled = |at: &usize| {
            letters
                .get(*at)
                .is_some_and(|letter| !letter.is_whitespace())
        };
        let (first, last) = ((from..to).find(filled), (from..to).rev().find(filled));
        if let (Some(first), Some(last)) = (first, last) {
            spans.push((first, last + 1));
        }
        from = to + 1;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{pieces, ticked};
    use crate::subject_access::item::{Content, Marks, Part};

    const TEXT: &str = "Zoë came. She said 3.5 times!\n\n  Omar left ";

    fn marks(spans: &[(usize, usize, usize)]) -> Marks {
        Marks {
            spans: spans.to_vec(),
            ..Marks::default()
        }
    }

    #[test]
    fn a_text_falls_into_sentences_and_words() {
        let of = |words| pieces(2, TEXT, &Marks::default(), words).pieces;
        let texts = |words| {
            of(words)
                .into_iter()
                .map(|piece| piece.text)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(false),
            ["Zoë came.", "She said 3.5 times!", "Omar left"]
        );
        assert_eq!(texts(true).len(), 8);
        assert_eq!(of(false)[1].value, "2-10-29");
        assert!(pieces(0, " \n", &Marks::default(), false).pieces.is_empty());
    }

    #[test]
    fn what_is_ticked_stays_ticked_in_either_way() {
        let marks = marks(&[(0, 0, 9), (0, 14, 18)]);
        let sentences = pieces(0, TEXT, &marks, false);
        assert!(sentences.pieces[0].out && !sentences.pieces[1].out && sentences.pieces[1].some);
        assert_eq!(
            sentences.kept,
            ["0-14-18"],
            "a word of a sentence is sent along"
        );
        let words = pieces(0, TEXT, &marks, true);
        let out = words
            .pieces
            .iter()
            .map(|piece| piece.out)
            .collect::<Vec<_>>();
        assert_eq!(out, [true, true, false, true, false, false, false, false]);
        assert!(words.kept.is_empty());
    }

    #[test]
    fn only_places_that_are_there_count() {
        let content = Content::of("x", vec![Part::new("a", "Zoë")]);
        let sent = [
            "0-0-3", "0-0-3", "0-0-4", "1-0-1", "0-2-2", "0-0", "0-0-1-1", "-1-0-1", "a-b-c",
        ];
        assert_eq!(ticked(&content, &sent), [(0, 0, 3)]);
    }
}
