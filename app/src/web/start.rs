//! The start page.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use serde::Serialize;

use super::App;
use super::page::{Page, Section};
use super::problem::Problem;

/// `start.html`.
#[derive(Serialize)]
pub(super) struct StartPage {}

impl Page for StartPage {
    const TEMPLATE: &'static str = "start.html";
    const SECTION: Option<Section> = Some(Section::Start);

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(start))
}

async fn start(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&StartPage {})
}
