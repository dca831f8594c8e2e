//! CSV that a spreadsheet opens without harm.

use csv::Writer;
use serde_json::Value as Json;

/// A table as CSV (RFC 4180, UTF-8).
pub(crate) fn write(columns: &[&str], rows: &[Vec<Json>]) -> Result<Vec<u8>, csv::Error> {
    let mut to = Writer::from_writer(Vec::new());
    to.write_record(columns)?;
    for row in rows {
        to.write_record(row.iter().map(cell))?;
    }
    to.into_inner().map_err(|e| e.into_error().into())
}

/// A text that begins like a formula gets an apostrophe in front, so that nothing is run when the
/// file is opened in a spreadsheet (OWASP, CSV injection).
fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => {
            format!("'{text}")
        }
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_run_as_a_formula() {
        let rows = [vec![
            Json::from("=HYPERLINK(\"http://bad.example\")"),
            Json::from("@SUM(1)"),
            Json::from("a, \"b\""),
            Json::from(7),
            Json::Null,
        ]];
        let csv = write(&["a", "b", "c", "d", "e"], &rows).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(
            csv,
            "a,b,c,d,e\n\"'=HYPERLINK(\"\"http://bad.example\"\")\",'@SUM(1),\"a, \"\"b\"\"\",7,\n"
        );
    }
}
