//! What is wrong with a roster, said so that whoever exported it can mend it.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

/// After so many errors reading stops: a file that wrong wants one look at its export, not a longer list.
pub(crate) const ERRORS_AT_MOST: usize = 100;

/// One thing that is wrong, where it stands, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
#[error("{}: {wrong} {mend}", Place(self))]
pub struct RosterError {
    /// The file's name, without folders.
    pub file: String,
    /// The row as a spreadsheet counts it: from 1, the header being row 1. None: the file as a whole.
    pub row: Option<u32>,
    /// The column's header as the file spells it, or as the format asks for it where the file has none.
    pub column: Option<String>,
    /// What is wrong: a whole sentence.
    pub wrong: String,
    /// How to mend it: a whole sentence.
    pub mend: String,
}

struct Place<'a>(&'a RosterError);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.file)?;
        if let Some(row) = self.0.row {
            write!(f, ", row {row}")?;
        }
        match &self.0.column {
            Some(column) => write!(f, ", column '{column}'"),
            None => Ok(()),
        }
    }
}

impl RosterError {
    /// An error about a file as a whole.
    pub(crate) fn of_file(file: &str, wrong: impl Into<String>, mend: impl Into<String>) -> Self {
        RosterError {
            file: file.to_owned(),
            row: None,
            column: None,
            wrong: wrong.into(),
            mend: mend.into(),
        }
    }
}

/// Why a roster was not read: at least one error, 100 at most. Nothing of such a roster may be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
#[error("{}", told(errors, *more))]
pub struct RosterErrors {
    /// The errors in the order in which they were met.
    pub errors: Vec<RosterError>,
    /// Whether reading stopped before the end because there were so many.
    pub more: bool,
}

fn told(errors: &[RosterError], more: bool) -> String {
    let mut lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    if more {
        lines.push(format!(
            "There are more errors; reading stopped after {ERRORS_AT_MOST}."
        ));
    }
    lines.join("\n")
}

impl From<RosterError> for RosterErrors {
    fn from(error: RosterError) -> Self {
        RosterErrors {
            errors: vec![error],
            more: false,
        }
    }
}

/// Errors as they gather while a roster is read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    errors: Vec<RosterError>,
}

impl Faults {
    pub(crate) fn push(&mut self, error: RosterError) {
        if !self.full() {
            self.errors.push(error);
        }
    }

    /// Whether reading on is of no use.
    pub(crate) fn full(&self) -> bool {
        self.errors.len() >= ERRORS_AT_MOST
    }

    /// What was read, if nothing was wrong.
    pub(crate) fn or<T>(self, read: T) -> Result<T, RosterErrors> {
        if self.errors.is_empty() {
            return Ok(read);
        }
        let more = self.full();
        Err(RosterErrors {
            errors: self.errors,
            more,
        })
    }
}
