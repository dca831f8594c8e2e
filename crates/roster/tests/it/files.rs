use std::io::{Cursor, Write};

use roster::{Files, Format, Source, detect};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip of files by path and content.
pub(crate) fn zipped(named: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in named {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ORGS: &[u8] = b"sourcedId,name,type\nA,Ash,school\n";
const USERS: &[u8] = b"sourcedId,givenName,familyName\n1,Ada,Okafor\n";
const ROLES: &[u8] = b"sourcedId,userSourcedId,roleType,role,orgSourcedId\nr,1,primary,teacher,A\n";

#[test]
fn a_zip_with_a_folder_and_strangers_in_it_is_read() {
    let zip = zipped(&[
        ("export/orgs.csv", ORGS),
        ("export/users.csv", USERS),
        ("export/roles.csv", ROLES),
        ("__MACOSX/export/._users.csv", b"\0\0"),
        ("export/read me.txt", b"hello"),
    ]);
    let mut files = Files::new();
    files.add("Export.ZIP", zip).unwrap();
    assert_eq!(
        files.names().collect::<Vec<_>>(),
        ["orgs.csv", "users.csv", "roles.csv"]
    );
    assert_eq!(detect(&files), Format::OneRoster);
    assert_eq!(
        roster::read(&files, &Source::OneRoster)
            .unwrap()
            .staff
            .len(),
        1
    );
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let zeros = vec![b'0'; 40 << 20];
    let mut files = Files::new();
    let error = files
        .add("bomb.zip", zipped(&[("users.csv", &zeros)]))
        .unwrap_err();
    assert!(error.wrong.contains("larger"), "{error}");
    let error = files
        .add("bomb.xlsx", zipped(&[("xl/workbook.xml", &zeros)]))
        .unwrap_err();
    assert!(error.wrong.contains("larger"), "{error}");
    let many: Vec<String> = (0..300).map(|n| format!("{n}.csv")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), ORGS)).collect();
    let error = files.add("many.zip", zipped(&many)).unwrap_err();
    assert!(error.wrong.contains("more than 200 files"), "{error}");
}

#[test]
fn damaged_empty_and_doubled_files_are_told() {
    let mut files = Files::new();
    let mut zip = zipped(&[("a/users.csv", USERS), ("b/users.csv", USERS)]);
    let error = files.add("two.zip", zip.clone()).unwrap_err();
    assert!(error.wrong.contains("two files of this name"), "{error}");
    zip.truncate(60);
    assert!(Files::new().add("half.zip", zip).is_err());
    let error = Files::new()
        .add("none.zip", zipped(&[("a.txt", b"x")]))
        .unwrap_err();
    assert!(error.wrong.contains("no CSV file"), "{error}");
    assert!(Files::new().add_reader("users.csv", USERS).is_ok());
}
