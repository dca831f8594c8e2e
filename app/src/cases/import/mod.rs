//! Records that were kept on paper or in a spreadsheet, entered at once: a CSV file for each register, all of it or
//! nothing. They begin no deadlines and nobody is written to.

mod cells;
mod pages;
mod rows;

use register::value::AnswerFault;
use register::{Register, Subject};

use super::paper;
use super::{Case, CaseError, Engine, Opening, open};
use crate::authority::{Action, Denied, Permit, Place};
use crate::store::{SchoolId, StoreError, Tx};
use crate::web::problem::{Kind, Problem};

pub(super) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{CaseImportPage, CaseImportPreviewPage, CaseImportedPage, ChooseImportPage};

/// The most rows of one file.
pub(crate) const ROWS: usize = 500;
/// The columns that every register has, before those of its fields.
const COMMON: [&str; 3] = ["opened_on", "opened_by", "state"];

/// A place of a file that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub(crate) struct Fault {
    /// The line of the file, from 1; the header is the first.
    pub(crate) row: u64,
    /// The column; empty where the row as a whole is meant.
    pub(crate) column: String,
    /// What is wrong and how to mend it.
    pub(crate) what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "row {}: {}", self.row, self.what),
            column => write!(f, "row {}, column '{column}': {}", self.row, self.what),
        }
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// The file is wrong in these places.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
    /// The right does not reach there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The engine refused, or the store failed.
    #[error(transparent)]
    Case(#[from] CaseError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Case(error.into())
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Case(error) => error.into(),
            ImportError::Denied(error) => error.into(),
            faults @ ImportError::Faults(_) => {
                Self::new(Kind::Unprocessable).detail(faults.to_string())
            }
        }
    }
}

/// The columns of a register's file, in order: what each is called, and what to write in it.
pub(crate) fn columns(register: &Register) -> Vec<(String, String)> {
    let [on, by, state] = COMMON.map(str::to_owned);
    let by_whom = match register.subject {
        Subject::Opener => "The e-mail address of whoever it is about (required)",
        _ => "The e-mail address of whoever opened it; you, where it is empty",
    };
    let states: Vec<&str> = register
        .states
        .iter()
        .map(|state| state.says.as_str())
        .collect();
    let mut columns = vec![
        (
            on,
            "The day on which it was opened, as in 2024-09-30 or 30/09/2024".to_owned(),
        ),
        (by, by_whom.to_owned()),
        (
            state,
            format!(
                "Where it stands: {}. The first, where it is empty",
                states.join(", ")
            ),
        ),
    ];
    for field in paper::fields(register) {
        columns.push((field.id.clone(), cells::expected(&field)));
    }
    columns
}

/// The file to fill in: its header alone.
pub(crate) fn template(register: &Register) -> String {
    let columns = columns(register);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    format!("{}\r\n", names.join(","))
}

/// Enters every row of a file as a case of a register at a school, or for the trust as a whole. Whoever only wants to
/// see what would come of it lets the transaction go.
///
/// # Errors
/// Every fault of the file with its place; then nothing may be committed.
pub(crate) async fn import(
    tx: &mut Tx,
    engine: &Engine,
    permit: &Permit,
    (register, school): (&str, Option<&SchoolId>),
    file: &[u8],
) -> Result<Vec<Case>, ImportError> {
    if permit.action() != Action::ManageRegisters {
        return Err(Denied.into());
    }
    permit.at(school.map_or(Place::Trust, Place::School))?;
    let registers = engine.registers();
    let register = registers
        .register(register)
        .ok_or(CaseError::NoSuchRegister)?;
    let sheet = rows::read(register, file).map_err(ImportError::Faults)?;
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for row in sheet {
        let cells = cells::Cells {
            register,
            permit,
            school,
        };
        match cells.opening(tx, &row).await? {
            Err(wrong) => faults.extend(at(&row, wrong)),
            Ok(opening) => match enter(tx, engine, permit, opening).await? {
                Ok(case) => cases.push(case),
                Err(wrong) => faults.extend(at(&row, wrong)),
            },
        }
    }
    match faults.is_empty() {
        true => Ok(cases),
        false => Err(ImportError::Faults(faults)),
    }
}

async fn enter(
    tx: &mut Tx,
    engine: &Engine,
    permit: &Permit,
    opening: Opening,
) -> Result<Result<Case, Vec<AnswerFault>>, CaseError> {
    match open(tx, engine, permit.actor(), opening).await {
        Ok(case) => Ok(Ok(case)),
        Err(CaseError::Answers(faults)) => Ok(Err(faults)),
        Err(other) => Err(other),
    }
}

fn at(row: &rows::Row, faults: Vec<AnswerFault>) -> Vec<Fault> {
    let placed = faults.into_iter().map(|fault| Fault {
        row: row.line,
        column: fault.field,
        what: fault.what,
    });
    placed.collect()
}
