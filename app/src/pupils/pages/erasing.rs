//! Erasing what is held of a pupil.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::fault;
use crate::authority::Permit;
use crate::pupils::{self, PupilId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Faults, Field, FormPage};
use crate::web::problem::Problem;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Erasing {
    reason: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
) -> Result<Html<String>, Problem> {
    let page = asked(&app, &permit, &id, "", &Faults::default()).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
    Form(erasing): Form<Erasing>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match pupils::erase(&mut tx, &permit, &id, &erasing.reason).await {
        Ok(()) => {
            tx.commit().await?;
            return Ok(Redirect::to("/pupils?done=erased").into_response());
        }
        Err(error) => {
            drop(tx);
            let (field, what) = fault(error)?;
            faults.add(field, what);
        }
    }
    let page = asked(&app, &permit, &id, &erasing.reason, &faults).await?;
    Ok(app.render(&page).into_response())
}

async fn asked(
    app: &App,
    permit: &Permit,
    id: &PupilId,
    typed: &str,
    faults: &Faults,
) -> Result<FormPage, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let line = pupils::line(&mut reader, permit, id).await?;
    Ok(FormPage {
        title: "Erase what is held of this pupil".to_owned(),
        caption: line.name,
        back: format!("/pupils/{id}"),
        action: format!("/pupils/{id}/erase"),
        lead: vec![
            "Their record goes for good, with everything the ledger says about it, and so does \
             what is held of parents or carers who have no other child here."
                .to_owned(),
            "Check first that no rule asks for these records to be kept longer.".to_owned(),
        ],
        warning: "This cannot be undone, by anybody.".to_owned(),
        fields: vec![
            Field::new(Asked::Lines, "reason", "Why is it erased?")
                .hint("The rule or the request, without names: this reason is kept.")
                .value(typed)
                .faulted(faults),
        ],
        button: "Erase for good".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}
