//! Staff whose ids have changed: are they the same people?

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::found;
use crate::authority::Permit;
use crate::roster::import::ImportId;
use crate::roster::{Merge, decide, merges};
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// People on one page.
pub(super) const ON_A_PAGE: u32 = 50;

/// `roster/same-people.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SamePeoplePage {
    href: String,
    page: u32,
    people: Vec<Line>,
    next: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    number: i64,
    name: String,
    listed_name: String,
    external_id: String,
    by_name: bool,
    same: bool,
}

impl Page for SamePeoplePage {
    const TEMPLATE: &'static str = "roster/same-people.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |same: bool| Line {
            number: 3,
            name: "Kate Adeyemi".into(),
            listed_name: "Katherine Adeyemi".into(),
            external_id: "A17".into(),
            by_name: !same,
            same,
        };
        let page = |page, people| Self {
            href: "/roster/01j".into(),
            page,
            people,
            next: page == 2,
        };
        vec![page(1, Vec::new()), page(2, vec![line(true), line(false)])]
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    page: Option<u32>,
}

pub(super) async fn same_people(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    found(&app, &permit, &id).await?;
    let page = asked.page.unwrap_or(1).clamp(1, 100_000);
    let from = (page - 1) * ON_A_PAGE;
    let mut matched = merges(app.store()?, &permit, &id, (from, ON_A_PAGE + 1)).await?;
    let next = matched.len() > ON_A_PAGE as usize;
    matched.truncate(ON_A_PAGE as usize);
    let line = |matched: crate::roster::Matched| Line {
        number: matched.number,
        name: matched.name,
        listed_name: matched.listed_name,
        external_id: matched.external_id,
        by_name: matched.by_name,
        same: matched.merge == Some(Merge::Same),
    };
    app.render(&SamePeoplePage {
        href: format!("/roster/{id}"),
        page,
        people: matched.into_iter().map(line).collect(),
        next,
    })
}

pub(super) async fn decided(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    found(&app, &permit, &id).await?;
    let numbers = |key: &str| -> Vec<i64> {
        let of_key = sent.iter().filter(|(name, _)| name == key);
        of_key
            .filter_map(|(_, number)| number.parse().ok())
            .take(ON_A_PAGE as usize)
            .collect()
    };
    decide(
        app.store()?,
        &permit,
        &id,
        &numbers("shown"),
        &numbers("same"),
    )
    .await?;
    let next = sent.iter().find(|(name, _)| name == "next");
    let next = next.and_then(|(_, page)| page.parse::<u32>().ok());
    Ok(match next {
        Some(page) => Redirect::to(&format!("/roster/{id}/same-people?page={page}")),
        None => Redirect::to(&format!("/roster/{id}")),
    }
    .into_response())
}
