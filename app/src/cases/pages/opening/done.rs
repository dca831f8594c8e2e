//! What somebody reads who has just opened a case: its reference, who was told, what happens next.

use axum::extract::State;
use axum::response::Html;
use policy::words::capitalised;
use serde::Serialize;

use crate::authority::Permit;
use crate::cases::{self, CaseError, CaseId, told};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/opening/done.html`.
#[derive(Debug, Serialize)]
pub(crate) struct DonePage {
    name: String,
    reference: String,
    /// Whom a message went to, in words of roles.
    told: String,
    /// For whom it waits, in words of roles.
    waits_for: String,
    deadlines: Vec<DeadlineLine>,
    href: String,
}

/// By when something must have happened.
#[derive(Debug, Serialize)]
struct DeadlineLine {
    says: String,
    due: String,
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "cases/opening/done.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |told: &str, deadlines| Self {
            name: "Declaration of a relationship".into(),
            reference: "DEC-2026-0001".into(),
            told: told.into(),
            waits_for: told.into(),
            deadlines,
            href: "/cases/01j".into(),
        };
        let deadline = DeadlineLine {
            says: "acknowledge it".into(),
            due: "20 November 2026 at 3:04pm".into(),
        };
        vec![page("the head", vec![deadline]), page("", Vec::new())]
    }
}

/// `the head, HR or the chair of governors`.
fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., end] => format!("{} {last} {end}", others.join(", ")),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = cases::see(&mut tx, actor, &id).await?;
    if actor.person.is_none() || seen.case.opened_by != actor.person {
        return Err(CaseError::NotFound.into());
    }
    let heard = told::told(&mut tx, &seen.rules, &seen.case, app.today()).await?;
    // Where the reading of a sensitive case was recorded, that is kept with it.
    tx.commit_unrecorded().await?;
    let zone = app.clock().zoned().time_zone().clone();
    let deadlines = seen.deadlines.iter().filter(|deadline| !deadline.passed);
    app.render(&DonePage {
        name: capitalised(&seen.rules.register().name),
        reference: seen.case.reference,
        told: listed(&heard.told, "and"),
        waits_for: listed(&heard.waits_for, "or"),
        deadlines: deadlines
            .map(|deadline| DeadlineLine {
                says: deadline.says.clone(),
                due: moment(deadline.due, &zone),
            })
            .collect(),
        href: format!("/cases/{id}"),
    })
}
