use jiff::civil::date;
use roster::{
    Contract, DateOrder, Field, Format, Kind, Mapping, Roster, RosterErrors, Source, SuggestedRole,
    Year, detect, peek,
};

use super::{files, places};

fn headers(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

fn guessed(kind: Kind, content: &str) -> Mapping {
    let files = files(&[("list.csv", content)]);
    assert_eq!(detect(&files), Format::Mapped);
    Mapping::guess(kind, &peek(&files, 0).unwrap().headers)
}

fn read(content: &str, mapping: &Mapping) -> Result<Roster, RosterErrors> {
    roster::read(
        &files(&[("list.csv", content)]),
        &Source::Mapped(mapping.clone()),
    )
}

const STAFF: &str = "Staff Code;Legal Forename;Legal Surname;Work E-mail;Job Title;School Name;Start Date\n\
    AO;Ada;Okafor;ada@oak.example;Headteacher;Ash Primary;1/9/2019\n\
    BK;Ben;Khan;;Deputy Headteacher;Ash Primary;\n\
    AO;Ada;Okafor;ada@oak.example;Trustee;Birch Academy;\n";

#[test]
fn a_staff_list_with_semicolons_is_read() {
    let roster = read(STAFF, &guessed(Kind::Staff, STAFF)).unwrap();
    assert_eq!(roster.staff.len(), 2, "two posts are one person");
    assert_eq!(roster.staff[0].posts.len(), 2);
    assert_eq!(roster.staff[0].posts[0].begin, Some(date(2019, 9, 1)));
    assert_eq!(
        roster.staff[0].posts[0].suggested_role,
        Some(SuggestedRole::Head)
    );
    assert_eq!(
        roster.staff[0].posts[1].suggested_role,
        Some(SuggestedRole::Governor)
    );
    assert_eq!(
        roster.staff[1].posts[0].suggested_role,
        Some(SuggestedRole::SeniorLeader)
    );
}

#[test]
fn contract_types_are_read_in_codes_and_words_and_what_is_not_known_is_noted() {
    let list = "Staff code,Forename,Surname,Contract Type,School\n\
                1,Ada,Okafor,PRM,Ash\n2,Ben,Khan,Agency worker,Ash\n3,Cai,Lee,M6,Ash\n4,Dee,Ng,,Ash\n\
                4,Dee,Ng,Volunteer,Oak\n";
    let mapping = guessed(Kind::Staff, list);
    assert_eq!(mapping.columns[&Field::Contract], "Contract Type");
    let roster = read(list, &mapping).unwrap();
    let of: Vec<_> = roster.staff.iter().map(|person| person.contract).collect();
    let expected = [
        Some(Contract::Permanent),
        Some(Contract::Supply),
        None,
        Some(Contract::Volunteer),
    ];
    assert_eq!(of, expected);
    let [note] = roster.notes.as_slice() else {
        panic!("{:?}", roster.notes)
    };
    assert!(
        note.rows == 1 && note.what.contains("contract type"),
        "{note:?}"
    );
}

#[test]
fn without_an_id_the_address_is_the_id() {
    let list = "Name,Email\n\"Okafor, Ada\",Ada@Oak.Example\n";
    let mut mapping = guessed(Kind::Staff, list);
    mapping.school = Some("Ash Primary".into());
    let roster = read(list, &mapping).unwrap();
    assert_eq!(roster.staff[0].external_id, "ada@oak.example");
    assert_eq!(
        (&*roster.staff[0].given, &*roster.staff[0].family),
        ("Ada", "Okafor")
    );
    assert_eq!(roster.staff[0].posts[0].school, "Ash Primary");
}

#[test]
fn pupils_and_their_parents_are_read() {
    let pupils = "Adno,Forename,Surname,Chosen Forename,Year Group,Reg Group,DOB,School\n\
        1001,Benjamin,Khan,Ben,Year 7,7B,02/09/2014,Birch\n1002,Zoë,Ng,,R,,,Ash\n";
    let roster = read(pupils, &guessed(Kind::Pupils, pupils)).unwrap();
    assert_eq!(roster.pupils[0].born, Some(date(2014, 9, 2)));
    assert_eq!(
        (roster.pupils[0].year, roster.pupils[1].year),
        (Some(Year::Year(7)), Some(Year::Reception))
    );
    assert_eq!(roster.pupils[0].class.as_deref(), Some("7B"));

    let parents = "Contact Forename,Contact Surname,Contact Email,Mobile Number,Pupil Admission Number\n\
        Dee,Khan,dee@home.example,07700 900123,1001\nDee,Khan,dee@home.example,,1002;1003\n";
    let roster = read(parents, &guessed(Kind::Parents, parents)).unwrap();
    assert_eq!(roster.guardians.len(), 1);
    assert_eq!(roster.guardians[0].pupils, ["1001", "1002", "1003"]);
}

#[test]
fn a_mapping_stands_for_the_next_list_and_what_is_new_there_is_guessed() {
    let first = headers("Ref,Forename,Surname,Email,Post");
    let mut mapping = Mapping::guess(Kind::Staff, &first);
    mapping.columns.insert(Field::ExternalId, "Ref".into());
    mapping.columns.remove(&Field::Role);

    let next = headers("Ref,Forename,Surname,Post,Job title,School,Name");
    let next = mapping.clone().carried_to(&first, &next).columns;
    assert_eq!(next[&Field::ExternalId], "Ref", "as it was corrected");
    assert_eq!(next[&Field::Role], "Job title", "new, so guessed");
    assert_eq!(next[&Field::School], "School");
    assert!(!next.contains_key(&Field::Email), "it is no longer there");
    assert!(!next.contains_key(&Field::FullName), "both names are there");

    let same = mapping.clone().carried_to(&first, &first);
    assert_eq!(same, mapping, "what was left aside stays aside");
}

#[test]
fn kinds_and_columns_are_guessed_from_usual_and_misspelt_headers() {
    assert_eq!(Kind::guess(&headers("UPN,Forename,Surname")), Kind::Pupils);
    assert_eq!(
        Kind::guess(&headers("Parent Name,Email,Pupil")),
        Kind::Parents
    );
    assert_eq!(Kind::guess(&headers("Name,Job title")), Kind::Staff);
    let mapping = Mapping::guess(
        Kind::Staff,
        &headers("Employe Number,Fornames,Surnmae,E mail adress,Postion"),
    );
    let columns = &mapping.columns;
    assert_eq!(columns[&Field::ExternalId], "Employe Number");
    assert_eq!(columns[&Field::Given], "Fornames");
    assert_eq!(columns[&Field::Family], "Surnmae");
    assert_eq!(columns[&Field::Email], "E mail adress");
    assert_eq!(columns[&Field::Role], "Postion");
}

#[test]
fn a_mapping_is_remembered_as_json() {
    let mapping = Mapping {
        date_order: DateOrder::MonthFirst,
        ..guessed(Kind::Staff, STAFF)
    };
    let json = serde_json::to_string(&mapping).unwrap();
    assert!(json.contains(r#""external-id":"Staff Code""#), "{json}");
    assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
}

#[test]
fn a_mapping_that_does_not_fit_is_told() {
    let mut mapping = guessed(Kind::Staff, STAFF);
    let other = "Code,Name\nAO,Ada Okafor\n";
    let errors = read(other, &mapping).unwrap_err();
    assert!(places(&errors).contains(&("list.csv", Some(1), Some("Staff Code"))));
    mapping.columns.clear();
    let errors = read(other, &mapping).unwrap_err();
    assert_eq!(
        errors.errors.len(),
        3,
        "name, school and id are needed: {errors}"
    );
}

#[test]
fn bad_rows_are_told() {
    let mapping = guessed(Kind::Staff, STAFF);
    let bad = STAFF.to_owned()
        + "BK;Somebody;Else;;;Ash Primary;\nCC;;;;;Ash Primary;\nDD;Dai;Ng;a@b;;;31/31/2020\n";
    let errors = read(&bad, &mapping).unwrap_err();
    assert_eq!(
        places(&errors),
        [
            ("list.csv", Some(5), Some("Staff Code")),
            ("list.csv", Some(6), Some("Legal Surname")),
            ("list.csv", Some(7), Some("Work E-mail")),
            ("list.csv", Some(7), Some("School Name")),
        ]
    );
}

#[test]
fn encodings_of_spreadsheets_are_read() {
    let mapping = guessed(Kind::Staff, STAFF);
    let words = STAFF.replace("Ada", "Zoë");
    let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = words
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for bytes in [
        [b"\xFF\xFE".to_vec(), utf16].concat(),
        windows,
        format!("\u{feff}{words}").into_bytes(),
    ] {
        let mut files = roster::Files::new();
        files.add("list.csv", bytes).unwrap();
        let roster = roster::read(&files, &Source::Mapped(mapping.clone())).unwrap();
        assert_eq!(roster.staff[0].given, "Zoë");
    }
}
