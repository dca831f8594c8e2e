//! A draft of a policy file: every sentence of the document as a clause, for the owner to put into
//! words and rules.

use std::fmt::Write as _;

use super::control::{ControlFact, ControlKind};
use super::dates::PrintedDate;
use super::document::{Clause, Document, Sentence};
use super::tree::slug;
use crate::policy_file::Modality;

const PREFACE: &str = "\
# A draft, made from the document. Before it can be published somebody has to go over it:
# - write in `says` what each clause says, in your own words, and delete what is no clause;
# - say in `carried_by` what carries it out, and add its rules;
# - check the modality of each clause, which was read by rule of thumb, and the lines just below.
";

/// The part of the document that its facts stand in.
const CONTROL: &str = "Document control";

impl Document {
    /// A policy file to start from: one `[[clause]]` a sentence, with its reference, what people see
    /// printed, its line, modality and heading, and a `[[fact]]` for what the document says of
    /// itself. What each clause `says` is left for the owner to write; the loader names every one
    /// that is still empty.
    #[must_use]
    pub fn to_draft_toml(&self) -> String {
        let mut draft = PREFACE.to_owned();
        let organisation = self.organisation.as_deref().unwrap_or_default();
        let is_trust = ["Trust", "MAT", "Federation"]
            .iter()
            .any(|word| organisation.contains(word));
        text(&mut draft, "id", &slug(organisation));
        text(
            &mut draft,
            "title",
            self.title.as_deref().unwrap_or_default(),
        );
        text(&mut draft, "organisation", organisation);
        text(&mut draft, "short", organisation);
        text(
            &mut draft,
            "kind",
            if is_trust { "trust" } else { "school" },
        );
        text(&mut draft, "nation", "england");
        for (place, fact) in self.facts() {
            fact_table(&mut draft, place, fact);
        }
        for (place, fact) in self.facts() {
            control_clause(&mut draft, place, fact);
        }
        for clause in self.clauses() {
            for sentence in &clause.sentences {
                clause_table(&mut draft, clause, sentence);
            }
        }
        draft
    }

    /// The facts about the document, numbered from 1. Its title has a place of its own.
    fn facts(&self) -> impl Iterator<Item = (usize, &ControlFact)> {
        (1..).zip(
            self.control
                .iter()
                .filter(|fact| fact.kind != ControlKind::Title),
        )
    }
}

fn fact_table(draft: &mut String, place: usize, fact: &ControlFact) {
    let Some((kind, value)) = in_policy_file(fact) else {
        return;
    };
    draft.push_str("\n[[fact]]\n");
    text(draft, "kind", kind);
    text(draft, "value", &value);
    if value != fact.value && !fact.blank {
        text(draft, "printed", &fact.value);
    }
    text(draft, "clause", &format!("control.{place}"));
}

/// The kind and value of a fact as policy files have them, where they have such a kind.
fn in_policy_file(fact: &ControlFact) -> Option<(&'static str, String)> {
    let words = || {
        if fact.blank {
            "blank".to_owned()
        } else {
            fact.value.clone()
        }
    };
    let date = || fact.date.map_or_else(words, day_or_year);
    match fact.kind {
        ControlKind::Adopted
        | ControlKind::Approved
        | ControlKind::InForce
        | ControlKind::Dated
        | ControlKind::Reviewed => Some((fact.kind.id(), date())),
        ControlKind::ReviewDue => fact.date.map(|date| (fact.kind.id(), day_or_year(date))),
        ControlKind::ReviewPeriod => fact
            .months
            .map(|months| ("review-period-months", months.to_string())),
        ControlKind::Reviewer => Some((ControlKind::Approver.id(), words())),
        ControlKind::Approver
        | ControlKind::Owner
        | ControlKind::Version
        | ControlKind::Status
        | ControlKind::Signature
        | ControlKind::Change => Some((fact.kind.id(), words())),
        ControlKind::Title
        | ControlKind::Strapline
        | ControlKind::Reference
        | ControlKind::Related
        | ControlKind::AppliesTo
        | ControlKind::Note => None,
    }
}

/// Policy files know years, months and days: a term is taken to last to its end.
fn day_or_year(date: PrintedDate) -> String {
    match date.end_of_season() {
        Some((month, day)) => format!("{}-{month:02}-{day:02}", date.year),
        None => date.to_string(),
    }
}

fn control_clause(draft: &mut String, place: usize, fact: &ControlFact) {
    draft.push_str("\n[[clause]]\n");
    text(draft, "ref", &format!("control.{place}"));
    text(draft, "printed", &format!("{CONTROL}, item {place}"));
    text(draft, "heading", CONTROL);
    number(draft, "line", fact.line);
    text(draft, "modality", Modality::Inform.id());
    left_for_the_owner(draft);
}

fn clause_table(draft: &mut String, clause: &Clause, sentence: &Sentence) {
    draft.push_str("\n[[clause]]\n");
    text(draft, "ref", &sentence.address);
    text(draft, "printed", &clause.printed);
    if let Some(heading) = clause.headings.last() {
        text(draft, "heading", heading);
    }
    number(draft, "line", sentence.line);
    text(draft, "modality", sentence.modality.id());
    left_for_the_owner(draft);
}

fn left_for_the_owner(draft: &mut String) {
    text(draft, "says", "");
    draft.push_str("carried_by = []\n");
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
