//! Adding evidence to a case at any time, and getting it back.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::case::{Beside, page};
use crate::attachments::{AttachmentId, Received};
use crate::authority::{Actor, Permit};
use crate::cases::{self, CaseError, CaseId};
use crate::web::App;
use crate::web::extract::Path;
use crate::web::problem::Problem;
use crate::web::upload::Sent;

pub(super) async fn add(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    request: Request,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    // Nothing is taken in for a case that is not theirs to see.
    cases::evidence_of(app.store()?, app.attachments()?, actor, &id).await?;
    let sent = Sent::read(request).await?;
    let files = match received(&app, actor, sent).await? {
        Ok(files) => files,
        Err(error) => return wrong(&app, actor, &id, error).await,
    };
    let mut tx = app.store()?.begin(&actor.trust).await?;
    match cases::add_evidence(&mut tx, app.attachments()?, actor, &id, files).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/cases/{id}?done=evidence#evidence")).into_response())
        }
        Err(error @ CaseError::Over) => {
            drop(tx);
            wrong(&app, actor, &id, format!("{error}.")).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The files that were sent, taken in; or why one of them, and so none, was.
async fn received(
    app: &App,
    actor: &Actor,
    sent: Sent,
) -> Result<Result<Vec<Received>, String>, Problem> {
    if sent.files.is_empty() {
        return Ok(Err("Choose at least one file.".to_owned()));
    }
    let mut received = Vec::new();
    for file in sent.files {
        match file.receive(app, actor).await? {
            Ok(file) => received.push(file),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(received))
}

async fn wrong(app: &App, actor: &Actor, id: &CaseId, error: String) -> Result<Response, Problem> {
    let beside = Beside {
        evidence_error: error,
        ..Beside::default()
    };
    let page = page(app, actor, id, beside).await?;
    let html = app.render(&page)?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

pub(super) async fn download(
    State(app): State<App>,
    permit: Permit,
    Path((id, file)): Path<(CaseId, AttachmentId)>,
) -> Result<Response, Problem> {
    let (store, attachments) = (app.store()?, app.attachments()?);
    let opened = cases::open_evidence(store, attachments, permit.actor(), &id, &file).await?;
    Ok(opened.into_response())
}
