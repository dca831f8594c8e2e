//! The rows of a CSV file under the columns of a register.

use std::collections::BTreeMap;

use policy::source::nearest;
use register::Register;

use super::{Fault, ROWS, columns};

/// A row: the line it begins on, and its cells by the names of their columns.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell, trimmed; nothing where it is empty.
    pub(super) fn cell(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(column).map(|cell| cell.trim());
        cell.filter(|cell| !cell.is_empty())
    }
}

/// Reads a file. Columns are known by their names or by the labels of their fields; empty rows are left out.
pub(super) fn read(register: &Register, file: &[u8]) -> Result<Vec<Row>, Vec<Fault>> {
    let whole = |what: String| {
        vec![Fault {
            row: 1,
            column: String::new(),
            what,
        }]
    };
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|_| {
        whole(
            "This is not a CSV file in UTF-8. In a spreadsheet, save it as 'CSV UTF-8'".to_owned(),
        )
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|e| whole(format!("The header cannot be read: {e}")))?;
    let names = named(register, header)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.extend(whole(format!("This is not CSV any more: {error}")));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > names.len() {
            faults.push(Fault {
                row: line,
                column: String::new(),
                what: format!(
                    "This row has {} cells, the header has {}",
                    record.len(),
                    names.len()
                ),
            });
        }
        if rows.len() == ROWS {
            let what = format!(
                "There is room for {ROWS} rows in one file. Split it, and import one after the other"
            );
            faults.push(Fault {
                row: line,
                column: String::new(),
                what,
            });
            break;
        }
        let cells = names.iter().cloned().zip(record.iter().map(str::to_owned));
        rows.push(Row {
            line,
            cells: cells.collect(),
        });
    }
    if rows.is_empty() && faults.is_empty() {
        faults.extend(whole("There are no rows below the header".to_owned()));
    }
    match faults.is_empty() {
        true => Ok(rows),
        false => Err(faults),
    }
}

/// The columns that the header names.
fn named(register: &Register, header: &csv::StringRecord) -> Result<Vec<String>, Vec<Fault>> {
    let known = columns(register);
    let label = |name: &str| {
        let field = register.fields.iter().find(|field| field.id == name);
        field.map(|field| field.label.to_lowercase())
    };
    let (mut names, mut faults): (Vec<String>, Vec<Fault>) = (Vec::new(), Vec::new());
    for text in header {
        let text = text.trim();
        let small = text.to_lowercase();
        let found = known.iter().map(|(name, _)| name);
        let found = found.clone().find(|name| **name == small).or_else(|| {
            found
                .clone()
                .find(|name| label(name).as_ref() == Some(&small))
        });
        let what = match found {
            Some(name) if names.contains(name) => "This column stands twice".to_owned(),
            Some(name) => {
                names.push(name.clone());
                continue;
            }
            None => {
                let nearest = nearest(&small, known.iter().map(|(name, _)| name.as_str()));
                let meant = nearest.map(|name| format!("; did you mean '{name}'?"));
                format!(
                    "This register has no such column{}",
                    meant.unwrap_or_default()
                )
            }
        };
        faults.push(Fault {
            row: 1,
            column: text.to_owned(),
            what,
        });
    }
    match faults.is_empty() {
        true => Ok(names),
        false => Err(faults),
    }
}
