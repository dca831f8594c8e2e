//! Where a fault stands in a data file, so that whoever wrote it can mend it.

use std::fmt;

use serde::Serialize;

/// A data file's text and name.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// The name shown in faults, such as `policies/yes.toml`.
    pub name: &'t str,
    /// The whole text.
    pub text: &'t str,
}

impl<'t> Source<'t> {
    /// A source under the name that faults will show.
    #[must_use]
    pub fn new(name: &'t str, text: &'t str) -> Self {
        Self { name, text }
    }

    /// Line and column (both from 1, column in characters) of a byte offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// One thing wrong in a data file: where, what, and the nearest right name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and how to mend it.
    pub what: String,
    /// The nearest right name, where a name is misspelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.what
        )?;
        match &self.nearest {
            Some(name) => write!(f, " Did you mean '{name}'?"),
            None => Ok(()),
        }
    }
}

/// Every fault of a refused file, in the order of the text. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

/// The name among `names` that `wrong` most likely stands for.
#[must_use]
pub fn nearest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min()
        .map(|(_, name)| name.to_owned())
}
