//! The first sheet of an XLSX file that has anything in it, as rows of text.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use csv::StringRecord;

use crate::error::RosterError;
use crate::table::{CELL_BYTES_AT_MOST, COLUMNS_AT_MOST, ROWS_AT_MOST};

/// Rows with their numbers in the sheet; the first is the header, and none is blank.
///
/// # Errors
/// A workbook that cannot be read, is too large, or holds an error value.
pub(crate) fn rows(file: &str, bytes: &[u8]) -> Result<Vec<(u32, StringRecord)>, RosterError> {
    let unreadable = |e: &dyn std::fmt::Display| {
        RosterError::of_file(
            file,
            format!("It cannot be read as an XLSX workbook: {e}."),
            "Save it again as .xlsx, or as CSV (UTF-8).",
        )
    };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    for sheet in workbook.sheet_names() {
        // A chart sheet has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&sheet) else {
            continue;
        };
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(|e| unreadable(&e))? {
            let (row, column) = cell.get_position();
            let row = row.saturating_add(1);
            let at = usize::try_from(column).unwrap_or(usize::MAX);
            let Some(text) = text(cell.get_value()) else {
                return Err(RosterError {
                    row: Some(row),
                    ..RosterError::of_file(
                        file,
                        format!("Cell {} of this row holds an error value.", at + 1),
                        "Mend the formula, or replace it by its value.",
                    )
                });
            };
            if text.is_empty() {
                continue;
            }
            if row > ROWS_AT_MOST || at >= COLUMNS_AT_MOST || text.len() > CELL_BYTES_AT_MOST {
                return Err(RosterError {
                    row: Some(row),
                    ..RosterError::of_file(
                        file,
                        "There is more in this workbook than a roster holds.",
                        "Delete what is not part of the list, far right and far below too.",
                    )
                });
            }
            match rows.last_mut() {
                Some((last, filled)) if *last == row => put(filled, at, text),
                Some((last, _)) if *last > row => {
                    return Err(unreadable(&"its rows are out of order"));
                }
                _ => {
                    let mut filled = Vec::new();
                    put(&mut filled, at, text);
                    rows.push((row, filled));
                }
            }
        }
        if !rows.is_empty() {
            return Ok(even(rows));
        }
    }
    Ok(Vec::new())
}

fn put(cells: &mut Vec<String>, at: usize, text: String) {
    if cells.len() <= at {
        cells.resize(at + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(at) {
        *cell = text;
    }
}

/// A sheet leaves empty cells at the end of a row out; a table does not.
fn even(rows: Vec<(u32, Vec<String>)>) -> Vec<(u32, StringRecord)> {
    let width = rows.first().map_or(0, |(_, header)| header.len());
    rows.into_iter()
        .map(|(row, mut cells)| {
            if cells.len() < width {
                cells.resize(width, String::new());
            }
            (row, StringRecord::from(cells))
        })
        .collect()
}

/// The cell as CSV would have it; none for an error value.
fn text(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Display of a whole float has no fraction and no exponent.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => day(moment),
        DataRef::Error(_) => return None,
    })
}

/// Only the day: nothing in a roster has an hour.
fn day(moment: &ExcelDateTime) -> String {
    // Outside these serial numbers (1900 to 2199) a number only looks like a date.
    if !moment.is_datetime() || !(1.0..110_000.0).contains(&moment.as_f64()) {
        return moment.as_f64().to_string();
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
