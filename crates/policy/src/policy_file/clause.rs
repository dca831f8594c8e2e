//! Reads one `[[clause]]`.

use crate::fields::Fields;
use crate::vocabulary::{ASKER, Vocabulary};
use crate::when;

use super::rule::{STRENGTHS, rule};
use super::{Clause, Conflict, Covers, Modality};

const MODALITIES: &[(&str, Modality)] = &[
    ("must", Modality::Must),
    ("must-not", Modality::MustNot),
    ("should", Modality::Should),
    ("should-not", Modality::ShouldNot),
    ("may", Modality::May),
    ("right", Modality::Right),
    ("duty-of-school", Modality::DutyOfSchool),
    ("inform", Modality::Inform),
];
const MECHANISMS: [&str; 4] = ["decide", "notice", "governance", "screen"];
const REGISTER: &str = "register:";

pub(super) fn clause(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Clause {
    let text = |key| {
        fields
            .required(key)
            .map(|t| t.is.to_owned())
            .unwrap_or_default()
    };
    let clause = Clause {
        reference: text("ref"),
        printed: text("printed"),
        heading: fields
            .text("heading")
            .map(|t| t.is.to_owned())
            .unwrap_or_default(),
        line: fields.number("line"),
        subject: fields
            .text("subject")
            .map(|t| t.is.to_owned())
            .unwrap_or_default(),
        modality: fields
            .one_of("modality", MODALITIES)
            .unwrap_or(Modality::Inform),
        says: text("says"),
        carried_by: mechanisms(fields),
        aim: fields.flag("aim"),
        pages: pages(fields),
        covers: fields
            .tables("covers")
            .iter()
            .filter_map(|f| covers(f, vocabulary))
            .collect(),
        rules: fields
            .tables("rule")
            .iter()
            .map(|f| rule(f, vocabulary))
            .collect(),
        conflicts: fields
            .tables("conflict")
            .iter()
            .filter_map(conflict)
            .collect(),
        file_line: fields.line(),
    };
    fields.finish();
    clause
}

fn mechanisms(fields: &Fields<'_, '_, '_>) -> Vec<String> {
    let names = fields.texts("carried_by").unwrap_or_default();
    if names.is_empty() {
        fields.reader.fault(
            fields.at(),
            "'carried_by' is missing here: what carries the clause out.",
        );
    }
    for name in &names {
        let register = name
            .is
            .strip_prefix(REGISTER)
            .is_some_and(|kind| !kind.is_empty());
        if !register && !MECHANISMS.contains(&name.is) {
            let what = format!(
                "'{}' carries nothing out; a register is written 'register:kind'.",
                name.is
            );
            fields
                .reader
                .unknown(name.at.clone(), what, name.is, MECHANISMS);
        }
    }
    names.iter().map(|n| n.is.to_owned()).collect()
}

/// The addresses of the program's pages that carry the clause out.
fn pages(fields: &Fields<'_, '_, '_>) -> Vec<String> {
    let pages = fields.texts("pages").unwrap_or_default();
    for page in pages.iter().filter(|page| !page.is.starts_with('/')) {
        let what = "A page is named by its address, such as '/retention'.";
        fields.reader.fault(page.at.clone(), what);
    }
    pages.iter().map(|page| page.is.to_owned()).collect()
}

fn covers(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Covers> {
    let names = fields.texts("asker").unwrap_or_default();
    let shown = fields.flag("shown");
    let strength = fields.one_of("strength", STRENGTHS);
    fields.finish();
    let Some((_, asker)) = vocabulary.attribute(ASKER) else {
        fields.reader.fault(
            fields.at(),
            format!("The vocabulary has no attribute '{ASKER}' to cover."),
        );
        return None;
    };
    if names.is_empty() {
        fields.reader.fault(
            fields.at(),
            format!("'{ASKER}' is missing here: whom the clause binds."),
        );
    }
    Some(Covers {
        askers: when::values(fields.reader, asker, &names),
        shown,
        strength,
    })
}

fn conflict(fields: &Fields<'_, '_, '_>) -> Option<Conflict> {
    let (law, advice) = (fields.required("law"), fields.required("advice"));
    fields.finish();
    Some(Conflict {
        law: law?.is.to_owned(),
        advice: advice?.is.to_owned(),
        line: fields.line(),
    })
}
