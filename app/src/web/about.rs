//! What the site says about itself: accessibility, licences, and the problems it reports.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::App;
use super::manifest::manifest;
use super::page::{Page, Section};
use super::problem::{Facts, Kind, Problem};
use crate::authority::{Access, Routes};

/// `accessibility.html`.
#[derive(Serialize)]
pub(super) struct AccessibilityPage {}

impl Page for AccessibilityPage {
    const TEMPLATE: &'static str = "accessibility.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// `licences.html`.
#[derive(Serialize)]
pub(super) struct LicencesPage {}

impl Page for LicencesPage {
    const TEMPLATE: &'static str = "licences.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// `problems.html`: what the `type` of a problem points at.
#[derive(Serialize)]
pub(super) struct ProblemsPage {
    problems: Vec<Facts>,
}

impl ProblemsPage {
    fn all() -> Self {
        Self {
            problems: Kind::ALL.into_iter().map(Kind::facts).collect(),
        }
    }
}

impl Page for ProblemsPage {
    const TEMPLATE: &'static str = "problems.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self::all()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/accessibility", Access::Open, accessibility)
        .get("/licences", Access::Open, licences)
        .get("/manifest.webmanifest", Access::Open, manifest)
        .get("/problems", Access::Open, problems)
}

async fn accessibility(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&AccessibilityPage {})
}

async fn licences(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&LicencesPage {})
}

async fn problems(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.render(&ProblemsPage::all())
}
