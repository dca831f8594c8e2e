//! Numbers and letters, however they are printed.

use super::{clause, headings, outline, read};

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
fn compound_numbers_stand_in_one_marker() {
    let document = read("Online Policy\n\n6.3 Staff must:\n\n6.3(a) ask;\n\n6.3(b) wait.\n");
    assert_eq!(clause(&document, "6.3").clauses.len(), 2);
    assert_eq!(clause(&document, "6.3.b").number.as_deref(), Some("6.3(b)"));
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
