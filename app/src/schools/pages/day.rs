//! The bands of the school day, weekday by weekday.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::days::{
    Band, SchoolCalendar, WEEKDAYS, Week, band_lines, calendar, keep_calendar, read_bands,
};
use super::{SchoolName, school_here};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::faults::Faults;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/day.html`.
#[derive(Debug, Serialize)]
pub(crate) struct DayPage {
    school: SchoolName,
    form: DayForm,
    faults: Faults,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct DayForm {
    monday: String,
    tuesday: String,
    wednesday: String,
    thursday: String,
    friday: String,
    /// `copy` puts Monday's lines into every day.
    step: String,
}

impl DayForm {
    fn of(week: &Week) -> Self {
        let lines = WEEKDAYS.map(|(weekday, _)| band_lines(week.bands(weekday)));
        let [monday, tuesday, wednesday, thursday, friday] = lines;
        Self {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            step: String::new(),
        }
    }

    fn copied(self) -> Self {
        let monday = || self.monday.clone();
        Self {
            monday: monday(),
            tuesday: monday(),
            wednesday: monday(),
            thursday: monday(),
            friday: monday(),
            step: String::new(),
        }
    }

    fn read(&self) -> Result<Week, Faults> {
        let mut faults = Faults::default();
        let mut day = |field, lines: &str| read_day(&mut faults, field, lines);
        let days = [
            day("monday", &self.monday),
            day("tuesday", &self.tuesday),
            day("wednesday", &self.wednesday),
            day("thursday", &self.thursday),
            day("friday", &self.friday),
        ];
        if !faults.none() {
            return Err(faults);
        }
        Week::new(days).map_err(|fault| Faults::one("monday", fault.to_string()))
    }
}

/// The bands of a day, with a word on every wrong line and on times that overlap.
fn read_day(faults: &mut Faults, field: &'static str, lines: &str) -> Vec<Band> {
    match read_bands(lines) {
        Ok(bands) => {
            let alone = Week::new([bands.clone(), vec![], vec![], vec![], vec![]]);
            if let Err(fault) = alone {
                faults.add(field, format!("Two lines do not fit together: {fault}"));
            }
            bands
        }
        Err(wrong) => {
            wrong
                .iter()
                .for_each(|line| faults.add(field, line.to_string()));
            Vec::new()
        }
    }
}

impl Page for DayPage {
    const TEMPLATE: &'static str = "schools/day.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |faults| Self {
            school: SchoolName::sample(),
            form: DayForm::default(),
            faults,
        };
        vec![
            page(Faults::default()),
            page(Faults::one("friday", "Line 1: say what is on")),
        ]
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::May(Action::ManageSchools);
    Routes::new()
        .get("/schools/{school}/day", access, show)
        .post("/schools/{school}/day", access, save)
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let kept = calendar(&mut reader, &school).await?;
    app.render(&DayPage {
        school: SchoolName::of(&school),
        form: DayForm::of(kept.week()),
        faults: Faults::default(),
    })
}

async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<DayForm>,
) -> Result<Response, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let again = |form, faults| {
        let school = SchoolName::of(&school);
        app.render(&DayPage {
            school,
            form,
            faults,
        })
    };
    if form.step == "copy" {
        return Ok(again(form.copied(), Faults::default())?.into_response());
    }
    let week = match form.read() {
        Ok(week) => week,
        Err(faults) => return Ok(again(form, faults)?.into_response()),
    };
    let kept = calendar(&mut reader, &school).await?;
    let (terms, closed) = (kept.terms().to_vec(), kept.closed().to_vec());
    let new = SchoolCalendar::new(kept.nation(), terms, closed, week);
    let new = match new {
        Ok(new) => new,
        Err(fault) => {
            return Ok(again(form, Faults::one("monday", fault.to_string()))?.into_response());
        }
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    keep_calendar(&mut tx, &permit, &id, &new).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/schools/{id}?done=day")).into_response())
}
