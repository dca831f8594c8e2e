//! Adding a pupil and changing what is known of one.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};

use super::entry::Entry;
use super::{Saved, saved, to_pupil};
use crate::authority::{Permit, Place};
use crate::people;
use crate::pupils::{self, NewPupil, Pupil, PupilId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Choice, Faults, FormPage, Hidden};
use crate::web::problem::Problem;

pub(super) async fn form(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let schools = schools(&app, &permit).await?;
    let mut entry = Entry::default();
    if let [only] = schools.as_slice() {
        entry.school.clone_from(&only.value);
    }
    app.render(&adding(schools, &entry, &Faults::default()))
}

pub(super) async fn add(
    State(app): State<App>,
    permit: Permit,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    if let Some(details) = entry.read(&mut faults) {
        let new = NewPupil {
            details,
            demonstration: false,
        };
        let mut tx = app.store()?.begin(&permit.actor().trust).await?;
        let added = pupils::add(&mut tx, &permit, new).await;
        if let Saved::Done(pupil) = saved(tx, added, &mut faults).await? {
            return Ok(to_pupil(&pupil.id, "added").into_response());
        }
    }
    let page = adding(schools(&app, &permit).await?, &entry, &faults);
    Ok(app.render(&page).into_response())
}

/// The form shows the date of birth, so that opening it is a reading.
pub(super) async fn change_form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
) -> Result<Html<String>, Problem> {
    let pupil = read(&app, &permit, &id).await?;
    let schools = schools(&app, &permit).await?;
    app.render(&changing(
        &pupil,
        schools,
        &Entry::of(&pupil),
        &Faults::default(),
    ))
}

pub(super) async fn change(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let mut overtaken = false;
    if let Some(details) = entry.read(&mut faults) {
        let mut tx = app.store()?.begin(&permit.actor().trust).await?;
        let changed = pupils::change(&mut tx, &permit, &id, &entry.seen, details).await;
        match saved(tx, changed, &mut faults).await? {
            Saved::Done(_) | Saved::Unchanged => {
                return Ok(to_pupil(&id, "changed").into_response());
            }
            Saved::Overtaken => overtaken = true,
            Saved::Faulty => {}
        }
    }
    let pupil = read(&app, &permit, &id).await?;
    let entry = match overtaken {
        true => Entry::of(&pupil),
        false => entry,
    };
    let page = changing(&pupil, schools(&app, &permit).await?, &entry, &faults);
    Ok(app.render(&page).into_response())
}

/// The pupil, whole; the reading is recorded.
async fn read(app: &App, permit: &Permit, id: &PupilId) -> Result<Pupil, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let contacts = pupils::contacts(&mut tx, permit, id).await?;
    tx.commit().await?;
    Ok(contacts.pupil)
}

async fn schools(app: &App, permit: &Permit) -> Result<Vec<Choice>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = people::schools(&mut reader, app.today()).await?;
    Ok(schools
        .iter()
        .filter(|(id, _)| permit.at(Place::School(id)).is_ok())
        .map(|(id, name)| Choice::new(id.as_str(), name))
        .collect())
}

fn adding(schools: Vec<Choice>, entry: &Entry, faults: &Faults) -> FormPage {
    FormPage {
        title: "Add a pupil".to_owned(),
        back: "/pupils".to_owned(),
        action: "/pupils/add".to_owned(),
        lead: vec![
            "Enter only what the school’s policy needs. For many pupils at once, import a list \
             instead."
                .to_owned(),
        ],
        fields: entry.fields(schools, faults),
        button: "Add this pupil".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}

fn changing(pupil: &Pupil, schools: Vec<Choice>, entry: &Entry, faults: &Faults) -> FormPage {
    FormPage {
        title: "Change details".to_owned(),
        caption: pupil.name(),
        back: format!("/pupils/{}", pupil.id),
        action: format!("/pupils/{}/change", pupil.id),
        fields: entry.fields(schools, faults),
        hidden: vec![Hidden::new("seen", &entry.seen)],
        button: "Save".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}
