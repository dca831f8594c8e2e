//! Giving a case to somebody to look after.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::case::{Beside, page};
use crate::authority::{Actor, Permit};
use crate::cases::pages::words::Names;
use crate::cases::{self, CaseError, CaseId, Seen};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::Choice;
use crate::web::problem::Problem;

/// What the page shows of who could look after the case.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Assign {
    /// Whether whoever looks could, and does not.
    me: bool,
    /// Whether they do.
    mine: bool,
    /// Whether anybody does.
    anybody: bool,
    /// Who else could.
    people: Vec<Choice>,
    revision: i64,
    error: String,
}

impl Assign {
    /// What may be chosen; nothing where nobody could look after it.
    pub(super) async fn of(
        tx: &mut Tx,
        names: &mut Names<'_>,
        actor: &Actor,
        seen: &Seen,
        error: String,
    ) -> Result<Option<Self>, CaseError> {
        let case = &seen.case;
        let about_me = actor.person.is_some() && actor.person.as_ref() == case.subject_person();
        if about_me {
            return Ok(None);
        }
        let store = tx.store().clone();
        let able = cases::may_look_after(tx, &store, &seen.rules, case).await?;
        let mut people = Vec::new();
        for person in &able {
            if actor.person.as_ref() != Some(person) && case.handler.as_ref() != Some(person) {
                let name = names.person(tx, person).await?;
                people.push(Choice::new(person.as_str(), name));
            }
        }
        people.sort_by(|a, b| a.text.cmp(&b.text));
        let mine = actor.person.is_some() && actor.person == case.handler;
        let me = !mine && actor.person.as_ref().is_some_and(|me| able.contains(me));
        let assign = Self {
            me,
            mine,
            anybody: case.handler.is_some(),
            people,
            revision: case.revision,
            error,
        };
        let anything = assign.me || assign.anybody || !assign.people.is_empty();
        Ok(anything.then_some(assign))
    }

    pub(super) fn sample() -> Self {
        Self {
            me: true,
            people: vec![Choice::new("p2", "Omar Okafor")],
            error: "Choose somebody.".to_owned(),
            revision: 2,
            ..Self::default()
        }
    }

    pub(super) fn mine(self) -> Self {
        Self {
            me: false,
            mine: true,
            anybody: true,
            people: Vec::new(),
            error: String::new(),
            ..self
        }
    }
}

/// What the form sends: `me`, `nobody`, or a person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Assigning {
    to: String,
    revision: i64,
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    Form(assigning): Form<Assigning>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let error = match assigned(&mut tx, actor, &id, &assigning).await {
        Ok(()) => {
            tx.commit().await?;
            let done = if assigning.to == "nobody" {
                "released"
            } else {
                "assigned"
            };
            return Ok(Redirect::to(&format!("/cases/{id}?done={done}")).into_response());
        }
        Err(error @ (CaseError::Changed | CaseError::Refused(_))) => error,
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let error = match error {
        CaseError::Changed => {
            "Somebody changed this case while you had it open. Look at what is new below, then choose again."
        }
        _ => "Choose somebody from the list.",
    };
    let beside = Beside {
        assign_error: error.to_owned(),
        ..Beside::default()
    };
    let page = page(&app, actor, &id, beside).await?;
    let html = app.render(&page)?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn assigned(
    tx: &mut Tx,
    actor: &Actor,
    id: &CaseId,
    assigning: &Assigning,
) -> Result<(), CaseError> {
    let seen = cases::see(tx, actor, id).await?;
    if seen.outline {
        return Err(CaseError::NotFound);
    }
    let not_offered = || CaseError::Refused(register::life::Refusal::NotOffered);
    let to = match assigning.to.as_str() {
        "nobody" => None,
        "me" => Some(actor.person.clone().ok_or_else(not_offered)?),
        other => Some(other.parse().map_err(|_| not_offered())?),
    };
    if let Some(person) = &to {
        let store = tx.store().clone();
        let able = cases::may_look_after(tx, &store, &seen.rules, &seen.case).await?;
        if !able.contains(person) {
            return Err(not_offered());
        }
    }
    cases::assign(tx, actor, id, assigning.revision, to).await?;
    Ok(())
}
