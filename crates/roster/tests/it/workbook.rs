use jiff::civil::date;
use roster::{Files, Kind, Mapping, Roster, RosterErrors, Source, peek};

use super::files::zipped;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A workbook of one sheet; cells are given as the sheet's XML has them.
fn workbook(rows: &str, shared: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let sheet =
        format!(r#"{HEAD}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
    let book = format!(
        r#"{HEAD}<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Staff" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let ties = format!(
        r#"{HEAD}<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let root = format!(
        r#"{HEAD}<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"{HEAD}<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let shared = format!(r#"{HEAD}<sst xmlns="{main}" {shared}</sst>"#);
    zipped(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", ties.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn read(book: Vec<u8>) -> Result<Roster, RosterErrors> {
    let mut files = Files::new();
    files.add("Staff list.xlsx", book)?;
    let mut mapping = Mapping::guess(Kind::Staff, &peek(&files, 0)?.headers);
    mapping.school = Some("Ash".into());
    roster::read(&files, &Source::Mapped(mapping))
}

fn header() -> String {
    let cells: Vec<String> = ["Staff ID", "Forename", "Surname", "Start date"]
        .iter()
        .zip(["A1", "B1", "C1", "D1"])
        .map(|(header, place)| text(place, header))
        .collect();
    format!(r#"<row r="1">{}</row>"#, cells.concat())
}

const SHARED: &str = r#"count="1" uniqueCount="1"><si><t>Okafor</t></si>"#;

#[test]
fn numbers_dates_and_shared_texts_are_read() {
    let ada = format!(
        r#"<row r="2"><c r="A2"><v>1007</v></c>{}<c r="C2" t="s"><v>0</v></c><c r="D2" s="1"><v>43709</v></c></row>"#,
        text("B2", "Ada")
    );
    let ben = format!(
        r#"<row r="5">{}{}{}</row>"#,
        text("A5", "BK"),
        text("B5", "Ben"),
        text("C5", "Khan")
    );
    let roster = read(workbook(&format!("{}{ada}{ben}", header()), SHARED)).unwrap();
    assert_eq!(roster.staff[0].external_id, "1007");
    assert_eq!(roster.staff[0].family, "Okafor");
    assert_eq!(roster.staff[0].posts[0].begin, Some(date(2019, 9, 1)));
    assert_eq!(roster.staff[1].given, "Ben");
}

#[test]
fn rows_are_told_by_their_number_in_the_sheet() {
    let bad = format!(
        r#"<row r="5">{}{}</row>"#,
        text("A5", "BK"),
        text("D5", "some day")
    );
    let errors = read(workbook(&format!("{}{bad}", header()), SHARED)).unwrap_err();
    assert_eq!(errors.errors[0].row, Some(5));
    let error = r#"<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>"#;
    let errors = read(workbook(&format!("{}{error}", header()), SHARED)).unwrap_err();
    assert_eq!((errors.errors[0].row, errors.errors.len()), (Some(3), 1));
}

#[test]
fn an_outsize_promise_is_refused() {
    let promise = r#"count="1" uniqueCount="999999999999999"><si><t>Okafor</t></si>"#;
    let errors = read(workbook(&header(), promise)).unwrap_err();
    assert!(errors.errors[0].wrong.contains("larger"), "{errors}");
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let errors = read(workbook(&format!("{}{far}", header()), SHARED)).unwrap_err();
    assert!(
        errors.errors[0].wrong.contains("more in this workbook"),
        "{errors}"
    );
}

#[test]
fn what_is_no_workbook_is_told() {
    let mut files = Files::new();
    assert!(files.add("list.xlsx", b"not a zip".to_vec()).is_err());
    assert!(read(zipped(&[("xl/workbook.xml", b"<workbook/>")])).is_err());
}
