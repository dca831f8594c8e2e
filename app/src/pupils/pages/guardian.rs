//! The parents or carers of a pupil.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};

use super::entry::GuardianEntry;
use super::{Saved, saved, to_pupil};
use crate::authority::Permit;
use crate::pupils::{self, Contacts, Guardian, GuardianId, Line, PupilId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Faults, FormPage, Hidden};
use crate::web::problem::{Kind, Problem};

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
) -> Result<Html<String>, Problem> {
    let line = line(&app, &permit, &id).await?;
    app.render(&adding(
        &line,
        &GuardianEntry::default(),
        &Faults::default(),
    ))
}

pub(super) async fn add(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
    Form(entry): Form<GuardianEntry>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    if let Some(details) = entry.read(&mut faults) {
        let mut tx = app.store()?.begin(&permit.actor().trust).await?;
        let added = pupils::add_guardian(&mut tx, &permit, &id, details).await;
        if let Saved::Done(_) = saved(tx, added, &mut faults).await? {
            return Ok(to_pupil(&id, "guardian").into_response());
        }
    }
    let line = line(&app, &permit, &id).await?;
    Ok(app.render(&adding(&line, &entry, &faults)).into_response())
}

/// The form shows how they are reached, so that opening it is a reading.
pub(super) async fn change_form(
    State(app): State<App>,
    permit: Permit,
    Path((id, guardian)): Path<(PupilId, GuardianId)>,
) -> Result<Html<String>, Problem> {
    let guardian = read(&app, &permit, &id, &guardian).await?;
    let entry = GuardianEntry::of(&guardian);
    app.render(&changing(&id, &guardian, &entry, &Faults::default()))
}

pub(super) async fn change(
    State(app): State<App>,
    permit: Permit,
    Path((id, guardian)): Path<(PupilId, GuardianId)>,
    Form(entry): Form<GuardianEntry>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let mut overtaken = false;
    if let Some(details) = entry.read(&mut faults) {
        let mut tx = app.store()?.begin(&permit.actor().trust).await?;
        let changed =
            pupils::change_guardian(&mut tx, &permit, &guardian, &entry.seen, details).await;
        match saved(tx, changed, &mut faults).await? {
            Saved::Done(_) | Saved::Unchanged => {
                return Ok(to_pupil(&id, "guardian").into_response());
            }
            Saved::Overtaken => overtaken = true,
            Saved::Faulty => {}
        }
    }
    let guardian = read(&app, &permit, &id, &guardian).await?;
    let entry = match overtaken {
        true => GuardianEntry::of(&guardian),
        false => entry,
    };
    Ok(app
        .render(&changing(&id, &guardian, &entry, &faults))
        .into_response())
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path((id, guardian)): Path<(PupilId, GuardianId)>,
) -> Result<Html<String>, Problem> {
    let line = line(&app, &permit, &id).await?;
    let mut reader = app.store()?.read(&permit.actor().trust);
    let all = pupils::guardians_of(&mut reader, &id).await?;
    let found = all.into_iter().find(|(other, _)| *other == guardian);
    let (_, name) = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    app.render(&FormPage {
        title: format!("Remove {name} as a parent or carer"),
        caption: line.name,
        back: format!("/pupils/{id}"),
        action: format!("/pupils/{id}/guardians/{guardian}/remove"),
        lead: vec![
            "If they have no other child here, their name and contact details go as well."
                .to_owned(),
        ],
        button: "Remove them".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit,
    Path((id, guardian)): Path<(PupilId, GuardianId)>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    pupils::remove_guardian(&mut tx, &permit, &id, &guardian).await?;
    tx.commit().await?;
    Ok(to_pupil(&id, "guardian-removed").into_response())
}

async fn line(app: &App, permit: &Permit, id: &PupilId) -> Result<Line, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    Ok(pupils::line(&mut reader, permit, id).await?)
}

/// The parent or carer, whole; the reading is recorded.
async fn read(
    app: &App,
    permit: &Permit,
    id: &PupilId,
    guardian: &GuardianId,
) -> Result<Guardian, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let Contacts { guardians, .. } = pupils::contacts(&mut tx, permit, id).await?;
    let found = guardians.into_iter().find(|other| other.id == *guardian);
    let found = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    tx.commit().await?;
    Ok(found)
}

fn adding(line: &Line, entry: &GuardianEntry, faults: &Faults) -> FormPage {
    FormPage {
        title: "Add a parent or carer".to_owned(),
        caption: line.name.clone(),
        back: format!("/pupils/{}", line.id),
        action: format!("/pupils/{}/guardians/add", line.id),
        fields: entry.fields(faults),
        button: "Save".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}

fn changing(id: &PupilId, guardian: &Guardian, entry: &GuardianEntry, faults: &Faults) -> FormPage {
    FormPage {
        title: "Change a parent or carer".to_owned(),
        caption: guardian.name(),
        back: format!("/pupils/{id}"),
        action: format!("/pupils/{id}/guardians/{}/change", guardian.id),
        fields: entry.fields(faults),
        hidden: vec![Hidden::new("seen", &entry.seen)],
        button: "Save".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}
