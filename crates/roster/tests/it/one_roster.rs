use jiff::civil::date;
use roster::{
    Format, Identifier, Roster, RosterErrors, SchoolKind, Source, SuggestedRole, Year, detect,
};

use super::{files, places, with};

const GOOD: &[(&str, &str)] = &[
    (
        "manifest.csv",
        "propertyName,value\noneroster.version,1.2\nfile.users,bulk\n",
    ),
    (
        "orgs.csv",
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n\
         T,,,Oak Trust,district,,\n\
         A,,,\"Ash, Primary\",school,123456,T\n\
         B,,,Birch Academy,school,302/4567,T\n",
    ),
    (
        "users.csv",
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,preferredGivenName\n\
         1,,,true,ada,,Ada,Okafor,,,ada@oak.example,,,,,secret,\n\
         2,,,true,ben,,Benjamin,Khan,,,,,,4,07,hunter2,Ben\n\
         3,,,false,cai,,Cai,Jones,,,cai@oak.example,,,,,,\n\
         4,,,true,,,Dee,Khan,,,dee@home.example,07700 900123,,,,,\n\
         5,tobedeleted,,true,,,Old,Hand,,,,,,,,,\n",
    ),
    (
        "roles.csv",
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n\
         r1,,,1,secondary,teacher,2020-09-01,,B,\n\
         r2,,,1,primary,principal,2024-01-01,2027-08-31,A,\n\
         r3,,,2,primary,student,,,B,\n\
         r4,,,3,primary,aide,,,A,\n\
         r5,,,4,secondary,parent,,,B,\n\
         r6,,,3,secondary,guardian,,,A,\n\
         r7,,,5,primary,teacher,,,A,\n",
    ),
    (
        "demographics.csv",
        "sourcedId,status,dateLastModified,birthDate\n2,,,2015-03-01\n",
    ),
    (
        "classes.csv",
        "sourcedId,status,dateLastModified,title,classType\nc1,,,7B,homeroom\nc2,,,Maths,scheduled\n",
    ),
    (
        "enrollments.csv",
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n\
         e1,,,c2,B,2,student\ne2,,,c1,B,2,student\n",
    ),
];

fn read(named: &[(&str, &str)]) -> Result<Roster, RosterErrors> {
    roster::read(&files(named), &Source::OneRoster)
}

#[test]
fn a_whole_export_is_read() {
    assert_eq!(detect(&files(GOOD)), Format::OneRoster);
    let roster = read(GOOD).unwrap();
    assert_eq!(roster.schools[0].kind, SchoolKind::Trust);
    assert_eq!(roster.schools[1].name, "Ash, Primary");
    assert_eq!(
        roster.schools[1].identifier,
        Some(Identifier::Urn("123456".into()))
    );
    assert_eq!(
        roster.schools[2].identifier,
        Some(Identifier::Dfe("3024567".into()))
    );
    let ada = &roster.staff[0];
    let schools: Vec<&str> = ada.posts.iter().map(|p| p.school.as_str()).collect();
    assert_eq!(schools, ["A", "B"], "the primary post comes first");
    assert_eq!(ada.posts[0].suggested_role, Some(SuggestedRole::Head));
    assert_eq!(ada.posts[0].end, Some(date(2027, 8, 31)));
    assert_eq!(ada.posts[1].suggested_role, None);
    let ben = &roster.pupils[0];
    assert_eq!(
        (ben.year, ben.born),
        (Some(Year::Year(7)), Some(date(2015, 3, 1)))
    );
    assert_eq!(
        (ben.known_as.as_deref(), ben.class.as_deref()),
        (Some("Ben"), Some("7B"))
    );
    assert_eq!(
        roster.guardians.len(),
        2,
        "somebody on the staff is a parent as well"
    );
    assert_eq!(roster.guardians[1].external_id, "4");
    assert_eq!(
        roster.guardians[1].pupils,
        ["2"],
        "the tie stands in the pupil's row"
    );
    assert_eq!(roster.guardians[1].phone.as_deref(), Some("07700 900123"));
    assert!(!roster.staff[1].enabled);
    assert_eq!(
        roster.staff.len(),
        2,
        "a deleted user and their role are left out"
    );
    assert_eq!(roster.notes[0].rows, 1);
}

#[test]
fn no_password_is_taken_over() {
    let told = format!("{:?}", read(GOOD).unwrap());
    assert!(!told.contains("secret") && !told.contains("hunter2"));
}

#[test]
fn headers_may_be_spelt_otherwise() {
    let users = GOOD[2].1.replacen("sourcedId", "Sourced ID", 1);
    let users =
        users
            .replacen("givenName", "First Name", 1)
            .replacen("enabledUser", "ENABLED_USER", 1);
    assert_eq!(read(&with(GOOD, "users.csv", &users)), read(GOOD));
}

#[test]
fn version_1_1_has_its_roles_in_users() {
    let named = [
        ("orgs.csv", "sourcedId,name,type\nA,Ash,school\n"),
        (
            "users.csv",
            "sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,grades,agentSourcedIds\n\
             1,true,A,administrator,Ada,Okafor,,\n2,true,A,student,Ben,Khan,KG,\n3,true,A,parent,Dee,Khan,,2\n",
        ),
    ];
    let roster = read(&named).unwrap();
    assert_eq!(
        roster.staff[0].posts[0].suggested_role,
        Some(SuggestedRole::SeniorLeader)
    );
    assert_eq!(roster.pupils[0].year, Some(Year::Reception));
    assert_eq!(roster.guardians[0].pupils, ["2"]);
}

#[test]
fn what_is_wrong_is_told_with_file_row_and_column() {
    let users = GOOD[2].1.to_owned()
        + "1,,,true,,,Twice,Over,,,not-an-address,,,,99,,\n\n,,,maybe,,,No,Id,,,,,,,,,\n";
    let roles = GOOD[3].1.to_owned()
        + "r8,,,99,primary,teacher,2026-13-01,,Z,\nr9,,,1,,wizard,,,A,\n\
        r10,,,1,,aide,2026-09-01,2025-09-01,A,\n";
    let all = with(GOOD, "users.csv", &users);
    let errors = read(&with(&all, "roles.csv", &roles)).unwrap_err();
    assert_eq!(
        places(&errors),
        [
            ("users.csv", Some(7), Some("email")),
            ("users.csv", Some(7), Some("grades")),
            ("users.csv", Some(7), Some("sourcedId")),
            ("users.csv", Some(9), Some("sourcedId")),
            ("roles.csv", Some(9), Some("userSourcedId")),
            ("roles.csv", Some(9), Some("orgSourcedId")),
            ("roles.csv", Some(10), Some("role")),
            ("roles.csv", Some(11), Some("endDate")),
        ]
    );
    assert!(!errors.more);
    let told = errors.to_string();
    assert!(
        told.contains("users.csv, row 7, column 'email': This is not an e-mail address."),
        "{told}"
    );
}

#[test]
fn missing_files_and_columns_are_told() {
    let errors = read(&GOOD[..3]).unwrap_err();
    assert_eq!(places(&errors), [("roles.csv", None, None)]);
    let errors = read(&with(GOOD, "orgs.csv", "sourcedId,name\nA,Ash\n")).unwrap_err();
    assert_eq!(places(&errors)[0], ("orgs.csv", Some(1), Some("type")));
    let errors = read(&with(GOOD, "users.csv", "")).unwrap_err();
    assert_eq!(places(&errors)[0], ("users.csv", None, None));
}

#[test]
fn a_delta_is_refused() {
    let errors = read(&with(
        GOOD,
        "manifest.csv",
        "propertyName,value\nfile.users,delta\n",
    ))
    .unwrap_err();
    assert_eq!(places(&errors)[0], ("manifest.csv", Some(2), None));
    assert!(errors.to_string().contains("bulk"));
}

#[test]
fn after_a_hundred_errors_reading_stops() {
    let bad = "x,,,true,,,A,B,,,no-address,,,,,,\n".repeat(500);
    let users = GOOD[2].1.to_owned() + &bad;
    let errors = read(&with(GOOD, "users.csv", &users)).unwrap_err();
    assert_eq!(errors.errors.len(), 100);
    assert!(errors.more);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let users = "sourcedId,givenName,familyName,email\r\n1,\"Ada\r\nLouise\",Okafor,\r\n\r\n2,Ben,Khan,oops\r\n3,Cai,Jones,oops";
    let errors = read(&with(GOOD, "users.csv", users)).unwrap_err();
    let rows: Vec<Option<u32>> = errors
        .errors
        .iter()
        .filter(|e| e.file == "users.csv")
        .map(|e| e.row)
        .collect();
    assert_eq!(rows, [Some(4), Some(5)]);
}

#[test]
fn a_row_that_has_slipped_is_refused() {
    let orgs = "sourcedId,name,type\nA,Ash, Primary,school\nB,Birch\nC,Cedar,school,,\n";
    let errors = read(&with(GOOD, "orgs.csv", orgs)).unwrap_err();
    let places = places(&errors);
    assert_eq!(places[0], ("orgs.csv", Some(2), None));
    assert_eq!(places[1], ("orgs.csv", Some(3), None));
    assert!(
        !places.contains(&("orgs.csv", Some(4), None)),
        "empty cells too many are no harm"
    );
}

#[test]
fn an_id_that_a_spreadsheet_rounded_is_refused() {
    let orgs = "sourcedId,name,type\n1.23457E+11,Ash,school\n";
    let errors = read(&with(GOOD, "orgs.csv", orgs)).unwrap_err();
    assert!(errors.errors[0].wrong.contains("rounded"));
}
