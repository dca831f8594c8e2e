use screen::{Draft, Finding, Kind, Sure, screen};

use crate::school::{INDEX, KNOWN, LISTS};

/// What is found of people at least likely, as kind and words.
fn found(text: &str) -> Vec<(Kind, String)> {
    let draft = Draft::of(text);
    let screening = screen(&draft, &INDEX, &LISTS);
    let people = [Kind::PupilFullName, Kind::PupilIdentified, Kind::StaffNamed];
    let words = |f: &Finding| (f.kind, text.get(f.span.clone()).expect("a span").to_owned());
    screening
        .findings
        .iter()
        .filter(|f| people.contains(&f.kind) && f.sure >= Sure::Likely)
        .map(words)
        .collect()
}

#[track_caller]
fn is(text: &str, kind: Kind, words: &str) {
    assert_eq!(found(text), [(kind, words.to_owned())], "{text}");
}

#[track_caller]
fn none(text: &str) {
    assert_eq!(found(text), [], "{text}");
}

#[test]
fn a_full_name_is_found_however_it_is_written() {
    let full = Kind::PupilFullName;
    is("Well done Ella Khan on your medal", full, "Ella Khan");
    is("well done ella khan on your medal", full, "ella khan");
    is("WELL DONE ELLA KHAN", full, "ELLA KHAN");
    is("So proud of Ella Khan's picture", full, "Ella Khan");
    is("Khan, Ella won the cup", full, "Khan, Ella");
    is("KHAN Ella won the cup", full, "KHAN Ella");
    is("What a goal #EllaKhan", full, "EllaKhan");
    is("What a goal #ellakhan", full, "ellakhan");
    is("thanks to @ella_khan", full, "ella_khan");
    is("thanks to @khan.ella09", full, "khan.ella09");
    is("#WellDoneEllaKhan", full, "WellDoneEllaKhan");
    is("Ela Khan was great", full, "Ela Khan");
    is("Ella Kahn was great", full, "Ella Kahn");
    is("Zoe Muller sang", full, "Zoe Muller");
    is("Lukasz Wojcik sang", full, "Lukasz Wojcik");
    is("Aoife OBrien and Aoife", full, "Aoife OBrien");
    is("Mary Jane Van der Berg", full, "Mary Jane Van der Berg");
    is("Beth Adeyemi scored", full, "Beth Adeyemi");
    is("Seun Smith scored", full, "Seun Smith");
    is("Ella Rose Khan scored", full, "Ella Rose Khan");
}

#[test]
fn initials_identify() {
    let some = Kind::PupilIdentified;
    is("Goal by E. Khan!", some, "E. Khan");
    is("Goal by E Khan!", some, "E Khan");
    is("thanks to @e_khan", some, "e_khan");
    is("P. Ramachandran came first", some, "P. Ramachandran");
    none("Goal by X. Khan!");
}

#[test]
fn names_that_are_words_need_capitals() {
    let full = Kind::PupilFullName;
    is("A try by Will Young in the last minute", full, "Will Young");
    none("The project will young people help");
    none("I hope fields are dry by then");
    none("All summer winters felt far away");
    none("It took Jack long enough");
    none("Grace before meals, and hope for the summer");
    is("grace okafor sang", full, "grace okafor");
}

#[test]
fn disguises_are_seen_through() {
    let full = Kind::PupilFullName;
    is(
        "E\u{200b}lla K\u{200d}han",
        full,
        "E\u{200b}lla K\u{200d}han",
    );
    is("Ell\u{430} Kh\u{430}n", full, "Ell\u{430} Kh\u{430}n");
    is("E l l a  K h a n", full, "E l l a  K h a n");
    is("E🔥l🔥l🔥a K🔥h🔥a🔥n", full, "E🔥l🔥l🔥a K🔥h🔥a🔥n");
    is("E.l.l.a Khan", full, "E.l.l.a Khan");
    is("\u{202e}Ella Khan\u{202c}", full, "Ella Khan");
    is("Ella 🔥 Khan", full, "Ella 🔥 Khan");
}

#[test]
fn a_given_name_with_its_class_year_or_team_identifies() {
    let some = Kind::PupilIdentified;
    is("Well done Ella in 4B", some, "Ella");
    is("Well done Ella from Year 4", some, "Ella");
    is("Isabella of the U13 netball team", some, "Isabella");
    none("Well done Ella");
    none("Well done Ella in Year 9");
}

#[test]
fn the_famous_are_not_pupils_but_the_roll_comes_first() {
    none("We read William Shakespeare today");
    none("Jane Austen and William Blake");
    none("A quotation by Dylan Thomas from the poem");
    is(
        "Dylan Thomas in 10T won",
        Kind::PupilFullName,
        "Dylan Thomas",
    );
}

#[test]
fn staff_are_found_by_title_and_by_name() {
    is("Thank you Mrs Whitcombe", Kind::StaffNamed, "Mrs Whitcombe");
    is("Thank you Mr. Patel", Kind::StaffNamed, "Mr. Patel");
    is(
        "Helen Whitcombe runs it",
        Kind::StaffNamed,
        "Helen Whitcombe",
    );
    none("Thank you Mrs Fitzgerald for the cakes");
}

#[test]
fn a_shared_family_name_counts_for_both() {
    let both = found("Ella and Sam Khan sang");
    let full = Kind::PupilFullName;
    assert_eq!(
        both,
        [(full, "Ella".to_owned()), (full, "Sam Khan".to_owned())]
    );
}

#[test]
fn findings_say_who_and_where() {
    let draft = Draft {
        alts: vec![String::new(), "Zoe Muller on stage".to_owned()],
        ..Draft::of("A lovely show")
    };
    let screening = screen(&draft, &INDEX, &LISTS);
    let finding = &screening.findings[0];
    assert_eq!(finding.part, screen::Part::Alt(1));
    assert_eq!(finding.span, 0..10);
    let screen::Person::Pupil(at) = finding.about[0] else {
        panic!("a pupil");
    };
    assert_eq!(KNOWN.pupils[at as usize].id, "Zoë Müller");
}
