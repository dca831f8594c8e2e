//! What hangs where: sections, clauses, items.

use super::super::{ClauseKind, Place};
use super::{clause, headings, outline, read};

#[test]
fn numbered_paragraphs_stand_side_by_side() {
    let document = read(
        "Online Policy\n\n1. Scope\n\nThis binds staff.\n\n2. Staff must ask before they post \
         pictures of pupils.\n\n3. Staff may use phones at lunch:\n\n1. in the staff room;\n\n2. in \
         the yard.\n\n4. Staff should rest.\n",
    );
    assert_eq!(headings(&document), ["Scope"]);
    assert_eq!(
        outline(&document),
        [
            ("1.p1", vec![5]),
            ("2", vec![7]),
            ("3", vec![9]),
            ("3.1", vec![11]),
            ("3.2", vec![13]),
            ("4", vec![15]),
        ]
    );
}

#[test]
fn a_heading_without_number_keeps_the_numbered_clauses_under_it() {
    let document = read(
        "Online Policy\n\n6. Accounts\n\n6.1 Staff must ask.\n\nPasswords\n\n6.2 Staff must lock \
         them away.\n\n7. Breaches\n\n7.1 A breach may lead to disciplinary action.\n",
    );
    assert_eq!(clause(&document, "6.2").headings, ["Accounts", "Passwords"]);
    assert_eq!(clause(&document, "6.2").within.as_deref(), Some("6"));
    assert_eq!(clause(&document, "7.1").headings, ["Breaches"]);
}

#[test]
fn a_sentence_goes_on_over_a_page_with_a_name() {
    let document = read(
        "Online Policy\n\nRULES\n\nStaff must ask before they share or like\n\nPage 1 of 2\n\n\
         Elmton posts.\n",
    );
    assert_eq!(outline(&document), [("rules.1", vec![5, 9])]);
}

#[test]
fn a_contents_entry_may_be_the_name_of_two_sections() {
    let document = read(
        "Online Policy\n\nContents\n\nScope\n\nRules\n\nScope\n\nThis binds staff.\n\nRules\n\n\
         Staff must ask.\n\nScope\n\nParents may ask too.\n",
    );
    assert_eq!(headings(&document), ["Scope", "Rules", "Scope"]);
    assert_eq!(document.furniture.len(), 3);
}

#[test]
fn a_short_line_that_ends_a_sentence_is_no_heading() {
    let document = read(
        "Online Policy\n\nRULES\n\nStaff must know the duties that come from the\n\nData Act\n\n\
         Staff may ask.\n",
    );
    assert_eq!(headings(&document), ["RULES"]);
    assert_eq!(
        outline(&document),
        [("rules.1", vec![5, 7]), ("rules.2", vec![9])]
    );
}

#[test]
fn items_behind_a_finished_paragraph_stand_beside_it() {
    let document = read(
        "Online Policy\n\nRULES\n\nPosts last for ever.\n\n- Staff must think first.\n- Staff may \
         ask.\n\nStaff should:\n\n- rest.\n",
    );
    assert_eq!(
        outline(&document),
        [
            ("rules.1", vec![5]),
            ("rules.2", vec![7]),
            ("rules.3", vec![8]),
            ("rules.4", vec![10]),
            ("rules.4.a", vec![12]),
        ]
    );
    let printed: Vec<_> = document
        .clauses()
        .map(|clause| clause.printed.as_str())
        .collect();
    assert_eq!(
        printed,
        [
            "Rules, para 1",
            "Rules, point 1",
            "Rules, point 2",
            "Rules, para 2",
            "Rules, para 2, point 1",
        ]
    );
}

#[test]
fn bullets_nest_by_their_indent() {
    let document = read(
        "Online Policy\n\nStaff must:\n\n- ask\n  - the head\n  - the office\n- wait:\n  - an \
         hour\n- go\n",
    );
    let addresses: Vec<_> = outline(&document)
        .into_iter()
        .map(|(address, _)| address)
        .collect();
    assert_eq!(
        addresses,
        [
            "opening.1",
            "opening.1.a",
            "opening.1.a.1",
            "opening.1.a.2",
            "opening.1.b",
            "opening.1.b.1",
            "opening.1.c"
        ]
    );
}

#[test]
fn paragraphs_before_numbered_clauses_introduce_them() {
    let document = read(
        "Online Policy\n\n5. School accounts\n\nMany schools have one.\n\n5.1 Staff must ask.\n",
    );
    let introduction = clause(&document, "5.intro");
    assert_eq!(introduction.number, None);
    assert_eq!(introduction.within.as_deref(), Some("5"));
    assert_eq!(introduction.printed, "5, para 1");
}

#[test]
fn very_deep_lists_are_flattened_and_lose_nothing() {
    let items: String = (0..40)
        .map(|depth| format!("{}- must ask:\n", "  ".repeat(depth)))
        .collect();
    let document = read(&format!("Online Policy\n\nStaff must:\n\n{items}"));
    assert_eq!(document.clauses().count(), 41);
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
fn one_word_in_capitals_is_a_heading_whatever_it_says() {
    let document = read("ONLINE POLICY\n\nDO\n\nAsk first.\n\nDON'T\n\nDon't lie online.\n");
    assert_eq!(headings(&document), ["DO", "DON'T"]);
}
