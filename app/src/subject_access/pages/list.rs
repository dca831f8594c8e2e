//! The requests that are under way, for those who answer them and for those to whom something was routed.

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};

use crate::authority::{Permit, Place};
use crate::cases::{self, Filter, Standing};
use crate::people::Part;
use crate::subject_access::sight::sight;
use crate::subject_access::{ACTION, AccessError, REGISTER, collection};
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
    let answers = actor.may(ACTION, Place::Anywhere);
    let mut tx = store.begin(&actor.trust).await?;
    let mut requests = Vec::new();
    let mut routed = Vec::new();
    for found in collection::latest(&mut tx)
        .await
        .map_err(AccessError::from)?
    {
        let seen = match sight(&mut tx, actor, &found.case).await {
            Ok(seen) => seen,
            Err(AccessError::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        if !seen.answers {
            routed.push(Line {
                href: format!("/subject-access/{}", found.case),
                reference: String::new(),
                name: seen.whom.name.clone(),
                says: format!("{} of {} decided", seen.decided(), seen.items.len()),
            });
        }
    }
    if answers {
        let filter = Filter {
            register: Some(REGISTER.to_owned()),
            standing: Standing::Open,
            ..Filter::default()
        };
        let part = Part { skip: 0, size: 200 };
        let open = cases::list(&mut tx, store, actor, &filter, part).await?;
        for line in open.items.into_iter().filter(|line| !line.outline) {
            let (name, says) = match sight(&mut tx, actor, &line.case.id).await {
                Ok(seen) if seen.collection.gathered_at.is_none() => {
                    (seen.whom.name, "Being gathered".to_owned())
                }
                Ok(seen) => {
                    let says = format!("{} of {} decided", seen.decided(), seen.items.len());
                    (seen.whom.name, says)
                }
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
    }
    let done = match asked.erased {
        Some(1) => "1 thing was erased".to_owned(),
        Some(many) => format!("{many} things were erased"),
        None => String::new(),
    };
    app.render(&AccessListPage {
        answers,
        done,
        requests,
        routed,
    })
}
