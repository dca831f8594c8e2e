//! A table as the bytes of a file.

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use serde_json::Value as Json;

use super::table::Table;
use crate::export::csv_file;

/// The most characters that a spreadsheet takes in a cell.
const CELL_AT_MOST: usize = 32_767;

/// RFC 4180, UTF-8; no cell is run as a formula.
pub(super) fn csv(table: &Table) -> Result<Vec<u8>, String> {
    let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
    let rows = table.rows.iter();
    let rows: Vec<Vec<Json>> = rows
        .map(|row| row.iter().map(|cell| Json::from(cell.as_str())).collect())
        .collect();
    csv_file::write(&columns, &rows).map_err(|e| e.to_string())
}

/// A workbook with one sheet. Every cell is a text: nothing in it is ever a formula or a link.
pub(super) fn xlsx(table: &Table, made_on: Date) -> Result<Vec<u8>, String> {
    workbook(table, made_on).map_err(|e| e.to_string())
}

fn workbook(table: &Table, made_on: Date) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let parts = (made_on.year(), made_on.month(), made_on.day());
    let made = ExcelDateTime::from_ymd(
        u16::try_from(parts.0).unwrap_or(1900),
        u8::try_from(parts.1).unwrap_or(1),
        u8::try_from(parts.2).unwrap_or(1),
    )?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = workbook.add_worksheet();
    sheet.set_name("Cases")?;
    let heading = Format::new().set_bold();
    for (column, text) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, text, &heading)?;
    }
    for (row, cells) in (1u32..).zip(&table.rows) {
        for (column, text) in (0u16..).zip(cells) {
            let text: String = text.chars().take(CELL_AT_MOST).collect();
            sheet.write_string(row, column, text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    workbook.save_to_buffer()
}
