//! One small document for each thing that a reader has to put up with.

use super::super::{ClauseKind, ControlKind, FurnitureKind, Place};
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
fn a_number_on_its_own_line_takes_the_next_line() {
    let document = read(
        "Online Policy\n\n1.\n\nScope\n\n1.1\n\nStaff must read this.\n\n1.2\nStaff should ask.\n\n\
         (a)\nPupils may ask too.\n",
    );
    assert_eq!(headings(&document), ["Scope"]);
    assert_eq!(
        outline(&document),
        [
            ("1.1", vec![7, 9]),
            ("1.2", vec![11, 12]),
            ("1.2.a", vec![14, 15])
        ]
    );
}

#[test]
fn a_bullet_on_its_own_line_takes_the_next_line() {
    let document = read("Online Policy\n\nStaff must:\n•\nbe kind;\n•\nask first.\n");
    assert_eq!(
        outline(&document),
        [
            ("opening.1", vec![3]),
            ("opening.1.a", vec![4, 5]),
            ("opening.1.b", vec![6, 7])
        ]
    );
}

#[test]
fn a_section_number_fused_into_a_list_is_a_heading() {
    let document = read(
        "# Online guidance\n\n## 3. Who does what\n\n- 3.1 Staff must read this.\n\
         - 4. Out of hours**\n  - 4.1 Staff **must not** post.\n    - 4.1.1 Staff **may** read.\n",
    );
    assert_eq!(headings(&document), ["Who does what", "Out of hours"]);
    assert_eq!(
        outline(&document),
        [("3.1", vec![5]), ("4.1", vec![7]), ("4.1.1", vec![8])]
    );
    assert_eq!(clause(&document, "4.1.1").headings, ["Out of hours"]);
}

#[test]
fn flattened_sub_clauses_find_their_clause() {
    let document = read(
        "Online Policy\n\n- 2.1 Staff must ask.\n\n- 2.1.1 They should write.\n- 2.1.2 They may \
         call.\n- 2.2 Staff must wait.\n",
    );
    let parent = clause(&document, "2.1");
    assert_eq!(parent.clauses.len(), 2);
    assert_eq!(clause(&document, "2.1.2").within.as_deref(), Some("2.1"));
}

#[test]
fn a_list_that_lost_its_bullets_is_still_a_list() {
    let document = read(
        "Online Policy\n\nRULES\n\nStaff must not:\n\nshare log-ins;\n\npost pictures; or\n\n\
         name pupils.\n\nStaff should ask first.\n",
    );
    assert_eq!(
        outline(&document),
        [
            ("rules.1", vec![5]),
            ("rules.1.a", vec![7]),
            ("rules.1.b", vec![9]),
            ("rules.1.c", vec![11]),
            ("rules.2", vec![13]),
        ]
    );
}

#[test]
fn a_list_without_blank_lines_and_bullets_is_still_a_list() {
    let document = read("Online Policy\n\nStaff must:\nKeep log-ins safe\nReport worries\n");
    assert_eq!(
        outline(&document),
        [
            ("opening.1", vec![3]),
            ("opening.1.a", vec![4]),
            ("opening.1.b", vec![5])
        ]
    );
}

#[test]
fn a_number_printed_twice_gives_two_clauses() {
    let document =
        read("Online Policy\n\n2.1 Staff must ask.\n\n2.1 Staff must wait.\n\n2.2 Staff may go.\n");
    assert_eq!(
        outline(&document),
        [("2.1", vec![3]), ("2.1-2", vec![5]), ("2.2", vec![7])]
    );
    assert_eq!(document.find("2.1").len(), 2);
}

#[test]
fn numbers_out_of_order_keep_their_place() {
    let document = read(
        "Online Policy\n\n5. Rules\n\n5.1 Staff must ask.\n\n5.3 Staff may go.\n\n5.2 Staff must \
         wait.\n\n6.1 Staff should rest.\n",
    );
    assert_eq!(
        outline(&document),
        [
            ("5.1", vec![5]),
            ("5.3", vec![7]),
            ("5.2", vec![9]),
            ("6.1", vec![11])
        ]
    );
    assert!(clause(&document, "6.1").headings.is_empty());
}

#[test]
fn capitals_make_headings_and_short_lines_sub_headings() {
    let document = read(
        "ONLINE POLICY\n\nRULES\n\nAt school\n\nStaff must ask.\n\nAt home\n\nStaff may post.\n\n\
         BREACHES\n\nA breach may lead to disciplinary action.\n",
    );
    assert_eq!(
        headings(&document),
        ["RULES", "At school", "At home", "BREACHES"]
    );
    assert_eq!(
        clause(&document, "at-home.1").headings,
        ["RULES", "At home"]
    );
    assert_eq!(clause(&document, "breaches.1").headings, ["BREACHES"]);
}

#[test]
fn bold_markers_are_no_part_of_the_words() {
    let document = read("# Online Policy\n\n**4.1** Staff **must not** post.\n");
    let clause = clause(&document, "4.1");
    assert_eq!(
        clause.lines.first().map(|line| line.text.as_str()),
        Some("Staff must not post.")
    );
}

#[test]
fn tabs_set_numbers_off() {
    let document = read("Online Policy\n\n1.\tRules\n1.1\tStaff must ask.\n\t(a)\tat once;\n");
    assert_eq!(headings(&document), ["Rules"]);
    assert_eq!(outline(&document), [("1.1", vec![4]), ("1.1.a", vec![5])]);
}

#[test]
fn without_numbers_heading_and_place_make_the_address() {
    let document = read(
        "ONLINE POLICY\n\nSCOPE\n\nThis binds staff. They must read it.\n\nStaff must not:\n\n\
         - share log-ins.\n- name pupils. They should ask.\n",
    );
    let addresses: Vec<_> = document
        .clauses()
        .flat_map(|clause| &clause.sentences)
        .map(|sentence| sentence.address.as_str())
        .collect();
    assert_eq!(
        addresses,
        [
            "scope.1.a",
            "scope.1.b",
            "scope.2.stem",
            "scope.2.a",
            "scope.2.b.a",
            "scope.2.b.b"
        ]
    );
    assert!(document.clauses().all(|clause| clause.number.is_none()));
}

#[test]
fn a_line_without_number_belongs_to_the_clause_before() {
    let document = read(
        "Online Policy\n\n2.1 Staff may post.\n\nNobody has to provide a network.\n\n2.2 Staff \
         must ask.\nThe answer is kept.\n",
    );
    assert_eq!(
        outline(&document),
        [("2.1", vec![3, 5]), ("2.2", vec![7, 8])]
    );
}

#[test]
fn lettered_items_in_three_shapes() {
    let document = read(
        "Online Policy\n\n1.1 Staff must not:\n(a) shout;\n(b) lie, that is:\n  (i) to pupils;\n  \
         (ii) to families;\n(c) cheat.\n\n1.2 Staff should:\na. ask;\nb. wait.\n\n1.3 Staff \
         may:\na) post;\nb) read.\n",
    );
    let numbers: Vec<_> = document
        .clauses()
        .filter_map(|clause| clause.number.as_deref())
        .collect();
    assert_eq!(
        numbers,
        [
            "1.1",
            "1.1(a)",
            "1.1(b)",
            "1.1(b)(i)",
            "1.1(b)(ii)",
            "1.1(c)",
            "1.2",
            "1.2(a)",
            "1.2(b)",
            "1.3",
            "1.3(a)",
            "1.3(b)"
        ]
    );
    assert_eq!(clause(&document, "1.2.a").marker.as_deref(), Some("a."));
}

#[test]
fn the_letter_i_behind_h_is_a_letter() {
    let letters: String = ('a'..='k')
        .map(|letter| format!("({letter}) item {letter};\n"))
        .collect();
    let document = read(&format!(
        "Online Policy\n\n6.3 Staff must do these:\n{letters}"
    ));
    assert_eq!(clause(&document, "6.3").clauses.len(), 11);
    assert_eq!(clause(&document, "6.3.i").number.as_deref(), Some("6.3(i)"));
}

#[test]
fn bullets_stand_under_lettered_stems() {
    let document = read(
        "Online Policy\n\nPosts must not:\n\n- a. shame the school, for example by:\n - \
         scolding;\n - lying;\n- b. break a confidence.\n",
    );
    assert_eq!(
        outline(&document),
        [
            ("opening.1", vec![3]),
            ("opening.1.a", vec![5]),
            ("opening.1.a.1", vec![6]),
            ("opening.1.a.2", vec![7]),
            ("opening.1.b", vec![8]),
        ]
    );
    assert_eq!(
        clause(&document, "opening.1.a.2").within.as_deref(),
        Some("a")
    );
}

#[test]
fn compound_numbers_stand_in_one_marker() {
    let document = read("Online Policy\n\n6.3 Staff must:\n\n6.3(a) ask;\n\n6.3(b) wait.\n");
    assert_eq!(clause(&document, "6.3").clauses.len(), 2);
    assert_eq!(clause(&document, "6.3.b").number.as_deref(), Some("6.3(b)"));
}

#[test]
fn words_behind_a_list_complete_its_sentence() {
    let document = read(
        "Online Policy\n\n3.4 Staff must know their duties over:\n- their own posts\n- posts of \
         others and\n- what they learn\n\nand what the law adds.\n",
    );
    assert_eq!(
        clause(&document, "3.4")
            .lines
            .iter()
            .map(|line| line.line)
            .max(),
        Some(8)
    );
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
fn a_heading_that_states_a_rule_is_a_clause_too() {
    let document = read(
        "Online Policy\n\n2. Every school will have a team for safety online\n\n2.1 Its names are \
         published.\n",
    );
    let rule = clause(&document, "2.heading");
    assert_eq!(
        (rule.kind, rule.number.as_deref()),
        (ClauseKind::Heading, Some("2"))
    );
    let place = document.places().into_iter().find(|(line, _)| *line == 3);
    assert_eq!(place, Some((3, Place::Clause)));
}

#[test]
fn a_numbered_list_is_no_row_of_headings() {
    let document = read(
        "Online Policy\n\nRULES\n\nStaff must:\n\n1. Keep log-ins safe\n2. Report worries\n3. Lock \
         phones\n\nPupils may ask.\n",
    );
    assert_eq!(headings(&document), ["RULES"]);
    assert_eq!(clause(&document, "rules.1").clauses.len(), 3);
}

#[test]
fn a_count_at_the_start_of_a_wrapped_line_is_no_number() {
    let document = read(
        "Online Policy\n\n1.1 Staff must wait for at least\n2.5 hours, and may then ask for\n3 \
         more.\n\n1.2 Staff should rest.\n",
    );
    assert_eq!(
        outline(&document),
        [("1.1", vec![3, 4, 5]), ("1.2", vec![7])]
    );
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

#[test]
fn appendices_and_named_sections_are_headings() {
    let document = read(
        "Online Policy\n\nSection 1: Rules\n\n1.1 Staff must ask.\n\nAppendix A - Form\n\nStaff \
         should sign here.\n",
    );
    assert_eq!(headings(&document), ["Rules", "Form"]);
    let numbers: Vec<_> = document
        .sections()
        .into_iter()
        .filter_map(|section| section.number.as_deref())
        .collect();
    assert_eq!(numbers, ["1", "Appendix A"]);
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
fn one_word_in_capitals_is_a_heading_whatever_it_says() {
    let document = read("ONLINE POLICY\n\nDO\n\nAsk first.\n\nDON'T\n\nDon't lie online.\n");
    assert_eq!(headings(&document), ["DO", "DON'T"]);
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
