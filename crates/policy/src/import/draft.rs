//! A draft of a policy file: every sentence of the document as a clause, for the owner to put into
//! words and rules.

use std::fmt::Write as _;

use super::document::{Clause, Document, Sentence};

impl Document {
    /// A policy file to start from: one `[[clause]]` a sentence, with its reference, printed number,
    /// line, modality and heading. What each one `says` is left for the owner to write.
    #[must_use]
    pub fn to_draft_toml(&self) -> String {
        let mut draft = String::from(
            "# A draft made from the document. Modalities were read by rule of thumb: go over them.\n\
             # Write what each clause says in your own words, and delete what is no clause.\n\n",
        );
        optional(&mut draft, "title", self.title.as_deref());
        optional(&mut draft, "organisation", self.organisation.as_deref());
        for fact in &self.control {
            draft.push_str("\n[[control]]\n");
            text(&mut draft, "kind", fact.kind.id());
            text(&mut draft, "printed", &fact.value);
            if let Some(date) = fact.date {
                text(&mut draft, "date", &date.to_string());
            }
            number(&mut draft, "line", fact.line);
        }
        for clause in self.clauses() {
            for sentence in &clause.sentences {
                table(&mut draft, clause, sentence);
            }
        }
        draft
    }
}

fn table(draft: &mut String, clause: &Clause, sentence: &Sentence) {
    draft.push_str("\n[[clause]]\n");
    text(draft, "ref", &sentence.address);
    optional(draft, "printed", clause.number.as_deref());
    number(draft, "line", sentence.line);
    text(draft, "modality", sentence.modality.id());
    optional(draft, "heading", clause.headings.last().map(String::as_str));
    text(draft, "says", "");
}

fn optional(draft: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        text(draft, key, value);
    }
}

fn number(draft: &mut String, key: &str, value: usize) {
    // Writing to a string cannot fail.
    let _ = writeln!(draft, "{key} = {value}");
}

fn text(draft: &mut String, key: &str, value: &str) {
    draft.push_str(key);
    draft.push_str(" = \"");
    for c in value.chars() {
        match c {
            '"' => draft.push_str("\\\""),
            '\\' => draft.push_str("\\\\"),
            '\t' => draft.push_str("\\t"),
            _ if c.is_control() => {
                let _ = write!(draft, "\\u{:04X}", u32::from(c));
            }
            _ => draft.push(c),
        }
    }
    draft.push_str("\"\n");
}
