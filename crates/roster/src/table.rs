//! A file as a table: a header and rows that are numbered as a spreadsheet numbers them.

use std::io::Cursor;

use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use crate::encoding;
use crate::error::{Faults, RosterError};
use crate::files::File;
use crate::workbook;

pub(crate) const ROWS_AT_MOST: u32 = 600_000;
pub(crate) const COLUMNS_AT_MOST: usize = 400;
/// A cell of a roster is a name or an address.
pub(crate) const CELL_BYTES_AT_MOST: usize = 8_000;

/// What parts the cells of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    Comma,
    /// Whichever of comma, semicolon, tab and bar the header has most of.
    Detected,
}

/// A table that is read row by row.
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) headers: StringRecord,
    rows: Rows,
}

enum Rows {
    Csv {
        reader: Box<Reader<Cursor<String>>>,
        row: u32,
        line: u64,
    },
    Sheet(std::vec::IntoIter<(u32, StringRecord)>),
}

impl Table {
    /// # Errors
    /// A file that cannot be read as a table at all, or has no header.
    pub(crate) fn open(file: &File, delimiter: Delimiter) -> Result<Table, RosterError> {
        let (headers, rows) = if file.workbook {
            let mut rows = workbook::rows(&file.name, &file.bytes)?.into_iter();
            let (_, headers) = rows.next().ok_or_else(|| empty(&file.name))?;
            (headers, Rows::Sheet(rows))
        } else {
            csv_table(file, delimiter)?
        };
        if headers.len() > COLUMNS_AT_MOST {
            return Err(RosterError::of_file(
                &file.name,
                format!("It has more than {COLUMNS_AT_MOST} columns."),
                "Check that it is a roster and that its cells are parted by commas.",
            ));
        }
        Ok(Table {
            file: file.name.clone(),
            headers,
            rows,
        })
    }

    /// The next row that is not blank, and its number; none after the last, or when the file cannot be read on.
    pub(crate) fn next(&mut self, faults: &mut Faults) -> Option<(u32, StringRecord)> {
        loop {
            let (row, mut cells) = match &mut self.rows {
                Rows::Sheet(rows) => rows.next()?,
                Rows::Csv { reader, row, line } => {
                    let mut cells = StringRecord::new();
                    match reader.read_record(&mut cells) {
                        Ok(true) => {}
                        Ok(false) => return None,
                        Err(error) => {
                            faults.push(unreadable(&self.file, &error));
                            return None;
                        }
                    }
                    *row = row.saturating_add(rows_taken(&cells, *line, reader.position().line()));
                    *line = reader.position().line();
                    (*row, cells)
                }
            };
            if row > ROWS_AT_MOST {
                faults.push(RosterError::of_file(
                    &self.file,
                    format!("It has more than {ROWS_AT_MOST} rows."),
                    "Check that it is the right file; split an export of several trusts.",
                ));
                return None;
            }
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if self.fits(row, &mut cells, faults) {
                return Some((row, cells));
            }
            if faults.full() {
                return None;
            }
        }
    }

    /// A row with more or fewer cells than the header has slipped: nothing in it can be trusted.
    fn fits(&self, row: u32, cells: &mut StringRecord, faults: &mut Faults) -> bool {
        let wanted = self.headers.len();
        if cells.iter().skip(wanted).all(|cell| cell.trim().is_empty()) {
            cells.truncate(wanted);
        }
        let wrong = if cells.len() != wanted {
            format!(
                "This row has {} cells, the header has {wanted}.",
                cells.len()
            )
        } else if cells.iter().any(|cell| cell.len() > CELL_BYTES_AT_MOST) {
            format!("A cell of this row is longer than {CELL_BYTES_AT_MOST} bytes.")
        } else {
            return true;
        };
        faults.push(RosterError {
            row: Some(row),
            ..RosterError::of_file(
                &self.file,
                wrong,
                "Put a cell that holds the delimiter in double quotes, close every quote, and keep empty cells.",
            )
        });
        false
    }
}

/// Rows of the spreadsheet that a record took with the blank lines before it; line ends inside quotes are no rows.
fn rows_taken(cells: &StringRecord, from: u64, to: u64) -> u32 {
    let inside: usize = cells.iter().map(|cell| cell.matches('\n').count()).sum();
    let inside = u64::try_from(inside).unwrap_or(u64::MAX);
    let rows = to.saturating_sub(from).saturating_sub(inside);
    u32::try_from(rows).unwrap_or(u32::MAX).max(1)
}

fn csv_table(file: &File, delimiter: Delimiter) -> Result<(StringRecord, Rows), RosterError> {
    let text = encoding::text(&file.name, &file.bytes)?;
    let delimiter = match delimiter {
        Delimiter::Comma => b',',
        Delimiter::Detected => detected(&text),
    };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .trim(Trim::None)
        .from_reader(Cursor::new(text));
    let mut headers = StringRecord::new();
    match reader.read_record(&mut headers) {
        Ok(true) => {}
        Ok(false) => return Err(empty(&file.name)),
        Err(error) => return Err(unreadable(&file.name, &error)),
    }
    let line = reader.position().line();
    let row = rows_taken(&headers, 1, line);
    headers.trim();
    while headers.len() > 1 && headers.iter().next_back().is_some_and(str::is_empty) {
        headers.truncate(headers.len() - 1);
    }
    let reader = Box::new(reader);
    Ok((headers, Rows::Csv { reader, row, line }))
}

/// The commonest delimiter of the header outside quotes; a comma where there is none.
fn detected(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == byte) {
                    *count += 1;
                }
            }
        }
    }
    let mut best = (b',', 0);
    for (delimiter, count) in counts {
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

fn empty(file: &str) -> RosterError {
    RosterError::of_file(
        file,
        "It is empty.",
        "Export it again with its header row and at least one row.",
    )
}

fn unreadable(file: &str, error: &csv::Error) -> RosterError {
    RosterError::of_file(
        file,
        format!("It cannot be read as CSV: {error}."),
        "Export it again as CSV (UTF-8).",
    )
}
