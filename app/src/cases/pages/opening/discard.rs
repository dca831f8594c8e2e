//! Discarding a form that was begun.

use axum::extract::State;
use axum::response::{Html, Redirect};
use policy::words::capitalised;
use serde::Serialize;

use crate::authority::Permit;
use crate::cases::{self, DraftId, drafts};
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/opening/discard.html`.
#[derive(Debug, Serialize)]
pub(crate) struct DiscardPage {
    name: String,
    action: String,
}

impl Page for DiscardPage {
    const TEMPLATE: &'static str = "cases/opening/discard.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Declaration of a relationship".into(),
            action: "/discard-draft/01j".into(),
        }]
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DraftId>,
) -> Result<Html<String>, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    let draft = cases::draft(&mut reader, store, actor, &id).await?;
    let registers = app.registers();
    let register = registers.register(&draft.register);
    app.render(&DiscardPage {
        name: register.map_or(draft.register, |register| capitalised(&register.name)),
        action: format!("/discard-draft/{id}"),
    })
}

pub(super) async fn discard(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<DraftId>,
) -> Result<Redirect, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    drafts::discard(&mut tx, app.attachments()?, actor, &id).await?;
    // The files are in the ledger; a form that was begun is no record yet.
    tx.commit_unrecorded().await?;
    Ok(Redirect::to("/registers?discarded=yes"))
}
