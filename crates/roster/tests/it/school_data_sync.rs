use jiff::civil::date;
use roster::{
    DateOrder, Format, Roster, RosterErrors, SchoolKind, Source, SuggestedRole, Year, detect,
};

use super::{files, places, with};

const GOOD: &[(&str, &str)] = &[
    (
        "orgs.csv",
        "sourcedId,name,type,parentSourcedId\nT,Oak Trust,academicTrust,\nA,Ash Primary,school,T\n",
    ),
    (
        "users.csv",
        "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n\
         1,ada@oak.example,Ada,Okafor,P@ssword123,,,,\n\
         2,ben,Ben,Khan,P@ssword123,ben@pupils.example,,,\n\
         3,dee@home.example,Dee,Khan,,,dee@home.example,01632 960001,\n",
    ),
    (
        "roles.csv",
        "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n\
         1,A,principal,S1,,TRUE,2024-09-01,31/08/2027\n\
         2,A,student,S1,10,TRUE,,\n",
    ),
    (
        "demographics.csv",
        "userSourcedId,sex,birthDate\n2,male,2012-01-30\n",
    ),
    (
        "relationships.csv",
        "userSourcedId,relationshipUserSourcedId,relationshipRole\n2,3,guardian\n2,1,doctor\n",
    ),
];

fn read(named: &[(&str, &str)], order: DateOrder) -> Result<Roster, RosterErrors> {
    roster::read(&files(named), &Source::SchoolDataSync(order))
}

#[test]
fn a_whole_export_is_read() {
    assert_eq!(detect(&files(GOOD)), Format::SchoolDataSync);
    let roster = read(GOOD, DateOrder::DayFirst).unwrap();
    assert_eq!(roster.schools[0].kind, SchoolKind::Trust);
    let ada = &roster.staff[0];
    assert_eq!(ada.email.as_deref(), Some("ada@oak.example"));
    assert_eq!(ada.posts[0].suggested_role, Some(SuggestedRole::Head));
    assert_eq!(ada.posts[0].end, Some(date(2027, 8, 31)));
    assert_eq!(roster.pupils[0].year, Some(Year::Year(10)));
    assert_eq!(roster.pupils[0].born, Some(date(2012, 1, 30)));
    assert_eq!(roster.guardians[0].pupils, ["2"]);
    assert_eq!(roster.notes.len(), 1, "a doctor is no parent");
    assert!(!format!("{roster:?}").contains("P@ssword"));
}

#[test]
fn american_days_are_read_when_chosen_and_never_guessed() {
    let roles = GOOD[2].1.replace("31/08/2027", "8/24/2027");
    let named = with(GOOD, "roles.csv", &roles);
    let roster = read(&named, DateOrder::MonthFirst).unwrap();
    assert_eq!(roster.staff[0].posts[0].end, Some(date(2027, 8, 24)));
    let errors = read(&named, DateOrder::DayFirst).unwrap_err();
    assert_eq!(
        places(&errors),
        [("roles.csv", Some(2), Some("roleEndDate"))]
    );
}

#[test]
fn names_are_taken_to_the_letter() {
    let users = GOOD[1].1.replacen("givenName", "GivenName", 1);
    let errors = read(&with(GOOD, "users.csv", &users), DateOrder::DayFirst).unwrap_err();
    assert!(
        errors
            .to_string()
            .contains("spells this header 'givenName'"),
        "{errors}"
    );
    let mut renamed: Vec<(&str, &str)> = GOOD[1..].to_vec();
    renamed.push(("Orgs.csv", GOOD[0].1));
    let errors = read(&renamed, DateOrder::DayFirst).unwrap_err();
    assert_eq!(places(&errors)[0], ("Orgs.csv", None, None));
}

#[test]
fn a_tie_to_nobody_is_refused() {
    let ties = "userSourcedId,relationshipUserSourcedId,relationshipRole\n2,77,parent\n";
    let errors = read(&with(GOOD, "relationships.csv", ties), DateOrder::DayFirst).unwrap_err();
    assert_eq!(
        places(&errors),
        [(
            "relationships.csv",
            Some(2),
            Some("relationshipUserSourcedId")
        )]
    );
}
