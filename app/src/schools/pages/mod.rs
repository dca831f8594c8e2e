//! The pages about schools.

mod adopt;
mod calendar;
mod close;
mod contacts;
mod day;
mod list;
mod one;
mod settings;
mod write;

use serde::Serialize;

use super::{School, SchoolsError, calendar as days, find};
use crate::authority::{Permit, Routes};
use crate::store::{Reader, SchoolId};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

pub(crate) use write::SchoolForm;
#[cfg(test)]
pub(crate) use {
    adopt::{AdoptCheckPage, AdoptPage, WithdrawPage},
    calendar::{CalendarCheckPage, CalendarPage},
    close::ClosePage,
    contacts::{ContactAddPage, ContactRemovePage, ContactsPage},
    day::DayPage,
    list::SchoolsPage,
    one::OneSchoolPage,
    settings::SettingsPage,
    write::SchoolFormPage,
};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(list::routes())
        .merge(write::routes())
        .merge(one::routes())
        .merge(close::routes())
        .merge(contacts::routes())
        .merge(calendar::routes())
        .merge(day::routes())
        .merge(adopt::routes())
        .merge(settings::routes())
}

/// A school as its pages name it.
#[derive(Debug, Serialize)]
struct SchoolName {
    id: String,
    name: String,
}

impl SchoolName {
    fn of(school: &School) -> Self {
        Self {
            id: school.id.to_string(),
            name: school.details.name.clone(),
        }
    }

    fn sample() -> Self {
        Self {
            id: "ash".to_owned(),
            name: "Ash Primary School".to_owned(),
        }
    }
}

/// A choice of a list.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

impl Choice {
    fn new(value: &str, text: &str) -> Self {
        Self {
            value: value.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// A reader of the permit's trust and the school that the address names.
async fn school_here(
    app: &App,
    permit: &Permit,
    id: &SchoolId,
) -> Result<(Reader, School), Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let school = find(&mut reader, id).await?;
    let school = school.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok((reader, school))
}

/// What a form did: changed something, or has to be shown again.
enum Sent<T> {
    Done(T),
    Again(super::faults::Faults),
}

/// A refusal becomes a word on the form; everything else is a problem.
fn sent<T>(result: Result<T, SchoolsError>) -> Result<Sent<T>, Problem> {
    match result {
        Ok(done) => Ok(Sent::Done(done)),
        Err(SchoolsError::Refused { field, says }) => {
            Ok(Sent::Again(super::faults::Faults::one(field, says)))
        }
        Err(other) => Err(other.into()),
    }
}
