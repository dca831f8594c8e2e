//! `/api`: what there is for programs, told to people.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::ENDPOINTS;
use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `api.html`.
#[derive(Serialize)]
pub(crate) struct ApiPage {
    endpoints: Vec<EndpointRow>,
}

#[derive(Serialize)]
struct EndpointRow {
    method: &'static str,
    path: &'static str,
    says: &'static str,
    opens: bool,
}

impl ApiPage {
    fn all() -> Self {
        let row = |endpoint: &super::Endpoint| EndpointRow {
            method: endpoint.method,
            path: endpoint.path,
            says: endpoint.says,
            opens: endpoint.opens,
        };
        Self {
            endpoints: ENDPOINTS.iter().map(row).collect(),
        }
    }
}

impl Page for ApiPage {
    const TEMPLATE: &'static str = "api.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self::all()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/api", Access::Reading, page)
}

async fn page(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&ApiPage::all())
}
