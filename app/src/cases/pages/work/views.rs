//! Saving a filter of the list under a name, and deleting it.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::list::{Asked, Refused, refused};
use crate::authority::Actor;
use crate::cases::{self, CaseError, ViewError, ViewId};
use crate::store::PersonId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::FormPage;
use crate::web::problem::{Kind, Problem};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saving {
    name: String,
    query: String,
}

fn person(actor: &Actor) -> Result<PersonId, Problem> {
    let person = actor.person.clone();
    person.ok_or_else(|| Problem::new(Kind::NotFound))
}

pub(super) async fn save(
    State(app): State<App>,
    actor: Actor,
    Form(saving): Form<Saving>,
) -> Result<Response, Problem> {
    let person = person(&actor)?;
    let asked = Asked::read(&saving.query);
    let mut tx = app.store()?.begin(&actor.trust).await?;
    match cases::save_view(&mut tx, &actor, &person, &saving.name, &asked.query()).await {
        Ok(_) => {
            tx.commit().await?;
            let joint = if asked.query().is_empty() { '?' } else { '&' };
            let to = format!("{}{joint}done=saved", asked.address());
            Ok(Redirect::to(&to).into_response())
        }
        Err(ViewError::Store(error)) => Err(error.into()),
        Err(ViewError::Ledger(error)) => Err(error.into()),
        Err(error) => {
            drop(tx);
            let what = Refused {
                name: saving.name,
                error: error.to_string(),
            };
            refused(&app, &actor, asked, what).await
        }
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ViewId>,
) -> Result<Html<String>, Problem> {
    let person = person(&actor)?;
    let mut reader = app.store()?.read(&actor.trust);
    let views = cases::views(&mut reader, &person).await?;
    let view = views.into_iter().find(|view| view.id == id);
    let view = view.ok_or(CaseError::NotFound)?;
    app.render(&FormPage {
        title: "Delete this saved view".to_owned(),
        caption: view.name,
        back: "/cases".to_owned(),
        action: format!("/cases/views/{id}/delete"),
        lead: vec!["Only the filter goes. No case is changed.".to_owned()],
        button: "Delete the view".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

pub(super) async fn delete(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ViewId>,
) -> Result<Redirect, Problem> {
    let person = person(&actor)?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    cases::delete_view(&mut tx, &actor, &person, &id).await?;
    tx.commit().await?;
    Ok(Redirect::to("/cases?done=deleted"))
}
