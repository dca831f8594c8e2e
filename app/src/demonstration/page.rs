//! Removing the demonstration: a page that says what goes, then a confirmation.

use axum::extract::State;
use axum::response::{Html, Redirect};

use super::{DemonstrationError, remove};
use crate::authority::{Access, Action, Permit, Routes};
use crate::web::App;
use crate::web::form::FormPage;
use crate::web::problem::{Kind, Problem};

pub(crate) fn routes() -> Routes {
    let access = Access::MayEverywhere(Action::RemoveDemonstration);
    Routes::new()
        .get("/demonstration/remove", access, ask)
        .post("/demonstration/remove", access, confirmed)
}

async fn ask(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&FormPage {
        title: "Remove the demonstration?".to_owned(),
        back: "/trust".to_owned(),
        action: "/demonstration/remove".to_owned(),
        lead: vec![
            "The five invented schools go, with all their invented staff, pupils and parents, and \
             everything that was entered for them."
                .to_owned(),
            "Your own schools and people stay. The audit keeps what was done in the demonstration."
                .to_owned(),
        ],
        warning: "This cannot be undone.".to_owned(),
        button: "Remove the demonstration".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn confirmed(State(app): State<App>, permit: Permit) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    remove(&mut tx, &permit).await?;
    tx.commit().await?;
    Ok(Redirect::to("/"))
}

impl From<DemonstrationError> for Problem {
    fn from(error: DemonstrationError) -> Self {
        match error {
            DemonstrationError::Store(error) => error.into(),
            DemonstrationError::Ledger(error) => error.into(),
            DemonstrationError::Denied(error) => error.into(),
            DemonstrationError::Loaded
            | DemonstrationError::RealPeople
            | DemonstrationError::NotLoaded
            | DemonstrationError::NoRealAdministrator
            | DemonstrationError::Tied
            | DemonstrationError::NoPolicy(_) => {
                Self::new(Kind::Unprocessable).detail(format!("{error}."))
            }
            other => Self::internal(&other),
        }
    }
}
