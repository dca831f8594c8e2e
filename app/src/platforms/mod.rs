//! The platforms: how old one must be, since when that is known, what is uncertain, where to report.

use axum::extract::State;
use axum::response::Html;
use policy::platforms::{Age, Platform, Report, ReportRoute};
use serde::Serialize;

use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `platforms/list.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PlatformsPage {
    platforms: Vec<PlatformLine>,
}

/// A platform in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlatformLine {
    name: String,
    age: String,
    source: Option<String>,
    report: Option<String>,
    page: Option<String>,
    doubts: Vec<String>,
}

impl Page for PlatformsPage {
    const TEMPLATE: &'static str = "platforms/list.html";
    const SECTION: Option<Section> = Some(Section::Platforms);

    fn samples() -> Vec<Self> {
        let full = PlatformLine::sample();
        let bare = PlatformLine {
            source: None,
            report: None,
            page: None,
            doubts: Vec::new(),
            ..full.clone()
        };
        vec![Self {
            platforms: vec![full, bare],
        }]
    }
}

impl PlatformLine {
    pub(crate) fn of(platform: &Platform) -> Self {
        let age = platform.age.as_ref();
        let report = platform.report.as_ref();
        let doubts = [
            platform.doubt.as_ref(),
            age.and_then(|age| age.note.as_ref()),
            age.and_then(|age| age.doubt.as_ref()),
            report.and_then(|report| report.doubt.as_ref()),
        ];
        let elsewhere = platform
            .elsewhere
            .iter()
            .map(|other| format!("{}: {}.", other.place, other.years));
        Self {
            name: platform.name.clone(),
            age: age_says(platform, age),
            source: age.map(source_says),
            report: report.map(|report| report_says(report).to_owned()),
            page: report.and_then(|report| report.page.clone()),
            doubts: doubts
                .into_iter()
                .flatten()
                .cloned()
                .chain(elsewhere)
                .collect(),
        }
    }

    pub(crate) fn sample() -> Self {
        Self {
            name: "Example".into(),
            age: "13 or over".into(),
            source: Some("Its terms, 2026-06-16".into()),
            report: Some("In the app".into()),
            page: Some("https://example.org/report".into()),
            doubts: vec!["Not checked.".into()],
        }
    }
}

fn age_says(platform: &Platform, age: Option<&Age>) -> String {
    match (platform.closed, age.and_then(|age| age.years)) {
        (Some(year), _) => format!("Closed in {year}"),
        (None, Some(years)) => format!("{years} or over"),
        (None, None) => "No single minimum age".to_owned(),
    }
}

fn source_says(age: &Age) -> String {
    match age.as_of {
        Some(day) => format!("{}, text of {day}", age.source),
        None => age.source.clone(),
    }
}

fn report_says(report: &Report) -> &'static str {
    match report.how {
        ReportRoute::InApp => "In the app",
        ReportRoute::Web => "On the web",
        ReportRoute::Server => "To the moderators of the server",
        ReportRoute::None => "There is no public way",
    }
}

/// The page and its address.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/platforms", Access::Reading, platforms)
}

async fn platforms(State(app): State<App>) -> Result<Html<String>, Problem> {
    let library = app.library();
    let platforms = library.platforms().iter().map(PlatformLine::of).collect();
    app.render(&PlatformsPage { platforms })
}
