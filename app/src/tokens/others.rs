//! Revoking the token of somebody else: for whoever looks after sign-in, such as when somebody leaves.

use axum::extract::State;
use axum::response::{Html, Redirect};

use super::store::{self, TokenId};
use crate::authority::{Access, Action, Permit, Routes};
use crate::people::{self, Person};
use crate::store::PersonId;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::form::FormPage;
use crate::web::problem::{Kind, Problem};

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::ManageSignIn);
    Routes::new()
        .get("/people/{person}/tokens/{token}/revoke", may, confirm)
        .post("/people/{person}/tokens/{token}/revoke", may, revoke)
}

/// The person, where the permit reaches everything that is theirs, and the name of a token of theirs that works.
async fn reached(
    app: &App,
    permit: &Permit,
    (person, token): (&PersonId, &TokenId),
) -> Result<(Person, String), Problem> {
    let missing = || Problem::new(Kind::NotFound);
    let (store, today) = (app.store()?, app.today());
    let mut reader = store.read(&permit.actor().trust);
    let found = people::find(&mut reader, person).await?;
    let found = found.filter(|found| found.seen_by(permit, today));
    let found = found.filter(|found| found.governed_by(permit, today));
    let found = found.ok_or_else(missing)?;
    let tokens = store::working(&mut reader, person, store.clock().now()).await?;
    let name = tokens.into_iter().find(|(id, _)| id == token);
    let (_, name) = name.ok_or_else(missing)?;
    Ok((found, name))
}

async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path((person, token)): Path<(PersonId, TokenId)>,
) -> Result<Html<String>, Problem> {
    let (found, name) = reached(&app, &permit, (&person, &token)).await?;
    app.render(&FormPage {
        title: format!("Revoke the token ‘{name}’?"),
        caption: found.name(),
        back: format!("/people/{person}/sign-in"),
        action: format!("/people/{person}/tokens/{token}/revoke"),
        lead: vec![
            "A program that uses it loses its access at once. It cannot be taken back: a new token is made by \
             whoever it acts for."
                .to_owned(),
        ],
        button: "Revoke the token".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn revoke(
    State(app): State<App>,
    permit: Permit,
    Path((person, token)): Path<(PersonId, TokenId)>,
) -> Result<Redirect, Problem> {
    reached(&app, &permit, (&person, &token)).await?;
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    if store::revoke_of(&mut tx, &permit, &person, &token).await? {
        tx.commit().await?;
    }
    Ok(Redirect::to(&format!("/people/{person}/sign-in")))
}
