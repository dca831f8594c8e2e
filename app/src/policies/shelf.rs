//! The list of policies.

use axum::extract::State;
use axum::response::Html;
use jiff::civil::Date;
use policy::policy_file::{FactKind, Policy};
use serde::Serialize;

use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `policies/shelf.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ShelfPage {
    policies: Vec<Card>,
    refused: Vec<String>,
}

/// One policy on the list.
#[derive(Debug, Serialize)]
struct Card {
    id: String,
    organisation: String,
    title: String,
    clauses: usize,
    review: String,
    overdue: bool,
    draft: bool,
}

impl Page for ShelfPage {
    const TEMPLATE: &'static str = "policies/shelf.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let card = |overdue, draft| Card {
            id: "example".into(),
            organisation: "Example School".into(),
            title: "Social media policy".into(),
            clauses: 3,
            review: "Due September 2024".into(),
            overdue,
            draft,
        };
        let page = |refused| Self {
            policies: vec![card(false, false), card(true, true)],
            refused,
        };
        vec![
            page(Vec::new()),
            page(vec!["mine.toml:3:1: 'id' is missing here.".into()]),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/policies", Access::Reading, shelf)
}

async fn shelf(State(app): State<App>) -> Result<Html<String>, Problem> {
    let (library, today) = (app.library(), app.today());
    let policies = library
        .tables()
        .iter()
        .map(|table| card(table.policy(), today))
        .collect();
    let refused = app
        .refused()
        .map(|why| why.to_string().lines().map(str::to_owned).collect());
    app.render(&ShelfPage {
        policies,
        refused: refused.unwrap_or_default(),
    })
}

fn card(policy: &Policy, today: Date) -> Card {
    Card {
        id: policy.id.clone(),
        organisation: policy.organisation.clone(),
        title: policy.title.clone(),
        clauses: policy.clauses.len(),
        review: review(policy),
        overdue: policy.is_review_overdue(today),
        draft: is_draft(policy),
    }
}

/// When the review falls due, in words.
pub(super) fn review(policy: &Policy) -> String {
    let due = policy.fact(FactKind::ReviewDue);
    let told = due.map(|fact| fact.printed.as_ref().unwrap_or(&fact.value));
    told.map_or_else(
        || "No review date is set".to_owned(),
        |when| format!("Review due {when}"),
    )
}

/// Whether the paper calls itself a draft.
pub(crate) fn is_draft(policy: &Policy) -> bool {
    policy
        .fact(FactKind::Status)
        .is_some_and(|fact| fact.value == "draft")
}
