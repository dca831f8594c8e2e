//! The cells of a row as people write them in spreadsheets: days the British way, people by e-mail address, pupils by
//! name, values in words.

use jiff::civil::Date;
use register::value::{AnswerFault, Answers};
use register::{ChoiceValue, Field, FieldKind, Register, Subject};

use super::rows::Row;
use crate::authority::{Action, Permit};
use crate::cases::change::{Opening, Paper};
use crate::cases::{CaseError, paper};
use crate::people::{self, Part};
use crate::store::{PersonId, SchoolId, Tx};
use crate::{pupils, schools};

/// How the cells of a register's rows are read.
pub(super) struct Cells<'a> {
    pub(super) register: &'a Register,
    pub(super) permit: &'a Permit,
    pub(super) school: Option<&'a SchoolId>,
}

/// What to write in the column of a field, in words.
pub(super) fn expected(field: &Field) -> String {
    let words = |values: &[ChoiceValue]| {
        let words: Vec<&str> = values.iter().map(|value| value.says.as_str()).collect();
        words.join("; ")
    };
    let how = match &field.kind {
        FieldKind::Choice(values) => format!("One of: {}", words(values)),
        FieldKind::Choices(values) => {
            format!("Any of these, with semicolons between: {}", words(values))
        }
        FieldKind::Person => "The e-mail address of somebody who works here".to_owned(),
        FieldKind::Pupil => "The name of a pupil on the roll, or their identifier".to_owned(),
        FieldKind::School => "The name of a school".to_owned(),
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
            "A day, as in 2024-09-30 or 30/09/2024".to_owned()
        }
        FieldKind::Moment => "Day and time, as in 2024-09-30 14:30 or 30/09/2024 14:30".to_owned(),
        FieldKind::Number => "A whole number".to_owned(),
        FieldKind::YesNo => "Yes or no".to_owned(),
        FieldKind::Case(_) => "The reference of a case that is already here".to_owned(),
        _ => "Text".to_owned(),
    };
    let needed = match (field.required, field.when.is_empty()) {
        (true, true) => " (required)",
        (true, false) => " (required where it is asked)",
        (false, _) => "",
    };
    format!("{}: {how}{needed}", field.label)
}

type Read<T> = Result<T, String>;

impl Cells<'_> {
    /// What a row opens, or what is wrong with its cells.
    pub(super) async fn opening(
        &self,
        tx: &mut Tx,
        row: &Row,
    ) -> Result<Result<Opening, Vec<AnswerFault>>, CaseError> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, what: String| {
            faults.push(AnswerFault {
                field: field.to_owned(),
                what,
            });
        };
        let mut paper = Paper::default();
        match row.cell("opened_on").map(day).transpose() {
            Ok(on) => paper.on = on,
            Err(what) => fault("opened_on", what),
        }
        if let Some(email) = row.cell("opened_by") {
            match somebody(tx, email).await? {
                Ok(person) => paper.by = Some(person),
                Err(what) => fault("opened_by", what),
            }
        } else if self.register.subject == Subject::Opener {
            fault(
                "opened_by",
                "Give the e-mail address of whoever it is about".to_owned(),
            );
        }
        match row.cell("state").map(|state| self.state(state)).transpose() {
            Ok(state) => paper.state = state,
            Err(what) => fault("state", what),
        }
        let mut answers = Answers::new();
        for field in paper::fields(self.register) {
            let Some(cell) = row.cell(&field.id) else {
                continue;
            };
            match self.answer(tx, &field, cell).await? {
                Ok(values) => {
                    answers.insert(field.id.clone(), values);
                }
                Err(what) => fault(&field.id, what),
            }
        }
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        Ok(Ok(Opening {
            register: self.register.id.clone(),
            school: self.school.cloned(),
            answers,
            paper: Some(paper),
            linked: None,
            decision: None,
        }))
    }

    fn state(&self, text: &str) -> Read<String> {
        let mut states = self.register.states.iter();
        let found = states.find(|state| state.id == text || same(&state.says, text));
        found.map(|state| state.id.clone()).ok_or_else(|| {
            let all: Vec<&str> = self
                .register
                .states
                .iter()
                .map(|it| it.says.as_str())
                .collect();
            format!("Choose one of: {}", all.join(", "))
        })
    }

    /// One cell as answers.
    async fn answer(
        &self,
        tx: &mut Tx,
        field: &Field,
        cell: &str,
    ) -> Result<Read<Vec<String>>, CaseError> {
        let one = match &field.kind {
            FieldKind::Choice(values) => among(values, cell),
            FieldKind::Choices(values) => {
                let parts = cell
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                return Ok(parts.map(|part| among(values, part)).collect());
            }
            FieldKind::YesNo => match cell.to_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => Ok("yes".to_owned()),
                "no" | "n" | "false" | "0" => Ok("no".to_owned()),
                _ => Err("Write yes or no".to_owned()),
            },
            FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
                day(cell).map(|day| day.to_string())
            }
            FieldKind::Moment => moment(cell),
            FieldKind::Person => somebody(tx, cell).await?.map(|person| person.to_string()),
            FieldKind::Pupil => self.pupil(tx, cell).await?,
            FieldKind::School => school(tx, cell).await?,
            _ => Ok(cell.to_owned()),
        };
        Ok(one.map(|answer| vec![answer]))
    }

    /// A pupil by identifier or by name, at the school of the import.
    async fn pupil(&self, tx: &mut Tx, cell: &str) -> Result<Read<String>, CaseError> {
        let nobody = || {
            Err("There is no such pupil on the roll here. Give the name as it stands there, or the identifier".to_owned())
        };
        let Some(permit) = self.permit.actor().permit(Action::ViewPupils) else {
            return Ok(Err("You may not see pupils".to_owned()));
        };
        if let Ok(id) = cell.parse()
            && pupils::line(tx, &permit, &id).await.is_ok()
        {
            return Ok(Ok(id.to_string()));
        }
        let filter = pupils::Filter {
            search: cell.to_owned(),
            school: self.school.cloned(),
            ..pupils::Filter::default()
        };
        let today = tx.store().clock().today();
        let part = Part { skip: 0, size: 50 };
        let found = pupils::list(tx, &permit, today, &filter, part).await?;
        let named = found.items.iter().filter(|line| same(&line.name, cell));
        let named: Vec<&pupils::Line> = named.collect();
        Ok(match named.as_slice() {
            [] => nobody(),
            [one] => Ok(one.id.to_string()),
            _ => Err("Several pupils have this name. Give the identifier".to_owned()),
        })
    }
}

async fn somebody(tx: &mut Tx, cell: &str) -> Result<Read<PersonId>, CaseError> {
    if let Some(person) = people::by_email(tx, cell).await? {
        return Ok(Ok(person.id));
    }
    if let Ok(id) = cell.parse()
        && people::find(tx, &id).await?.is_some()
    {
        return Ok(Ok(id));
    }
    Ok(Err(
        "Nobody here has this e-mail address. Add the person first, or leave it empty".to_owned(),
    ))
}

async fn school(tx: &mut Tx, cell: &str) -> Result<Read<String>, CaseError> {
    let all = schools::all(tx).await?;
    let found = all
        .iter()
        .find(|school| school.id.as_str() == cell || same(&school.details.name, cell));
    Ok(found
        .map(|school| school.id.to_string())
        .ok_or_else(|| "There is no school of this name in the trust".to_owned()))
}

fn among(values: &[ChoiceValue], cell: &str) -> Read<String> {
    let found = values
        .iter()
        .find(|value| value.id == cell || same(&value.says, cell));
    found.map(|value| value.id.clone()).ok_or_else(|| {
        let all: Vec<&str> = values.iter().map(|value| value.says.as_str()).collect();
        format!("Choose one of: {}", all.join("; "))
    })
}

/// Whether two texts are the same to a reader.
fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// A day as `2024-09-30` or, the British way, `30/09/2024`.
fn day(cell: &str) -> Read<Date> {
    let british = || Date::strptime("%d/%m/%Y", cell);
    let day = cell.parse::<Date>().or_else(|_| british()).ok();
    // A year of two digits would be one of the first century.
    let day = day.filter(|day| (1900..=2200).contains(&day.year()));
    day.ok_or_else(|| "Write the day as in 2024-09-30 or 30/09/2024".to_owned())
}

/// Day and time, with a space or a `T` between.
fn moment(cell: &str) -> Read<String> {
    let wrong = || "Write day and time as in 2024-09-30 14:30 or 30/09/2024 14:30".to_owned();
    let (date, time) = cell.split_once([' ', 'T']).ok_or_else(wrong)?;
    Ok(format!("{}T{}", day(date)?, time.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_spreadsheets_write_them() {
        for (text, wanted) in [
            ("2024-09-30", Some("2024-09-30")),
            ("30/09/2024", Some("2024-09-30")),
            ("3/9/2024", Some("2024-09-03")),
            ("09/30/2024", None),
            ("30/09/24", None),
            ("soon", None),
            ("2024-02-30", None),
        ] {
            let read = day(text).ok().map(|day| day.to_string());
            assert_eq!(read.as_deref(), wanted, "{text}");
        }
        assert_eq!(moment("30/09/2024 14:30").unwrap(), "2024-09-30T14:30");
        assert!(moment("30/09/2024").is_err());
    }
}
