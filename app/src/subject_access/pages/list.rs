//! The requests that are under way, for those who answer them and for those to whom something was routed.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use crate::authority::{Actor, Permit};
use crate::cases::{self, Filter, Standing};
use crate::people::Part;
use crate::store::Tx;
use crate::subject_access::sight::{Sight, sight};
use crate::subject_access::{AccessError, REGISTER, collection};
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
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let filter = Filter {
        register: Some(REGISTER.to_owned()),
        standing: Standing::Open,
        ..Filter::default()
    };
    let part = Part { skip: 0, size: 200 };
    let open = cases::list(&mut tx, store, actor, &filter, part).await?;
    let mut requests = Vec::new();
    for line in open.items.into_iter().filter(|line| !line.outline) {
        let (name, says) = match sight(&mut tx, actor, &line.case.id).await {
            Ok(seen) => (seen.whom.name.clone(), progress(&seen)),
            Err(AccessError::NotFound) => (String::new(), "Not begun".to_owned()),
            Err(error) => return Err(error.into()),
        };
        requests.push(Line {
            href: format!("/subject-access/{}", line.case.id),
            reference: line.case.reference,
            name,
            says,
        });
    }
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

fn progress(seen: &Sight) -> String {
    match seen.collection.gathered_at {
        None => "Being gathered".to_owned(),
        Some(_) => format!("{} of {} decided", seen.decided(), seen.items.len()),
    }
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
