//! Rosters good and bad, of every format.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod mapped;
mod one_roster;
mod properties;
mod scale;
mod school_data_sync;
mod workbook;

use roster::{Files, RosterErrors};

/// Files by name and content.
fn files(named: &[(&str, &str)]) -> Files {
    let mut files = Files::new();
    for (name, content) in named {
        files.add(name, content.as_bytes().to_vec()).unwrap();
    }
    files
}

/// The same files with one put in the place of its namesake, or added.
fn with<'a>(
    good: &[(&'a str, &'a str)],
    name: &'a str,
    content: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> = good.iter().copied().filter(|(n, _)| *n != name).collect();
    all.push((name, content));
    all
}

/// Where the errors are: file, row, column.
fn places(errors: &RosterErrors) -> Vec<(&str, Option<u32>, Option<&str>)> {
    let place = |e| -> (&str, Option<u32>, Option<&str>) {
        let e: &roster::RosterError = e;
        (&e.file, e.row, e.column.as_deref())
    };
    errors.errors.iter().map(place).collect()
}
