//! Adding a school, and changing what is known of one.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{Choice, SchoolName, Sent, school_here, sent};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::faults::Faults;
use crate::schools::{DfeNumber, Nation, Phase, School, SchoolDetails, Urn, add, change, trust};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/form.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolFormPage {
    /// The school that is changed; none where one is added.
    school: Option<SchoolName>,
    form: SchoolForm,
    phases: Vec<Choice>,
    nations: Vec<Choice>,
    faults: Faults,
}

/// What is known of a school, as it was typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct SchoolForm {
    pub(crate) name: String,
    pub(crate) urn: String,
    pub(crate) dfe_number: String,
    pub(crate) phase: String,
    pub(crate) nation: String,
}

impl SchoolForm {
    fn of(school: &School) -> Self {
        let details = &school.details;
        let urn = details.urn.as_ref().map(|urn| urn.as_str().to_owned());
        let number = details.dfe_number.as_ref();
        Self {
            name: details.name.clone(),
            urn: urn.unwrap_or_default(),
            dfe_number: number
                .map(|number| number.as_str().to_owned())
                .unwrap_or_default(),
            phase: details.phase.name().to_owned(),
            nation: details.nation.name().to_owned(),
        }
    }

    /// Checks what was typed.
    pub(crate) fn read(&self) -> Result<SchoolDetails, Faults> {
        let mut faults = Faults::default();
        let name = faults.text("name", &self.name, "Enter the school’s name");
        let urn_says = "Enter a URN of six digits, like 103456, or leave this empty";
        let urn = faults.optional("urn", &self.urn, urn_says, Urn::read);
        let number_says = "Enter a number of seven digits, like 123/4567, or leave this empty";
        let dfe_number =
            faults.optional("dfe_number", &self.dfe_number, number_says, DfeNumber::read);
        let phase = faults.need(
            "phase",
            Phase::named(&self.phase),
            "Choose whom the school teaches",
        );
        let nation = faults.need("nation", Nation::named(&self.nation), "Choose a nation");
        match (name, phase, nation) {
            (Some(name), Some(phase), Some(nation)) if faults.none() => Ok(SchoolDetails {
                name,
                urn,
                dfe_number,
                phase,
                nation,
            }),
            _ => Err(faults),
        }
    }
}

impl Page for SchoolFormPage {
    const TEMPLATE: &'static str = "schools/form.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let faults = SchoolForm::default().read().err().unwrap_or_default();
        let page = |school, faults| Self::new(school, SchoolForm::default(), faults);
        vec![
            page(None, Faults::default()),
            page(Some(SchoolName::sample()), faults),
        ]
    }
}

impl SchoolFormPage {
    fn new(school: Option<SchoolName>, form: SchoolForm, faults: Faults) -> Self {
        let phase = |phase: &Phase| Choice::new(phase.name(), phase.label());
        let nation = |nation: &Nation| Choice::new(nation.name(), nation.label());
        Self {
            school,
            form,
            phases: Phase::ALL.iter().map(phase).collect(),
            nations: Nation::ALL.iter().map(nation).collect(),
            faults,
        }
    }
}

pub(super) fn routes() -> Routes {
    let (whole, here) = (
        Access::MayEverywhere(Action::ManageSchools),
        Access::May(Action::ManageSchools),
    );
    Routes::new()
        .get("/schools/add", whole, add_form)
        .post("/schools/add", whole, add_sent)
        .get("/schools/{school}/change", here, change_form)
        .post("/schools/{school}/change", here, change_sent)
}

async fn add_form(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let form = SchoolForm {
        nation: trust(&mut reader).await?.settings.nation.name().to_owned(),
        ..SchoolForm::default()
    };
    app.render(&SchoolFormPage::new(None, form, Faults::default()))
}

async fn add_sent(
    State(app): State<App>,
    permit: Permit,
    Form(form): Form<SchoolForm>,
) -> Result<Response, Problem> {
    let again = |form, faults| app.render(&SchoolFormPage::new(None, form, faults));
    let details = match form.read() {
        Ok(details) => details,
        Err(faults) => return Ok(again(form, faults)?.into_response()),
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match sent(add(&mut tx, &permit, details, false).await)? {
        Sent::Again(faults) => Ok(again(form, faults)?.into_response()),
        Sent::Done(school) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/schools/{}?done=added", school.id)).into_response())
        }
    }
}

async fn change_form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (_, school) = school_here(&app, &permit, &id).await?;
    let (name, form) = (SchoolName::of(&school), SchoolForm::of(&school));
    app.render(&SchoolFormPage::new(Some(name), form, Faults::default()))
}

async fn change_sent(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<SchoolForm>,
) -> Result<Response, Problem> {
    let (_, school) = school_here(&app, &permit, &id).await?;
    let name = SchoolName::of(&school);
    let again = |form, faults| app.render(&SchoolFormPage::new(Some(name), form, faults));
    let details = match form.read() {
        Ok(details) => details,
        Err(faults) => return Ok(again(form, faults)?.into_response()),
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match sent(change(&mut tx, &permit, &id, details).await)? {
        Sent::Again(faults) => Ok(again(form, faults)?.into_response()),
        Sent::Done(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/schools/{id}?done=changed")).into_response())
        }
    }
}
