//! Closing a school with a day, or not after all.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::days::read_date;
use super::{SchoolName, school_here};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::close;
use crate::schools::faults::Faults;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/close.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ClosePage {
    school: SchoolName,
    closed_on: Option<String>,
    form: CloseForm,
    faults: Faults,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct CloseForm {
    last_day: String,
    /// `stays` where the school does not close after all.
    choice: String,
}

const WRONG_DAY: &str = "Enter the last day, like 31 August 2027";

impl Page for ClosePage {
    const TEMPLATE: &'static str = "schools/close.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |closed_on: Option<&str>, faults| Self {
            school: SchoolName::sample(),
            closed_on: closed_on.map(str::to_owned),
            form: CloseForm::default(),
            faults,
        };
        vec![
            page(None, Faults::one("last_day", WRONG_DAY)),
            page(Some("31 August 2027"), Faults::default()),
        ]
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::MayEverywhere(Action::ManageSchools);
    Routes::new()
        .get("/schools/{school}/close", access, show)
        .post("/schools/{school}/close", access, save)
}

async fn page(
    app: &App,
    permit: &Permit,
    id: &SchoolId,
    form: CloseForm,
    faults: Faults,
) -> Result<Html<String>, Problem> {
    let (_, school) = school_here(app, permit, id).await?;
    app.render(&ClosePage {
        closed_on: school.closed_on.map(dates::day),
        school: SchoolName::of(&school),
        form,
        faults,
    })
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    page(&app, &permit, &id, CloseForm::default(), Faults::default()).await
}

async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, Problem> {
    let last_day = match form.choice.as_str() {
        "stays" => None,
        _ => match read_date(&form.last_day) {
            Some(day) => Some(day),
            None => {
                let faults = Faults::one("last_day", WRONG_DAY);
                return Ok(page(&app, &permit, &id, form, faults)
                    .await?
                    .into_response());
            }
        },
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    close(&mut tx, &permit, &id, last_day).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/schools/{id}?done=closed")).into_response())
}
