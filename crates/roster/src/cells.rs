//! Cells of a row, checked as they are taken.

use csv::StringRecord;
use jiff::civil::Date;

use crate::contract::Contract;
use crate::dates::{self, DateOrder};
use crate::error::{Faults, RosterError};
use crate::year::{self, Code, Year};

const ID_CHARS_AT_MOST: usize = 255;
const NAME_CHARS_AT_MOST: usize = 200;

/// Letters and digits in lower case: what tells one header or code from another.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A column that a file may have.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    at: Option<usize>,
    /// As the file spells it, else as the format asks for it.
    header: String,
}

impl Column {
    pub(crate) fn at(at: usize, header: &str) -> Column {
        Column {
            at: Some(at),
            header: header.to_owned(),
        }
    }

    pub(crate) fn absent(header: &str) -> Column {
        Column {
            at: None,
            header: header.to_owned(),
        }
    }

    pub(crate) fn is_there(&self) -> bool {
        self.at.is_some()
    }
}

/// One row and where it stands.
pub(crate) struct Row<'a> {
    pub(crate) file: &'a str,
    pub(crate) number: u32,
    pub(crate) cells: &'a StringRecord,
    pub(crate) order: DateOrder,
}

impl Row<'_> {
    /// The cell without the space around it; none where it is empty.
    pub(crate) fn get(&self, column: &Column) -> Option<&str> {
        let cell = self.cells.get(column.at?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    pub(crate) fn fault(
        &self,
        column: &Column,
        wrong: impl Into<String>,
        mend: &str,
    ) -> RosterError {
        RosterError {
            file: self.file.to_owned(),
            row: Some(self.number),
            column: Some(column.header.clone()),
            wrong: wrong.into(),
            mend: mend.to_owned(),
        }
    }

    /// A cell that must be filled.
    pub(crate) fn need(&self, column: &Column, faults: &mut Faults) -> Option<&str> {
        let cell = self.get(column);
        if cell.is_none() {
            faults.push(self.fault(
                column,
                "This cell is empty.",
                "Fill it in and export again.",
            ));
        }
        cell
    }

    /// An id that must be there.
    pub(crate) fn id(&self, column: &Column, faults: &mut Faults) -> Option<String> {
        let id = self.need(column, faults)?;
        match bad_id(id) {
            Some((wrong, mend)) => {
                faults.push(self.fault(column, wrong, mend));
                None
            }
            None => Some(id.to_owned()),
        }
    }

    /// Several ids parted by commas, semicolons or bars.
    pub(crate) fn ids(&self, column: &Column, faults: &mut Faults) -> Vec<String> {
        let mut ids = Vec::new();
        let cell = self.get(column).unwrap_or_default();
        for id in cell
            .split([',', ';', '|'])
            .map(str::trim)
            .filter(|id| !id.is_empty())
        {
            match bad_id(id) {
                Some((wrong, mend)) => faults.push(self.fault(column, wrong, mend)),
                None => ids.push(id.to_owned()),
            }
        }
        ids
    }

    /// A name, or nothing; line ends inside become spaces.
    pub(crate) fn name(&self, column: &Column, faults: &mut Faults) -> Option<String> {
        let cell = self.get(column)?;
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.chars().count() > NAME_CHARS_AT_MOST || name.chars().any(char::is_control) {
            faults.push(self.fault(
                column,
                format!("This name is longer than {NAME_CHARS_AT_MOST} characters or has signs that do not print."),
                "Check that the cells stand under the right headers.",
            ));
            return None;
        }
        Some(name)
    }

    /// An e-mail address, or nothing.
    pub(crate) fn email(&self, column: &Column, faults: &mut Faults) -> Option<String> {
        let cell = self.get(column)?;
        let fine = cell.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.contains('@')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        });
        let plain = !cell
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>,;\"()".contains(c));
        if !fine || !plain || cell.len() > 254 {
            faults.push(self.fault(
                column,
                "This is not an e-mail address.",
                "Write one address like name@school.example, or leave the cell empty.",
            ));
            return None;
        }
        Some(cell.to_owned())
    }

    /// A telephone number, or nothing.
    pub(crate) fn phone(&self, column: &Column, faults: &mut Faults) -> Option<String> {
        let cell = self.get(column)?;
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        let strange = cell.chars().any(|c| c.is_control());
        if digits < 3 || cell.chars().count() > 40 || strange {
            faults.push(self.fault(
                column,
                "This is not a telephone number.",
                "Write one number, or leave the cell empty.",
            ));
            return None;
        }
        Some(cell.to_owned())
    }

    /// A day, or nothing.
    pub(crate) fn date(&self, column: &Column, faults: &mut Faults) -> Option<Date> {
        let cell = self.get(column)?;
        let date = dates::read(cell, self.order);
        if date.is_none() {
            let wanted = match self.order {
                DateOrder::DayFirst => {
                    "Write the day like 2026-09-02 or 02/09/2026 (day first), or choose month first."
                }
                DateOrder::MonthFirst => {
                    "Write the day like 2026-09-02 or 09/02/2026 (month first), or choose day first."
                }
            };
            faults.push(self.fault(column, "This is not a day of the calendar.", wanted));
        }
        date
    }

    /// A year group, or nothing.
    pub(crate) fn year(&self, column: &Column, faults: &mut Faults) -> Option<Year> {
        let cell = self.get(column)?;
        match year::read(cell) {
            Some(Code::Of(year)) => Some(year),
            Some(Code::Ungraded) => None,
            None => {
                faults.push(self.fault(
                    column,
                    "This is not a year group.",
                    "Write Year 7 or 7, R for Reception, N for Nursery, P4 or S2 in Scotland, or leave the cell empty.",
                ));
                None
            }
        }
    }

    /// On what terms somebody works; none where the cell is empty, a fault to be noted where its words are not known.
    pub(crate) fn contract(&self, column: &Column) -> Result<Option<Contract>, NotKnown> {
        match self.get(column) {
            None => Ok(None),
            Some(cell) => Contract::read(cell).map(Some).ok_or(NotKnown),
        }
    }

    /// Yes or no; `default` where the cell is empty.
    pub(crate) fn yes(&self, column: &Column, default: bool, faults: &mut Faults) -> bool {
        match self.get(column).map(squeezed).as_deref() {
            None => default,
            Some("true" | "1" | "yes" | "y") => true,
            Some("false" | "0" | "no" | "n") => false,
            Some(_) => {
                faults.push(self.fault(
                    column,
                    "This is neither true nor false.",
                    "Write true or false.",
                ));
                default
            }
        }
    }
}

/// A contract type in words that are not known: no reason to keep a whole roster out.
pub(crate) struct NotKnown;

impl NotKnown {
    /// What the preview says of such rows.
    pub(crate) const SAYS: &'static str = "A contract type in words that are not known here (known are permanent, fixed term, temporary, supply, contractor, \
         trainee, volunteer, governor): it stays as it is.";
}

fn bad_id(id: &str) -> Option<(String, &'static str)> {
    if id.chars().count() > ID_CHARS_AT_MOST || id.chars().any(char::is_control) {
        return Some((
            format!(
                "This id is longer than {ID_CHARS_AT_MOST} characters or has signs that do not print."
            ),
            "Check that the cells stand under the right headers.",
        ));
    }
    // 1.23457E+11: the digits are gone, and different ids have become one.
    let mangled = id.split_once("E+").is_some_and(|(number, exponent)| {
        number.contains('.')
            && number.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !exponent.is_empty()
            && exponent.chars().all(|c| c.is_ascii_digit())
    });
    mangled.then(|| {
        (
            "A spreadsheet has turned this id into a rounded number.".to_owned(),
            "Export again and do not save the file from a spreadsheet, or format the column as text first.",
        )
    })
}
