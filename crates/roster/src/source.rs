//! What a roster comes in, and the door to reading it.

use crate::dates::DateOrder;
use crate::error::{RosterError, RosterErrors};
use crate::files::Files;
use crate::headers::{Headers, Spelling};
use crate::mapping::Mapping;
use crate::record::Roster;
use crate::table::{Delimiter, Table};
use crate::{mapped, one_roster, school_data_sync};

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OneRoster 1.2 (or 1.1) CSV.
    OneRoster,
    /// Microsoft School Data Sync v2.1 CSV.
    SchoolDataSync,
    /// A list of a school's own, CSV or XLSX: its columns are to be mapped.
    Mapped,
}

/// A format with what is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// OneRoster 1.2 (or 1.1) CSV.
    OneRoster,
    /// Microsoft School Data Sync v2.1 CSV.
    SchoolDataSync(DateOrder),
    /// A list of a school's own.
    Mapped(Mapping),
}

/// The format that files are most likely in: by their names, and where those are the same, by the headers of roles.csv.
#[must_use]
pub fn detect(files: &Files) -> Format {
    let has = |name| files.named(name, false).is_some();
    if !has("users.csv") || !has("orgs.csv") {
        return Format::Mapped;
    }
    if has("manifest.csv") {
        return Format::OneRoster;
    }
    let roles = files.named("roles.csv", false);
    let table = roles.and_then(|file| Table::open(file, Delimiter::Detected).ok());
    let of_microsoft = table.is_some_and(|table| {
        let headers = Headers::of(&table, Spelling::Tolerant);
        let mut unheeded = crate::error::Faults::default();
        let mut has = |name: &str| headers.maybe(&[name], &mut unheeded).is_there();
        (has("roleStartDate") || has("isPrimary") || has("sessionSourcedId") || !has("sourcedId"))
            && !has("roleType")
    });
    if of_microsoft || has("relationships.csv") || has("userFlags.csv") {
        Format::SchoolDataSync
    } else {
        Format::OneRoster
    }
}

/// Reads a roster: all of it, or why not.
///
/// # Errors
/// Up to 100 errors, each with file, row, column, what is wrong and how to mend it.
pub fn read(files: &Files, source: &Source) -> Result<Roster, RosterErrors> {
    match source {
        Source::OneRoster => one_roster::read(files),
        Source::SchoolDataSync(order) => school_data_sync::read(files, *order),
        Source::Mapped(mapping) => mapped::read(files, mapping),
    }
}

/// The head of a list, to map its columns by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peek {
    /// The headers.
    pub headers: Vec<String>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
}

/// Looks at the header and the first rows of the first file.
///
/// # Errors
/// No file, or one that is no table.
pub fn peek(files: &Files, rows: usize) -> Result<Peek, RosterErrors> {
    let Some(file) = files.all().first() else {
        return Err(RosterError::of_file(
            "the import",
            "There is no file.",
            "Choose a CSV or XLSX file.",
        )
        .into());
    };
    let mut table = Table::open(file, Delimiter::Detected)?;
    let mut unheeded = crate::error::Faults::default();
    let mut first = Vec::new();
    while first.len() < rows
        && let Some((_, cells)) = table.next(&mut unheeded)
    {
        first.push(cells.iter().map(str::to_owned).collect());
    }
    Ok(Peek {
        headers: table.headers.iter().map(str::to_owned).collect(),
        rows: first,
    })
}
