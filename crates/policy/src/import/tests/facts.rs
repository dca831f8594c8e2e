//! Facts about the document itself.

use super::super::ControlKind;
use super::{clause, outline, read};

#[test]
fn ethos_paragraphs_are_clauses_under_their_headings() {
    let document = read(
        "Online Policy\n\nKindness\n\nWe value every child here.\n\nDate: May 2024\n\n1. Rules\n\n\
         1.1 Staff must ask.\n",
    );
    assert_eq!(
        outline(&document),
        [("kindness.1", vec![5]), ("1.1", vec![11])]
    );
}

#[test]
fn reviews_at_the_end_are_facts_and_no_clauses() {
    let document = read(
        "Online Policy\n\n1. Rules\n\n1.1 Staff must:\n\n- ask;\n- wait.\n\nReviewed by Ms Elm May \
         2021\nApproved by the governors 3 June 2022\n",
    );
    let facts: Vec<_> = document
        .control
        .iter()
        .map(|fact| {
            (
                fact.kind,
                fact.by.as_deref(),
                fact.date.map(|date| date.to_string()),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            (ControlKind::Title, None, None),
            (
                ControlKind::Reviewed,
                Some("Ms Elm"),
                Some("2021-05".to_owned())
            ),
            (
                ControlKind::Approved,
                Some("the governors"),
                Some("2022-06-03".to_owned())
            ),
        ]
    );
}

#[test]
fn facts_stand_in_tables_tabs_and_lines() {
    let document = read(
        "Online Policy\n\nDOCUMENT CONTROL\n\n| Approved by | The governors |\n|---|---|\n\
         | Status | |\nVersion:\t2.1\tNext review:\tMay 2030\nReview cycle:\t2 years\nSigned: \
         ______\n\nRULES\n\nStaff must ask.\n",
    );
    let facts: Vec<_> = document
        .control
        .iter()
        .skip(1)
        .map(|fact| (fact.kind, fact.value.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            (ControlKind::Approver, "The governors"),
            (ControlKind::Status, ""),
            (ControlKind::Version, "2.1"),
            (ControlKind::ReviewDue, "May 2030"),
            (ControlKind::ReviewPeriod, "2 years"),
            (ControlKind::Signature, ""),
        ]
    );
    let months: Vec<_> = document
        .control
        .iter()
        .filter_map(|fact| fact.months)
        .collect();
    assert_eq!(months, [24]);
    let blank: Vec<_> = document.control.iter().map(|fact| fact.blank).collect();
    assert_eq!(blank, [false, false, true, false, false, false, true]);
}

#[test]
fn a_draft_stamp_is_a_fact() {
    let document = read("Online Policy\n\nDRAFT\n\nStaff must ask.\n");
    assert!(
        document
            .control
            .iter()
            .any(|fact| fact.kind == ControlKind::Status)
    );
}

#[test]
fn rows_of_a_table_and_boxes_to_tick() {
    let document = read(
        "# Online Code of Conduct\n\n| | |\n|---|---|\n| **Approved by** | Elm Trust |\n\n## \
         Managers\n\nManagers must:\n\n* [ ] talk this through\n* [x] keep a record\n",
    );
    assert!(
        document
            .control
            .iter()
            .any(|fact| fact.kind == ControlKind::Approver)
    );
    assert_eq!(
        outline(&document),
        [
            ("managers.1", vec![9]),
            ("managers.1.a", vec![11]),
            ("managers.1.b", vec![12])
        ]
    );
    let words = clause(&document, "managers.1.a")
        .lines
        .first()
        .map(|line| line.text.as_str());
    assert_eq!(words, Some("talk this through"));
}

#[test]
fn a_motto_under_the_title_may_take_two_lines() {
    let document =
        read("Online Policy\n\nA school that\ncares for all\n\nVersion: 2\n\nStaff must ask.\n");
    let motto = document
        .control
        .iter()
        .find(|fact| fact.kind == ControlKind::Strapline);
    assert_eq!(motto.map(|fact| fact.lines().collect()), Some(vec![3, 4]));
}
