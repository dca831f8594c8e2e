//! A policy read on screen, clause by clause, with search and what carries each clause out.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Html;
use policy::coverage::{self, Mechanism, Norm};
use policy::policy_file::Clause;
use serde::{Deserialize, Serialize};

use super::find;
use super::words::{anchor, mechanism_says, modality};
use crate::authority::{Access, Identity, Routes};
use crate::document_control::document_of;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `policies/read.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ReadPage {
    id: String,
    title: String,
    organisation: String,
    overdue: bool,
    draft: bool,
    is_model: bool,
    /// Whether an approved document is attached to it here.
    document: bool,
    search: String,
    found: Option<usize>,
    sections: Vec<ClauseSection>,
}

/// Clauses under one heading.
#[derive(Debug, Serialize)]
struct ClauseSection {
    heading: String,
    clauses: Vec<ClauseRow>,
}

/// One clause as the page shows it.
#[derive(Debug, Serialize)]
struct ClauseRow {
    anchor: String,
    printed: String,
    says: String,
    modality: &'static str,
    carriers: Vec<Carrier>,
    /// What the approved document says there, where the school has given it.
    passage: Option<String>,
}

/// One thing that carries a clause out.
#[derive(Debug, Serialize)]
struct Carrier {
    says: String,
    built: bool,
}

impl Page for ReadPage {
    const TEMPLATE: &'static str = "policies/read.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let carrier = |built| Carrier {
            says: "answers to questions".into(),
            built,
        };
        let clause = |passage: Option<&str>| ClauseRow {
            anchor: "clause-1.1".into(),
            printed: "1.1".into(),
            says: "Be kind.".into(),
            modality: "Must",
            carriers: vec![carrier(true), carrier(false)],
            passage: passage.map(Into::into),
        };
        let page = |search: &str, found, flag, sections| Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            overdue: flag,
            draft: flag,
            is_model: flag,
            document: flag,
            search: search.to_owned(),
            found,
            sections,
        };
        let section = ClauseSection {
            heading: "Introduction".into(),
            clauses: vec![clause(None), clause(Some("Staff are kind."))],
        };
        vec![
            page("", None, true, vec![section]),
            page("friend", Some(0), false, vec![]),
        ]
    }
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/policies/{policy}", Access::Reading, read)
}

async fn read(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<String>,
    Query(search): Query<Search>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let table = find(&library, &id)?;
    let policy = table.policy();
    let coverage = coverage::coverage(table, library.vocabulary(), &app.carriers());
    let document = match (app.store_if_any(), &identity.trust) {
        (Some(store), Some(trust)) => {
            document_of(&mut store.read(trust), &policy.id, &policy.hash).await?
        }
        _ => None,
    };
    let passages = document.as_ref().map(|document| &document.passages);
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let rows = policy
        .clauses
        .iter()
        .zip(&coverage.clauses)
        .filter(|(clause, _)| holds(clause, &words));
    let sections = sections(rows, passages);
    app.render(&ReadPage {
        id: policy.id.clone(),
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        overdue: policy.is_review_overdue(app.today()),
        draft: super::shelf::is_draft(policy),
        is_model: policy.kind == "model",
        document: document.is_some(),
        found: (!words.is_empty()).then(|| sections.iter().map(|s| s.clauses.len()).sum()),
        search: search.q,
        sections,
    })
}

/// Whether a clause holds every word searched for, in any part that people see.
fn holds(clause: &Clause, words: &[String]) -> bool {
    let text = format!("{} {} {}", clause.printed, clause.heading, clause.says).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

fn sections<'p>(
    rows: impl Iterator<Item = (&'p Clause, &'p Norm<'p>)>,
    passages: Option<&BTreeMap<String, String>>,
) -> Vec<ClauseSection> {
    let mut sections: Vec<ClauseSection> = Vec::new();
    for (clause, covered) in rows {
        let row = ClauseRow {
            anchor: anchor(&clause.reference),
            printed: clause.printed.clone(),
            says: clause.says.clone(),
            modality: modality(clause.modality),
            carriers: covered.mechanisms.iter().map(carrier).collect(),
            passage: passages.and_then(|all| all.get(&clause.reference).cloned()),
        };
        match sections.last_mut().filter(|s| s.heading == clause.heading) {
            Some(section) => section.clauses.push(row),
            None => sections.push(ClauseSection {
                heading: clause.heading.clone(),
                clauses: vec![row],
            }),
        }
    }
    sections
}

fn carrier(mechanism: &Mechanism<'_>) -> Carrier {
    Carrier {
        says: mechanism_says(mechanism.name),
        built: !mechanism.by.is_empty(),
    }
}
