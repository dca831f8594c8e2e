//! Revoking a link, for those who look after consents.

use axum::extract::State;
use axum::response::{Html, Redirect};

use super::REGISTER;
use super::desk::whom;
use super::link::{self, LinkId};
use crate::authority::{Access, Action, Permit, Routes};
use crate::cases::{self, About};
use crate::pupils::PupilId;
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::form::FormPage;
use crate::web::problem::{Kind, Problem};

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::KeepConsents);
    Routes::new()
        .get("/consent/pupils/{pupil}/revoke/{link}", may, revoke_form)
        .post("/consent/pupils/{pupil}/revoke/{link}", may, revoke)
}

/// A link of the pupil's case that works.
async fn working(
    tx: &mut Tx,
    app: &App,
    (pupil, id): (&PupilId, &LinkId),
) -> Result<link::Link, Problem> {
    let trust = tx.trust().cloned();
    let (Some(trust), Some(found)) = (trust, link::find(tx, id).await?) else {
        return Err(Problem::new(Kind::NotFound));
    };
    let case = cases::one_of(tx, (app.store()?, &trust), REGISTER, &found.case).await?;
    let theirs = case.and_then(|case| case.subject) == Some(About::Pupil(pupil.clone()));
    match theirs && found.revoked_at.is_none() {
        true => Ok(found),
        false => Err(Problem::new(Kind::NotFound)),
    }
}

async fn revoke_form(
    State(app): State<App>,
    permit: Permit,
    Path((pupil, id)): Path<(PupilId, LinkId)>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let (line, _) = whom(&mut tx, &permit, &pupil).await?;
    working(&mut tx, &app, (&pupil, &id)).await?;
    tx.commit_unrecorded().await?;
    let base = format!("/consent/pupils/{pupil}");
    app.render(&FormPage {
        title: "Revoke this link?".to_owned(),
        caption: line.name,
        action: format!("{base}/revoke/{id}"),
        back: base,
        lead: vec![
            "Whoever has the letter can answer, change or withdraw by it no more. What was answered by it stays. A new \
             letter brings a new link."
                .to_owned(),
        ],
        button: "Revoke it".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn revoke(
    State(app): State<App>,
    permit: Permit,
    Path((pupil, id)): Path<(PupilId, LinkId)>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    whom(&mut tx, &permit, &pupil).await?;
    let link = working(&mut tx, &app, (&pupil, &id)).await?;
    link::revoke(&mut tx, permit.actor(), &link).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!(
        "/consent/pupils/{pupil}?done=revoked"
    )))
}
