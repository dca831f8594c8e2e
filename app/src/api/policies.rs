//! `GET /api/v1/policies`: the policies in force.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use policy::policy_file::{Citation, Fact, FactKind, Policy};
use serde::Serialize;
use serde_json::json;

use crate::web::App;

/// What a policy says of itself.
#[derive(Serialize)]
pub(super) struct PolicySummary<'p> {
    id: &'p str,
    title: &'p str,
    organisation: &'p str,
    short: &'p str,
    kind: &'p str,
    nation: &'p str,
    version: Option<&'p str>,
    hash: &'p str,
    status: Option<&'p str>,
    review_due: Option<String>,
    review_overdue: bool,
    facts: &'p [Fact],
    cites: &'p [Citation],
}

impl<'p> PolicySummary<'p> {
    pub(super) fn of(policy: &'p Policy, today: Date) -> Self {
        Self {
            id: &policy.id,
            title: &policy.title,
            organisation: &policy.organisation,
            short: &policy.short,
            kind: &policy.kind,
            nation: &policy.nation,
            version: policy.version(),
            hash: &policy.hash,
            status: policy.fact(FactKind::Status).map(|f| f.value.as_str()),
            review_due: policy.review_due().map(|day| day.to_string()),
            review_overdue: policy.is_review_overdue(today),
            facts: &policy.facts,
            cites: &policy.cites,
        }
    }
}

pub(super) async fn list(State(app): State<App>) -> Response {
    let library = app.library();
    let policies: Vec<_> = library
        .tables()
        .iter()
        .map(|table| PolicySummary::of(table.policy(), app.today()))
        .collect();
    Json(json!({ "policies": policies })).into_response()
}
