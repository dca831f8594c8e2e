//! The schools of the trust that somebody may see.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::authority::{Access, Action, Actor, Permit, Place, Routes};
use crate::schools::{policy_on, within};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/list.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolsPage {
    rows: Vec<Row>,
    may_add: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    phase: &'static str,
    policy: Option<String>,
    closed: bool,
    demonstration: bool,
}

impl Page for SchoolsPage {
    const TEMPLATE: &'static str = "schools/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let row = |closed: bool| Row {
            id: "ash".into(),
            name: "Ash Primary School".into(),
            phase: "Primary",
            policy: (!closed).then(|| "Example School".into()),
            closed,
            demonstration: closed,
        };
        let page = |rows, may_add| Self { rows, may_add };
        vec![
            page(vec![row(false), row(true)], true),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/schools", Access::May(Action::ViewSchools), list)
}

async fn list(
    State(app): State<App>,
    actor: Actor,
    permit: Permit,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let (today, library) = (app.today(), app.library());
    let mut rows = Vec::new();
    for school in within(&mut reader, &permit).await? {
        let following = policy_on(&mut reader, &school.id, today).await?;
        let table = following.and_then(|following| library.table(&following.policy));
        rows.push(Row {
            id: school.id.to_string(),
            phase: school.details.phase.label(),
            policy: table.map(|table| table.policy().organisation.clone()),
            closed: !school.is_open(today),
            demonstration: school.demonstration,
            name: school.details.name,
        });
    }
    let may_add = actor.may(Action::ManageSchools, Place::Trust);
    app.render(&SchoolsPage { rows, may_add })
}
