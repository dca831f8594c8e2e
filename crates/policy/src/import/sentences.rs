//! A text to its sentences.

use super::lines::TextLine;

/// A sentence and the line it begins on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The sentences of one paragraph.
pub(super) fn of_paragraph(lines: &[TextLine]) -> Vec<Spoken> {
    let mut text = String::new();
    let mut starts = Vec::new();
    for line in lines.iter().filter(|line| !line.text.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        starts.push((text.len(), line.line));
        text.push_str(&line.text);
    }
    let line_of = |offset: usize| {
        let behind = starts.partition_point(|(start, _)| *start <= offset);
        behind
            .checked_sub(1)
            .and_then(|at| starts.get(at))
            .map_or(0, |(_, line)| *line)
    };
    split(&text)
        .into_iter()
        .map(|(offset, sentence)| Spoken {
            line: line_of(offset),
            text: sentence.to_owned(),
        })
        .collect()
}

/// The sentences of a text and where each begins.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((closing, c)) = chars
            .next_if(|(_, c)| matches!(c, '"' | '\'' | '’' | '”' | ')' | ']' | '.' | '!' | '?'))
        {
            end = closing + c.len_utf8();
        }
        let Some((_, ' ')) = chars.peek() else {
            continue;
        };
        let next = text
            .get(end..)
            .and_then(|rest| rest.trim_start().chars().next());
        let begins = next.is_some_and(|c| {
            c.is_uppercase()
                || c.is_ascii_digit()
                || matches!(c, '"' | '\'' | '‘' | '“' | '(' | '[')
        });
        let before = text.get(start..at).unwrap_or_default();
        if begins && !(c == '.' && ends_in_abbreviation(before)) {
            sentences.push((start, end));
            start = end + 1;
        }
    }
    sentences.push((start, text.len()));
    sentences
        .into_iter()
        .filter_map(|(start, end)| Some((start, text.get(start..end)?)))
        .map(|(start, sentence)| (start + leading_space(sentence), sentence.trim()))
        .filter(|(_, sentence)| !sentence.is_empty())
        .collect()
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn ends_in_abbreviation(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 22] = [
        "e.g", "eg", "i.e", "ie", "etc", "no", "nos", "mr", "mrs", "ms", "dr", "st", "vs",
        "approx", "para", "paras", "cf", "incl", "inc", "ltd", "dept", "tel",
    ];
    let word = text
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    let is_initial = word.len() == 1 && word.chars().all(char::is_uppercase);
    is_initial
        || ABBREVIATIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        split(text)
            .into_iter()
            .map(|(_, sentence)| sentence)
            .collect()
    }

    #[test]
    fn splits_at_full_stops_and_not_at_abbreviations() {
        assert_eq!(
            texts("Ask first. Use a school account, e.g. Bluesky (see no. 4). \"Never\" is clear!"),
            [
                "Ask first.",
                "Use a school account, e.g. Bluesky (see no. 4).",
                "\"Never\" is clear!"
            ]
        );
        assert_eq!(
            texts("Version 1.1 applies. It binds Mr. A. Smith."),
            ["Version 1.1 applies.", "It binds Mr. A. Smith."]
        );
    }

    #[test]
    fn a_sentence_keeps_the_line_it_begins_on() {
        let line = |line, text: &str| TextLine {
            line,
            text: text.to_owned(),
        };
        let spoken = of_paragraph(&[line(3, "One. Two goes"), line(5, "on. Three.")]);
        let lines: Vec<_> = spoken.iter().map(|spoken| spoken.line).collect();
        assert_eq!(lines, [3, 3, 5]);
    }
}
