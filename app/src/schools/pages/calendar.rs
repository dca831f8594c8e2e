//! Terms and closed days: pasted in as lines, looked at once more, then saved.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::days::{
    Pasted, SchoolCalendar, Stretch, bank_holidays, calendar, closed_lines, keep_calendar,
    read_closed, read_terms, term_lines,
};
use super::{SchoolName, school_here};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::faults::Faults;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/calendar.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CalendarPage {
    school: SchoolName,
    form: CalendarForm,
    faults: Faults,
}

/// `schools/calendar-check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CalendarCheckPage {
    school: SchoolName,
    form: CalendarForm,
    terms: Vec<Line>,
    closed: Vec<Line>,
    holidays: Vec<Line>,
    school_days: usize,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct CalendarForm {
    terms: String,
    closed: String,
    /// `save` once the lines have been looked at, `change` to go back to them.
    step: String,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    first: String,
    last: String,
}

impl Line {
    fn of(one: &Stretch) -> Self {
        Self {
            name: one.name.clone(),
            first: dates::day(one.first),
            last: dates::day(one.last),
        }
    }

    fn sample() -> Self {
        Self {
            name: "Autumn term".to_owned(),
            first: "2 September 2026".to_owned(),
            last: "18 December 2026".to_owned(),
        }
    }
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "schools/calendar.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |faults| Self {
            school: SchoolName::sample(),
            form: CalendarForm::default(),
            faults,
        };
        vec![
            page(Faults::default()),
            page(Faults::one("terms", "Line 1: there is no date in it")),
        ]
    }
}

impl Page for CalendarCheckPage {
    const TEMPLATE: &'static str = "schools/calendar-check.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |full: bool| {
            let lines = || {
                if full {
                    vec![Line::sample()]
                } else {
                    Vec::new()
                }
            };
            Self {
                school: SchoolName::sample(),
                form: CalendarForm::default(),
                terms: lines(),
                closed: lines(),
                holidays: lines(),
                school_days: 190,
            }
        };
        vec![page(true), page(false)]
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::May(Action::ManageSchools);
    Routes::new()
        .get("/schools/{school}/calendar", access, show)
        .post("/schools/{school}/calendar", access, check)
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let kept = calendar(&mut reader, &school).await?;
    app.render(&CalendarPage {
        school: SchoolName::of(&school),
        form: CalendarForm {
            terms: term_lines(kept.terms()),
            closed: closed_lines(kept.closed()),
            step: String::new(),
        },
        faults: Faults::default(),
    })
}

/// What was read of a field, with a word on every wrong line.
fn read(faults: &mut Faults, field: &'static str, pasted: Pasted<Stretch>) -> Vec<Stretch> {
    pasted.unwrap_or_else(|wrong| {
        wrong
            .iter()
            .for_each(|line| faults.add(field, line.to_string()));
        Vec::new()
    })
}

fn read_form(form: &CalendarForm, kept: &SchoolCalendar) -> Result<SchoolCalendar, Faults> {
    let mut faults = Faults::default();
    let terms = read(&mut faults, "terms", read_terms(&form.terms));
    let closed = read(&mut faults, "closed", read_closed(&form.closed));
    if !faults.none() {
        return Err(faults);
    }
    let new = SchoolCalendar::new(kept.nation(), terms, closed, kept.week().clone());
    new.map_err(|fault| Faults::one("terms", fault.to_string()))
}

async fn check(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<CalendarForm>,
) -> Result<Response, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let name = SchoolName::of(&school);
    let kept = calendar(&mut reader, &school).await?;
    if form.step == "change" {
        let page = CalendarPage {
            school: name,
            form,
            faults: Faults::default(),
        };
        return Ok(app.render(&page)?.into_response());
    }
    let new = match read_form(&form, &kept) {
        Ok(new) => new,
        Err(faults) => {
            let page = CalendarPage {
                school: name,
                form,
                faults,
            };
            return Ok(app.render(&page)?.into_response());
        }
    };
    if form.step != "save" {
        return Ok(app.render(&checked(name, form, &new))?.into_response());
    }
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    keep_calendar(&mut tx, &permit, &id, &new).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/schools/{id}?done=calendar")).into_response())
}

fn checked(school: SchoolName, form: CalendarForm, new: &SchoolCalendar) -> CalendarCheckPage {
    let span = new.terms().first().zip(new.terms().last());
    let span = span.map(|(first, last)| (first.first, last.last));
    let in_term = |day| new.terms().iter().any(|term| term.holds(day));
    let holidays = span.map(|(first, last)| {
        bank_holidays(new.nation(), first, last)
            .filter(|(day, _)| in_term(*day))
            .map(|(day, name)| {
                Line::of(&Stretch {
                    first: day,
                    last: day,
                    name: name.to_owned(),
                })
            })
            .collect()
    });
    let school_days = span.and_then(|(first, last)| {
        let before = first.yesterday().ok()?;
        Some(new.school_days_between(before, last))
    });
    CalendarCheckPage {
        school,
        form,
        terms: new.terms().iter().map(Line::of).collect(),
        closed: new.closed().iter().map(Line::of).collect(),
        holidays: holidays.unwrap_or_default(),
        school_days: school_days.unwrap_or(0),
    }
}
