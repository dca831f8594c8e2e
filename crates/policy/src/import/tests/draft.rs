//! The draft of a policy file.

use super::read;

#[test]
fn a_draft_has_a_table_for_every_fact_and_sentence() {
    let document = read(
        "Online \"Safe\" Policy\n\nNext review: Summer 2025\nReview \
         cycle: every two years\n\nUSE AT WORK\n\n\
         Elm Trust binds staff. They must ask Elm Trust.\n\n1.1 Staff \
         may:\n\n- rest.\n",
    );
    let draft = document.to_draft_toml();
    let (preface, tables) = draft.split_once("id = ").unwrap();
    assert!(preface.lines().all(|line| line.starts_with('#')));
    let expected = r#""elm-trust"
title = "Online \"Safe\" Policy"
organisation = "Elm Trust"
short = "Elm Trust"
kind = "trust"
nation = "england"

[[fact]]
kind = "review-due"
value = "2025-07-31"
printed = "Summer 2025"
clause = "control.1"

[[fact]]
kind = "review-period-months"
value = "24"
printed = "every two years"
clause = "control.2"
"#;
    assert!(tables.starts_with(expected), "{tables}");
    let clauses: Vec<_> = tables.split("[[clause]]").skip(3).map(str::trim).collect();
    let rest = "says = \"\"\ncarried_by = []";
    let heading = "heading = \"USE AT WORK\"";
    assert_eq!(
        clauses,
        [
            format!(
                "ref = \"use-at-work.1.a\"\nprinted = \"Use at work, para 1\"\n{heading}\n\
                 line = 8\nmodality = \"inform\"\n{rest}"
            ),
            format!(
                "ref = \"use-at-work.1.b\"\nprinted = \"Use at work, para 1\"\n{heading}\n\
                 line = 8\nmodality = \"must\"\n{rest}"
            ),
            format!(
                "ref = \"1.1.stem\"\nprinted = \"1.1\"\n{heading}\nline = 10\n\
                 modality = \"may\"\n{rest}"
            ),
            format!(
                "ref = \"1.1.a\"\nprinted = \"1.1, point 1\"\n{heading}\nline = 12\n\
                 modality = \"may\"\n{rest}"
            ),
        ]
    );
}

#[test]
fn facts_and_a_section_on_control_have_different_names() {
    let document = read("Online Policy\n\nVersion: 2\n\nCONTROL\n\nStaff must ask.\n");
    let draft = document.to_draft_toml();
    assert_eq!(draft.matches("ref = \"control.1\"").count(), 1);
    assert!(draft.contains("ref = \"control-2.1\""));
}
