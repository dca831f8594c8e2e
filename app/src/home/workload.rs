//! Who has how much in hand, for those who lead.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::authority::{Access, Actor, Role, Routes};
use crate::cases::{self, Load};
use crate::people;
use crate::store::{Reader, StoreError};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The roles of those who lead or see to others' cases.
const LEADERS: [Role; 8] = [
    Role::LineManager,
    Role::Head,
    Role::SeniorLeader,
    Role::SafeguardingLead,
    Role::DataProtectionOfficer,
    Role::Hr,
    Role::ChairOfGovernors,
    Role::TrustAdministrator,
];

/// `home/workload.html`.
#[derive(Debug, Serialize)]
pub(crate) struct WorkloadPage {
    lines: Vec<LoadLine>,
}

#[derive(Debug, Serialize)]
struct LoadLine {
    name: String,
    open: u64,
    overdue: u64,
}

impl Page for WorkloadPage {
    const TEMPLATE: &'static str = "home/workload.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |name: &str, overdue| LoadLine {
            name: name.into(),
            open: 7,
            overdue,
        };
        let lines = vec![line("Kate Adeyemi", 2), line(NOBODY, 0)];
        vec![Self { lines }, Self { lines: Vec::new() }]
    }
}

/// Where nobody in particular looks after cases.
const NOBODY: &str = "Nobody in particular: they wait for a role, or for whom they are about";

pub(super) fn routes() -> Routes {
    Routes::new().get("/workload", Access::SignedIn, workload)
}

/// Whether somebody leads or sees to others' cases.
pub(super) fn leads(actor: &Actor) -> bool {
    LEADERS.iter().any(|role| actor.holds(*role))
}

async fn workload(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let mut lines = Vec::new();
    for load in cases::workload(&mut reader, &actor, app.clock().now()).await? {
        lines.push(line(&mut reader, load).await?);
    }
    app.render(&WorkloadPage { lines })
}

async fn line(reader: &mut Reader, load: Load) -> Result<LoadLine, StoreError> {
    let name = match &load.handler {
        None => NOBODY.to_owned(),
        Some(id) => match people::find(reader, id).await? {
            Some(person) => person.name(),
            None => "Somebody who is no longer held here".to_owned(),
        },
    };
    Ok(LoadLine {
        name,
        open: load.open,
        overdue: load.overdue,
    })
}
