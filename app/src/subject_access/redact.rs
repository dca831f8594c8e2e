//! Leaving passages out of a text for good: what is left out is in no byte of what is given.

use super::item::{Content, Marks, Part};

/// What stands where something was left out. It says nothing of how long that was.
pub(super) const LEFT_OUT: &str = "[left out]";

/// The content without what is marked; its title too.
pub(super) fn redacted(content: &Content, marks: &Marks) -> Content {
    let clean = |text: &str| without(text, &marks.passages);
    let parts = content.parts.iter().enumerate();
    let parts = parts.map(|(place, part)| match marks.parts.contains(&place) {
        true => Part::new(clean(&part.label), LEFT_OUT),
        false => {
            let here = marks.spans.iter().filter(|(line, ..)| *line == place);
            let here: Vec<(usize, usize)> = here.map(|(_, from, to)| (*from, *to)).collect();
            let text = left_out(&part.text, &marks.passages, &here);
            Part::new(clean(&part.label), text)
        }
    });
    Content {
        title: clean(&content.title),
        parts: parts.collect(),
        file: None,
        others: Vec::new(),
        withhold: None,
    }
}

/// How often a passage stands in the content.
pub(super) fn occurrences(content: &Content, passage: &str) -> usize {
    let parts = content.parts.iter();
    let texts = parts.flat_map(|part| [&part.label, &part.text]);
    let count = |text: &String| found(&text.chars().collect::<Vec<_>>(), passage).len();
    texts.chain([&content.title]).map(count).sum()
}

/// A text without the passages. Letters are compared without regard to capitals, and a space stands for any white space,
/// so that a name that runs over the end of a line is found.
pub(super) fn without(text: &str, passages: &[String]) -> String {
    left_out(text, passages, &[])
}

/// A text without the passages, and without what stands at some places: from a letter up to another.
fn left_out(text: &str, passages: &[String], places: &[(usize, usize)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut out = vec![false; chars.len()];
    let found = passages.iter().flat_map(|passage| found(&chars, passage));
    for (start, end) in found.chain(places.iter().copied()) {
        out.iter_mut()
            .take(end)
            .skip(start)
            .for_each(|out| *out = true);
    }
    let mut clean = String::new();
    let mut before = false;
    for (letter, out) in chars.drain(..).zip(out) {
        match (out, before) {
            (false, _) => clean.push(letter),
            (true, false) => clean.push_str(LEFT_OUT),
            (true, true) => {}
        }
        before = out;
    }
    clean
}

/// Where a passage stands, as places of letters: from, and up to. They may overlap.
fn found(text: &[char], passage: &str) -> Vec<(usize, usize)> {
    let wanted: Vec<&str> = passage.split_whitespace().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let starts = 0..text.len();
    starts
        .filter_map(|start| Some((start, ends(text, start, &wanted)?)))
        .collect()
}

/// Where the words end, if they begin at this place.
fn ends(text: &[char], start: usize, words: &[&str]) -> Option<usize> {
    let mut at = start;
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            let gap = text.get(at..)?.iter().take_while(|c| c.is_whitespace());
            let gap = gap.count();
            if gap == 0 {
                return None;
            }
            at += gap;
        }
        for letter in word.chars() {
            if !same(*text.get(at)?, letter) {
                return None;
            }
            at += 1;
        }
    }
    Some(at)
}

fn same(one: char, other: char) -> bool {
    one == other || one.to_lowercase().eq(other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LEFT_OUT, occurrences, redacted, without};
    use crate::subject_access::item::{Content, Marks, Part};

    fn passages(passages: &[&str]) -> Vec<String> {
        passages.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_name_is_left_out_wherever_and_however_it_is_written() {
        let text = "Omar Khan said so.\nOMAR\n KHAN again; Zoë too.";
        assert_eq!(
            without(text, &passages(&["omar khan", "ZOË"])),
            format!("{LEFT_OUT} said so.\n{LEFT_OUT} again; {LEFT_OUT} too.")
        );
        assert_eq!(without("aaa", &passages(&["aa"])), LEFT_OUT);
        assert_eq!(
            without("left as it is", &passages(&["", "  "])),
            "left as it is"
        );
    }

    #[test]
    fn titles_and_labels_are_cleaned_too() {
        let content = Content::of(
            "About Omar",
            vec![Part::new("Omar", "x"), Part::new("a", "b")],
        );
        let marks = Marks {
            passages: passages(&["Omar"]),
            parts: vec![1],
            ..Marks::default()
        };
        assert_eq!(occurrences(&content, "omar"), 2);
        let clean = redacted(&content, &marks);
        assert!(!format!("{clean:?}").contains("Omar"));
        assert_eq!(clean.parts.last().unwrap().text, LEFT_OUT);
    }

    #[test]
    fn what_stands_at_a_place_is_left_out_there_alone() {
        let content = Content::of(
            "x",
            vec![Part::new("a", "Zoë said Zoë"), Part::new("b", "Zoë")],
        );
        let marks = Marks {
            spans: vec![(0, 9, 12), (7, 0, 3)],
            ..Marks::default()
        };
        let clean = redacted(&content, &marks);
        assert_eq!(clean.parts[0].text, format!("Zoë said {LEFT_OUT}"));
        assert_eq!(clean.parts[1].text, "Zoë");
    }

    proptest! {
        #[test]
        fn no_passage_is_left(text in "[a-cA-C \n]{0,60}", wanted in prop::collection::vec("[a-c]{1,3}( [a-c]{1,2})?", 1..4)) {
            let clean = without(&text, &wanted);
            // What stands in its place is no part of the text.
            for piece in clean.split(LEFT_OUT) {
                let piece = piece.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
                for passage in &wanted {
                    prop_assert!(!piece.contains(passage.as_str()), "{passage:?} in {piece:?} of {text:?}");
                }
            }
        }
    }
}
