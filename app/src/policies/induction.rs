//! What somebody new reads: the purpose, the rules and what to keep in mind, in the document's order.

use axum::extract::State;
use axum::response::Html;
use policy::policy_file::{Clause, Modality};
use serde::Serialize;

use super::find;
use super::words::{anchor, modality};
use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `policies/induction.html`.
#[derive(Debug, Serialize)]
pub(crate) struct InductionPage {
    id: String,
    title: String,
    organisation: String,
    sections: Vec<Part>,
}

/// Clauses under one heading.
#[derive(Debug, Serialize)]
struct Part {
    heading: String,
    clauses: Vec<Line>,
}

/// One clause.
#[derive(Debug, Serialize)]
struct Line {
    printed: String,
    says: String,
    verb: &'static str,
    href: String,
}

impl Page for InductionPage {
    const TEMPLATE: &'static str = "policies/induction.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let line = || Line {
            printed: "1.1".into(),
            says: "Be kind.".into(),
            verb: "Must",
            href: "/policies/example#clause-1.1".into(),
        };
        vec![Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            sections: vec![Part {
                heading: String::new(),
                clauses: vec![line()],
            }],
        }]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/policies/{policy}/induction", Access::Reading, induction)
}

async fn induction(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let policy = find(&library, &id)?.policy();
    let mut sections: Vec<Part> = Vec::new();
    for clause in policy
        .clauses
        .iter()
        .filter(|clause| concerns_people(clause))
    {
        let line = Line {
            printed: clause.printed.clone(),
            says: clause.says.clone(),
            verb: modality(clause.modality),
            href: format!("/policies/{id}#{}", anchor(&clause.reference)),
        };
        match sections.last_mut().filter(|s| s.heading == clause.heading) {
            Some(section) => section.clauses.push(line),
            None => sections.push(Part {
                heading: clause.heading.clone(),
                clauses: vec![line],
            }),
        }
    }
    app.render(&InductionPage {
        id: policy.id.clone(),
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        sections,
    })
}

/// Everything but what only the school does or records: a newcomer reads what binds them, what they may do, and every
/// notice.
fn concerns_people(clause: &Clause) -> bool {
    let notice = clause.carried_by.iter().any(|m| m == "notice");
    let decides = clause.carried_by.iter().any(|m| m == "decide");
    notice || (decides && clause.modality != Modality::DutyOfSchool)
}
