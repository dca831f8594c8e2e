//! The pages of an import. Every step works without a script: a page that waits renews itself.

mod changes;
mod columns;
mod import;
mod same_people;
mod start;
#[cfg(test)]
mod tests;
mod upload;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

#[cfg(test)]
pub(crate) use self::{
    changes::ChangesPage,
    columns::ColumnsPage,
    import::{ImportPage, UndoPage},
    same_people::SamePeoplePage,
    start::StartPage,
};

use super::import::{Import, ImportId, find};
use super::{RosterError, UPLOAD_PATH};
use crate::authority::{Access, Action, Permit, Routes};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    let may = Access::MayEverywhere(Action::ImportRoster);
    Routes::new()
        .get(UPLOAD_PATH, may, start::start)
        .post(UPLOAD_PATH, may, upload::upload)
        .get("/roster/{import}", may, import::import)
        .get("/roster/{import}/columns", may, columns::columns)
        .post("/roster/{import}/columns", may, columns::mapped)
        .get("/roster/{import}/changes", may, changes::changes)
        .get(
            "/roster/{import}/same-people",
            may,
            same_people::same_people,
        )
        .post("/roster/{import}/same-people", may, same_people::decided)
        .post("/roster/{import}/confirm", may, import::confirmed)
        .post("/roster/{import}/cancel", may, import::cancelled)
        .get("/roster/{import}/undo", may, import::undo)
        .post("/roster/{import}/undo", may, import::undo_confirmed)
}

async fn found(app: &App, permit: &Permit, id: &ImportId) -> Result<Import, Problem> {
    let import = find(&mut app.store()?.read(&permit.actor().trust), id).await?;
    import.ok_or_else(|| Problem::new(Kind::NotFound))
}

fn to(id: &ImportId) -> Response {
    Redirect::to(&format!("/roster/{id}")).into_response()
}

/// A page that says what is wrong with what was sent.
fn unprocessable(page: impl axum::response::IntoResponse) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

impl From<RosterError> for Problem {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Store(error) => error.into(),
            RosterError::Ledger(error) => error.into(),
            RosterError::Denied(error) => error.into(),
            RosterError::Roster(errors) => {
                Problem::new(Kind::Unprocessable).detail(errors.to_string())
            }
            RosterError::Refused(why) => Problem::new(Kind::Conflict).detail(why),
            RosterError::Gone => Problem::new(Kind::Gone)
                .detail("This import is over: what was handed in is not kept. Begin a new import."),
            other => Problem::internal(&other),
        }
    }
}
