//! What holds for every text.

use proptest::prelude::*;

use super::super::{Document, import};

/// A line such as documents are made of.
fn line() -> impl Strategy<Value = String> {
    let front = prop::sample::select(vec![
        "",
        "",
        "",
        "- ",
        "  - ",
        "    * ",
        "• ",
        "# ",
        "## ",
        "> ",
        "1. ",
        "2. ",
        "3) ",
        "1.1 ",
        "1.2. ",
        "2.1.1 ",
        "(a) ",
        "b) ",
        "c. ",
        "(iv) ",
        "- 4. ",
        "- (b) ",
        "**5. ",
        "Section 3: ",
        "\t",
        "\u{c}",
        "o ",
        "_",
        "\\- ",
        "6.3(a) ",
        "7",
        "Appendix B ",
        "2.",
    ]);
    let words = prop::sample::select(vec![
        "",
        "Staff must not post.",
        "Staff should:",
        "pupils and",
        "families",
        "Scope",
        "RULES",
        "Contents",
        "Online Policy",
        "Page 3",
        "DRAFT",
        "Document control",
        "Date: May 2024",
        "Approved by:",
        "Reviewed by Ms Elm May 2021",
        "| Status | Draft |",
        "be kind;",
        "be fair; or",
        "-----",
        "======",
        "it may be **bold**",
        "see 2.1",
        "Summary of changes",
        "Who may ask?",
        "End of part one.",
        "The school will keep this",
        "…",
        "4",
    ]);
    let back = prop::sample::select(vec!["", "", "", "**", " ", "\t", "\r", " ...... 7"]);
    (front, words, back).prop_map(|(front, words, back)| format!("{front}{words}{back}"))
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![4 => line(), 1 => Just(String::new()), 1 => "\\PC{0,30}"],
        0..60,
    )
    .prop_map(|lines| lines.join("\n"))
}

/// Letters and digits, to hold a line against what became of it.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What the document says stands on each line, number and words.
fn told(document: &Document) -> Vec<(usize, String)> {
    let mut told = Vec::new();
    for clause in document.clauses() {
        for (at, line) in clause.lines.iter().enumerate() {
            let marker = clause
                .marker
                .as_deref()
                .filter(|_| at == 0)
                .unwrap_or_default();
            told.push((line.line, format!("{marker}{}", line.text)));
        }
    }
    told.extend(
        document
            .furniture
            .iter()
            .map(|furniture| (furniture.line, furniture.text.clone())),
    );
    told
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = import(&text);
    }

    #[test]
    fn every_line_is_in_one_place(text in document()) {
        let text = format!("{text}\nStaff must ask.");
        let document = import(&text);
        prop_assume!(document.is_ok());
        let Ok(document) = document else { return Ok(()) };
        let lines: Vec<&str> = text.split('\n').collect();
        let expected: Vec<usize> = (1..=lines.len())
            .filter(|number| !lines[number - 1].trim().is_empty())
            .collect();
        let placed: Vec<usize> = document.places().into_iter().map(|(line, _)| line).collect();
        prop_assert_eq!(placed, expected);
    }

    #[test]
    fn lines_keep_their_numbers_and_words(text in document()) {
        let text = format!("{text}\nStaff must ask.");
        let Ok(document) = import(&text) else { return Ok(()) };
        let lines: Vec<&str> = text.split('\n').collect();
        for (number, words) in told(&document) {
            let source = letters(lines[number - 1]);
            let words = letters(&words);
            // Word's hollow bullet is a letter in the source and no word.
            let same = source == words || source.strip_prefix('o') == Some(words.as_str());
            prop_assert!(same, "line {}: {:?} became {:?}", number, lines[number - 1], words);
        }
    }

    #[test]
    fn no_two_clauses_and_no_two_sentences_share_a_name(text in document()) {
        let Ok(document) = import(&format!("{text}\nStaff must ask.")) else { return Ok(()) };
        let mut clauses: Vec<_> = document.clauses().map(|clause| &clause.address).collect();
        let mut sentences: Vec<_> = document
            .clauses()
            .flat_map(|clause| &clause.sentences)
            .map(|sentence| &sentence.address)
            .collect();
        let before = (clauses.len(), sentences.len());
        clauses.sort();
        clauses.dedup();
        sentences.sort();
        sentences.dedup();
        prop_assert_eq!((clauses.len(), sentences.len()), before);
    }

    #[test]
    fn sentences_begin_on_lines_of_their_clause(text in document()) {
        let Ok(document) = import(&format!("{text}\nStaff must ask.")) else { return Ok(()) };
        for clause in document.clauses() {
            for sentence in &clause.sentences {
                prop_assert!(clause.lines.iter().any(|line| line.line == sentence.line));
            }
        }
    }
}

/// Work a line, counted in places rather than in time: a document ten times as long gives ten times
/// the clauses, whatever it is made of, and the largest that is read is read.
#[test]
fn the_longest_documents_are_read() {
    let paragraph = "Staff must not share a log-in with anybody, whoever asks for it and why.";
    for unit in [
        format!("{paragraph}\n"),
        format!("{paragraph}\n\n"),
        format!("- {paragraph}\n"),
        "(a) ask;\n".to_owned(),
        "1.1 Staff must ask.\n".to_owned(),
        "1. Ask\n".to_owned(),
        "# Ask\n".to_owned(),
    ] {
        let times = 2000;
        let text = format!("Staff must:\n{}", unit.repeat(times));
        let document = import(&text).unwrap_or_else(|error| panic!("{error}: {unit}"));
        let expected = 1 + unit.trim().lines().count() * times;
        assert_eq!(document.places().len(), expected, "{unit}");
    }
}
