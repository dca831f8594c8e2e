//! Which column of a file is which.

use csv::StringRecord;

use crate::cells::{Column, squeezed};
use crate::error::{Faults, RosterError};
use crate::table::Table;

/// How closely headers must be spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// To the letter.
    Exact,
    /// Letter case, spaces and signs do not matter, and usual other names will do.
    Tolerant,
}

/// The header of a table, from which columns are taken by name.
pub(crate) struct Headers<'a> {
    file: &'a str,
    headers: &'a StringRecord,
    spelling: Spelling,
}

impl<'a> Headers<'a> {
    pub(crate) fn of(table: &'a Table, spelling: Spelling) -> Self {
        Headers {
            file: &table.file,
            headers: &table.headers,
            spelling,
        }
    }

    /// A column that must be there. The first name is the format's own, the others are what some systems write.
    pub(crate) fn need(&self, names: &[&str], faults: &mut Faults) -> Column {
        let column = self.maybe(names, faults);
        if !column.is_there() {
            faults.push(self.fault(
                names.first().unwrap_or(&""),
                "This column is missing.",
                "Export again with this column.",
            ));
        }
        column
    }

    /// A column that may be there.
    pub(crate) fn maybe(&self, names: &[&str], faults: &mut Faults) -> Column {
        let name = names.first().copied().unwrap_or_default();
        let accepted: Vec<String> = names.iter().map(|name| squeezed(name)).collect();
        let mut found: Option<(usize, &str)> = None;
        for (at, header) in self.headers.iter().enumerate() {
            let wanted = match self.spelling {
                Spelling::Exact => header == name,
                Spelling::Tolerant => accepted.contains(&squeezed(header)),
            };
            if wanted && found.is_some_and(|(_, other)| squeezed(other) == squeezed(header)) {
                faults.push(self.fault(
                    header,
                    "There are two columns of this name.",
                    "Remove one of them.",
                ));
            }
            if self.spelling == Spelling::Exact && !wanted && squeezed(header) == squeezed(name) {
                faults.push(self.fault(
                    header,
                    format!("School Data Sync spells this header '{name}'."),
                    "Spell the header so, letter for letter.",
                ));
            }
            if wanted && found.is_none() {
                found = Some((at, header));
            }
        }
        match found {
            Some((at, header)) => Column::at(at, header),
            None => Column::absent(name),
        }
    }

    fn fault(&self, header: &str, wrong: impl Into<String>, mend: &str) -> RosterError {
        RosterError {
            row: Some(1),
            column: Some(header.to_owned()),
            ..RosterError::of_file(self.file, wrong, mend)
        }
    }
}
