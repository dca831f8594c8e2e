//! Which two policies.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `compare/choose.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ChoosePage {
    first: Vec<Choice>,
    second: Vec<Choice>,
    error: Option<&'static str>,
}

/// One policy to choose.
#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "compare/choose.html";
    const SECTION: Option<Section> = Some(Section::Compare);

    fn samples() -> Vec<Self> {
        let choice = Choice {
            value: "example".into(),
            text: "Example School".into(),
            selected: true,
        };
        let page = |error| Self {
            first: vec![choice.clone()],
            second: vec![choice.clone()],
            error,
        };
        vec![page(None), page(Some(TWO))]
    }
}

const TWO: &str = "Choose two different policies";

#[derive(Deserialize)]
struct Chosen {
    a: Option<String>,
    b: Option<String>,
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/compare", Access::Reading, choose)
}

async fn choose(State(app): State<App>, Query(chosen): Query<Chosen>) -> Result<Response, Problem> {
    let library = app.library();
    let known = |id: &Option<String>| id.clone().filter(|id| library.table(id).is_some());
    let (a, b) = (known(&chosen.a), known(&chosen.b));
    if let (Some(a), Some(b)) = (&a, &b)
        && a != b
    {
        return Ok(Redirect::to(&format!("/compare/{a}/{b}")).into_response());
    }
    let asked = chosen.a.is_some() || chosen.b.is_some();
    let tables = library.tables();
    let choices = |chosen: Option<&String>, usual: usize| {
        let choice = |(at, table): (usize, &policy::table::Table)| Choice {
            value: table.policy().id.clone(),
            text: table.policy().organisation.clone(),
            selected: chosen.map_or(at == usual, |id| *id == table.policy().id),
        };
        tables.iter().enumerate().map(choice).collect()
    };
    let page = ChoosePage {
        first: choices(a.as_ref(), 0),
        second: choices(b.as_ref(), 1),
        error: asked.then_some(TWO),
    };
    Ok(app.render(&page)?.into_response())
}
