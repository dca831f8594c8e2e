//! Erasing what is held of a pupil.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::{Saved, saved};
use crate::authority::Permit;
use crate::people::{Erased, Erasing, erasing_form};
use crate::pupils::{self, PupilId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Faults, FormPage};
use crate::web::problem::Problem;

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
    let erased = pupils::erase(&mut tx, &permit, &id, &erasing.reason).await;
    if let Saved::Done(()) = saved(tx, erased, &mut faults).await? {
        return Ok(Redirect::to("/pupils?done=erased").into_response());
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
    let erased = Erased {
        who: "pupil",
        name: line.name,
        at: format!("/pupils/{id}"),
        what: "Their record goes for good, with everything the ledger says about it, and so does \
               what is held of parents or carers who have no other child here. A roster that waits \
               to be imported is given up.",
    };
    Ok(erasing_form(erased, typed, faults))
}
