//! The start page: which school's policy.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use policy::table::Table;
use serde::{Deserialize, Serialize};

use super::here::Here;
use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `ask/school.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolPage {
    items: Vec<Item>,
    /// The policy of the asker's own school.
    own: Option<String>,
    error: Option<&'static str>,
}

/// One school or trust to choose.
#[derive(Debug, Serialize)]
struct Item {
    value: String,
    text: String,
}

impl Page for SchoolPage {
    const TEMPLATE: &'static str = "ask/school.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        let item = || Item {
            value: "example".into(),
            text: "Example School".into(),
        };
        let page = |error: Option<&'static str>| Self {
            items: vec![item()],
            own: error.map(|_| "example".into()),
            error,
        };
        vec![page(None), page(Some("Choose a school or trust"))]
    }
}

#[derive(Deserialize)]
struct Chosen {
    policy: Option<String>,
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/", Access::Reading, start)
        .get("/ask", Access::Reading, chosen)
}

fn page(
    app: &App,
    own: Option<String>,
    error: Option<&'static str>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let schools = library
        .tables()
        .iter()
        .filter(|t| t.policy().kind != "model");
    let model = library
        .tables()
        .iter()
        .filter(|t| t.policy().kind == "model");
    let item = |table: &Table| {
        let policy = table.policy();
        Item {
            value: policy.id.clone(),
            text: policy.organisation.clone(),
        }
    };
    app.render(&SchoolPage {
        items: schools.chain(model).map(item).collect(),
        own,
        error,
    })
}

#[derive(Deserialize)]
struct Start {
    /// There where all policies are wanted.
    all: Option<String>,
}

/// Whoever works at one school goes straight to its policy.
async fn start(State(app): State<App>, Query(start): Query<Start>) -> Result<Response, Problem> {
    let own = Here::of_request(&app).await?;
    let own = own.map(|here| here.policy().to_owned());
    match own {
        Some(id) if start.all.is_none() => Ok(Redirect::to(&format!("/ask/{id}")).into_response()),
        own => Ok(page(&app, own, None)?.into_response()),
    }
}

async fn chosen(State(app): State<App>, Query(chosen): Query<Chosen>) -> Result<Response, Problem> {
    match chosen.policy.filter(|id| app.library().table(id).is_some()) {
        Some(id) => Ok(Redirect::to(&format!("/ask/{id}")).into_response()),
        None => Ok(page(&app, None, Some("Choose a school or trust"))?.into_response()),
    }
}
