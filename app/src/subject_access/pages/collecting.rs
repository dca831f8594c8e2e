//! What is done with a collection as a whole: it is begun, and many things of it are decided at once.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::collection::{Filter, page};
use crate::authority::{Actor, Permit};
use crate::cases::{CaseId, Seen};
use crate::jobs::{self, Due};
use crate::store::Tx;
use crate::subject_access::AccessError;
use crate::subject_access::collection;
use crate::subject_access::deciding;
use crate::subject_access::item::Item;
use crate::subject_access::job::Gather;
use crate::subject_access::sight::{request, sight};
use crate::subject_access::whom::{self, Whom};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::problem::Problem;

/// Those whom it can be about; nobody begins one about themselves.
pub(in crate::subject_access) async fn meant(
    tx: &mut Tx,
    actor: &Actor,
    request: &Seen,
) -> Result<Vec<Whom>, AccessError> {
    let store = tx.store().clone();
    let mut meant = whom::meant(tx, (&store, &actor.trust), request).await?;
    meant.retain(|whom| !whom::is(&whom.record(), actor));
    Ok(meant)
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Beginning {
    whom: String,
}

pub(super) async fn begin(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
    Form(typed): Form<Beginning>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = request(&mut tx, actor, &case).await?;
    let mut chosen = None;
    if seen.case.closed_at.is_none() {
        let place: Option<usize> = typed.whom.parse().ok();
        let meant = meant(&mut tx, actor, &seen).await?;
        chosen = place.and_then(|place| meant.into_iter().nth(place));
    }
    let Some(whom) = chosen else {
        tx.commit_unrecorded().await?;
        let error = "Choose whom it is about".to_owned();
        let page = page(&app, actor, &case, Filter::default(), error).await?;
        return Ok(app.render(&page)?.into_response());
    };
    start(&mut tx, actor, &case, &whom).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/subject-access/{case}?done=begun")).into_response())
}

/// Begins a collection, and queues the work.
pub(in crate::subject_access) async fn start(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    whom: &Whom,
) -> Result<(), AccessError> {
    begun(tx, actor, case, whom).await?;
    Ok(())
}

/// Begins a collection, queues the work, and says when it was begun.
pub(in crate::subject_access) async fn begun(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    whom: &Whom,
) -> Result<i64, AccessError> {
    let begun_at = collection::begin(tx, actor, case, whom).await?;
    let job = Gather {
        case: case.clone(),
        begun_at,
    };
    jobs::enqueue(tx, &job, Due::Now).await?;
    Ok(begun_at)
}

/// Decides about several items as is proposed for each.
pub(super) async fn decide(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, &case).await?;
    let chosen = pairs.iter().filter(|(name, _)| name == "item");
    let chosen: Vec<i64> = chosen
        .filter_map(|(_, number)| number.parse().ok())
        .collect();
    let items = seen
        .items
        .iter()
        .filter(|item| chosen.contains(&item.number));
    let items: Vec<&Item> = items.filter(|item| item.decision.is_none()).collect();
    if items.is_empty() {
        tx.commit_unrecorded().await?;
        let error = "Choose the things to decide about".to_owned();
        let page = page(&app, actor, &case, Filter::default(), error).await?;
        return Ok(app.render(&page)?.into_response());
    }
    let before = collection::locked(&mut tx, &case).await?;
    let mut numbers = Vec::new();
    for item in items {
        let decision = item.content.proposed();
        deciding::decide(&mut tx, &case, item.number, Some(&decision)).await?;
        numbers.push(item.number.to_string());
    }
    let says = format!("{}: as proposed", numbers.join(", "));
    entered(&mut tx, actor, &case, (&before, &says)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!(
        "/subject-access/{case}?show=undecided&done=decided"
    ))
    .into_response())
}

/// Enters what was decided.
pub(super) async fn entered(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    (before, says): (&collection::Collection, &str),
) -> Result<(), AccessError> {
    deciding::said(tx, case, says).await?;
    let kind = "access_collection.decided";
    collection::entered(tx, actor, kind, Some(before), case).await?;
    Ok(())
}
