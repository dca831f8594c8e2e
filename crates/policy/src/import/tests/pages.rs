//! Pages: heads and feet, contents lists, letterhead, sentences over a page's end.

use super::super::{ControlKind, FurnitureKind};
use super::{clause, headings, outline, read};

#[test]
fn a_sentence_goes_on_over_a_blank_line_and_a_new_page() {
    let document = read(
        "SOCIAL MEDIA POLICY\n\nTHE RULES\n\nStaff must use the school's accounts when they\n\n\
         write to families. They should be kind.\n\x0cA new paragraph should stand alone.\n",
    );
    assert_eq!(
        outline(&document),
        [("the-rules.1", vec![5, 7]), ("the-rules.2", vec![8])]
    );
    let first = clause(&document, "the-rules.1");
    assert_eq!(
        first
            .sentences
            .first()
            .map(|sentence| sentence.text.as_str()),
        Some("Staff must use the school's accounts when they write to families.")
    );
    assert_eq!(
        first.sentences.get(1).map(|sentence| sentence.line),
        Some(7)
    );
}

#[test]
fn page_headers_and_numbers_in_mid_sentence_are_set_aside() {
    let document = read(
        "Online Conduct Policy\n\n1. Rules\n\n1.1 Staff must not post pictures of\n\
         Elm Grove Academy\nPage 1 of 3\n\x0cOnline Conduct Policy\n\nany pupil.\n\
         1.2 Staff should ask the\nElm Grove Academy\nPage 2 of 3\n\x0cOnline Conduct Policy\n\n\
         head first.\nElm Grove Academy\nPage 3 of 3\n",
    );
    assert_eq!(
        outline(&document),
        [("1.1", vec![5, 10]), ("1.2", vec![11, 16])]
    );
    let kinds: Vec<_> = document
        .furniture
        .iter()
        .map(|furniture| furniture.kind)
        .collect();
    let header = FurnitureKind::RunningHeader;
    let number = FurnitureKind::PageNumber;
    assert_eq!(
        kinds,
        [
            header, number, header, header, number, header, header, number
        ]
    );
}

#[test]
fn a_lone_page_number_is_no_clause_number() {
    let document = read(
        "Online Policy\n\n1. Rules\n\n1.1 Staff must never share the\n\n2\n\nschool's log-in.\n\n\
         1.2 Staff may ask.\n",
    );
    assert_eq!(outline(&document), [("1.1", vec![5, 9]), ("1.2", vec![11])]);
}

#[test]
fn a_contents_list_is_set_aside() {
    let document = read(
        "Online Policy\n\nContents\n\n1. Scope\n2. What is the rule\n\n1. Scope\n\n1.1 This binds \
         staff.\n\n2. The rule\n\n2.1 Staff must ask.\n",
    );
    assert_eq!(document.furniture.len(), 3);
    assert_eq!(headings(&document), ["Scope", "The rule"]);
}

#[test]
fn a_contents_list_with_page_numbers_is_set_aside() {
    let document = read(
        "Online Policy\n\nTable of contents\nScope ........ 2\nRules ........ 3\n\nSCOPE\n\nThis \
         binds staff.\n\nRULES\n\nStaff must ask.\n",
    );
    assert_eq!(document.furniture.len(), 3);
    assert_eq!(headings(&document), ["SCOPE", "RULES"]);
}

#[test]
fn letterhead_stands_above_the_title() {
    let document = read(
        "Elm Grove Academy\n1 High Street, Elmton EL1 1AA\nTel: 01234 567890\n\nOnline Conduct \
         Policy\n\nApproved: May 2024\n\nStaff must ask.\n",
    );
    assert_eq!(document.title.as_deref(), Some("Online Conduct Policy"));
    let letterhead = FurnitureKind::Letterhead;
    assert!(
        document
            .furniture
            .iter()
            .all(|furniture| furniture.kind == letterhead)
    );
    assert_eq!(document.furniture.len(), 3);
}

#[test]
fn paragraphs_of_one_line_each_need_no_blank_line_between() {
    let long = "Staff must think before they post anything at all, and this goes on ".repeat(4);
    let document = read(&format!(
        "ONLINE POLICY\nRULES\n{long}end.\nStaff may ask the head.\n"
    ));
    assert_eq!(
        outline(&document),
        [("rules.1", vec![3]), ("rules.2", vec![4])]
    );
}

#[test]
fn line_ends_of_windows_count_as_one() {
    let document = read("Online Policy\r\n\r\n1.1 Staff must ask.\r\n\r\n1.2 Staff may go.\r\n");
    assert_eq!(outline(&document), [("1.1", vec![3]), ("1.2", vec![5])]);
}

/// A page of a policy as it comes out of a PDF.
const FROM_A_PDF: &str = "\
Elm Grove School
Kindness and courage

Staff Use of Social Media Policy

Policy owner: The headteacher
Approved by: Full board          Date: 12 May 2024
Signed: .......................... (Chair)

Contents
1. Scope ............ 2
2. Duties ........... 2
   2.1 Staff ........ 3

Elm Grove School - Staff Use of Social Media       1
1. Scope
This binds everyone who works at the school and anybody who helps until the age of
18. Others are guests.

2. Duties
2.1 Staff
All staff must:
    a) sign this policy;
    b) report worries to the headteacher or, where the worry is about the
       headteacher, to the chair.

Elm Grove School - Staff Use of Social Media       2
2.2 Pictures
Staff may only post pictures with consent (see section
2.1 of the image policy
Elm Grove School - Staff Use of Social Media       3
and its appendix).
";

#[test]
fn a_document_from_a_pdf() {
    let document = read(FROM_A_PDF);
    assert_eq!(
        headings(&document),
        ["Scope", "Duties", "Staff", "Pictures"]
    );
    assert_eq!(
        outline(&document),
        [
            ("1.p1", vec![17, 18]),
            ("2.1.p1", vec![22]),
            ("2.1.a", vec![23]),
            ("2.1.b", vec![24, 25]),
            ("2.2.p1", vec![29, 30, 32]),
        ]
    );
    let facts: Vec<_> = document
        .control
        .iter()
        .map(|fact| (fact.kind, fact.by.as_deref(), fact.blank))
        .collect();
    assert_eq!(
        facts,
        [
            (ControlKind::Title, None, false),
            (ControlKind::Owner, None, false),
            (ControlKind::Approver, Some("Full board"), false),
            (ControlKind::Approved, Some("Full board"), false),
            (ControlKind::Signature, None, true),
        ]
    );
    let set_aside = document.furniture.iter().map(|furniture| furniture.line);
    assert_eq!(
        set_aside.collect::<Vec<_>>(),
        [1, 2, 10, 11, 12, 13, 15, 27, 31]
    );
}
