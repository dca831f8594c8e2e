//! The requests that are under way, for those who answer them and for those to whom something was routed.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use crate::authority::{Actor, Permit};
use crate::store::Tx;
use crate::subject_access::desk::{progress, requests};
use crate::subject_access::sight::sight;
use crate::subject_access::{AccessError, collection};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `subject_access/list.html`.
#[derive(Clone, Serialize)]
pub(crate) struct AccessListPage {
    /// Whether they answer requests at all.
    answers: bool,
    /// What was just erased, in words.
    done: String,
    requests: Vec<Line>,
    /// What was routed to them.
    routed: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    href: String,
    reference: String,
    name: String,
    says: String,
}

impl Page for AccessListPage {
    const TEMPLATE: &'static str = "subject_access/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |reference: &str| Line {
            href: "/subject-access/c1".into(),
            reference: reference.into(),
            name: "Kate Adeyemi".into(),
            says: "12 of 40 decided".into(),
        };
        let full = Self {
            answers: true,
            done: "2 things were erased".into(),
            requests: vec![line("SAR-2026-0001")],
            routed: vec![line("")],
        };
        let empty = Self {
            answers: true,
            done: String::new(),
            requests: Vec::new(),
            routed: Vec::new(),
        };
        let neither = Self {
            answers: false,
            ..empty.clone()
        };
        vec![full, empty, neither]
    }
}

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    erased: Option<usize>,
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let requests = requests(&mut tx, actor).await?.into_iter();
    let requests = requests.map(|request| Line {
        href: format!("/subject-access/{}", request.case),
        reference: request.reference,
        name: request.name,
        says: request.says,
    });
    let requests = requests.collect();
    let done = match asked.erased {
        Some(1) => "1 thing was erased".to_owned(),
        Some(many) => format!("{many} things were erased"),
        None => String::new(),
    };
    let routed = routed_to(&mut tx, actor).await?;
    app.render(&AccessListPage {
        answers: true,
        done,
        requests,
        routed,
    })
}

/// What was routed to somebody.
async fn routed_to(tx: &mut Tx, actor: &Actor) -> Result<Vec<Line>, AccessError> {
    let mut routed = Vec::new();
    for found in collection::latest(tx).await? {
        match sight(tx, actor, &found.case).await {
            Ok(seen) if !seen.answers => routed.push(Line {
                href: format!("/subject-access/{}", found.case),
                reference: String::new(),
                name: seen.whom.name.clone(),
                says: progress(&seen),
            }),
            Ok(_) | Err(AccessError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(routed)
}

pub(super) async fn routed(
    State(app): State<App>,
    permit: Permit,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let routed = routed_to(&mut tx, actor).await?;
    app.render(&AccessListPage {
        answers: false,
        done: String::new(),
        requests: Vec::new(),
        routed,
    })
}
