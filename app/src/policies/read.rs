//! A policy read on screen, clause by clause, with search and what carries each clause out.

use axum::extract::State;
use axum::response::Html;
use policy::coverage::{self, Mechanism, Norm};
use policy::policy_file::{Clause, Policy};
use policy::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};

use super::find;
use super::words::{anchor, contact_label, fact_label, mechanism_says, modality};
use crate::authority::{Access, Routes};
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
    hash: String,
    facts: Vec<Pair>,
    contacts: Vec<Pair>,
    search: String,
    found: Option<usize>,
    sections: Vec<ClauseSection>,
}

/// A fact in words.
#[derive(Debug, Serialize)]
struct Pair {
    label: &'static str,
    says: String,
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
        let pair = || Pair {
            label: "Version",
            says: "1.1".into(),
        };
        let carrier = |built| Carrier {
            says: "answers to questions".into(),
            built,
        };
        let clause = || ClauseRow {
            anchor: "clause-1.1".into(),
            printed: "1.1".into(),
            says: "Be kind.".into(),
            modality: "Must",
            carriers: vec![carrier(true), carrier(false)],
        };
        let page = |search: &str, found, flag, sections| Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            overdue: flag,
            draft: flag,
            is_model: flag,
            hash: "0123456789ab".into(),
            facts: vec![pair()],
            contacts: vec![pair()],
            search: search.to_owned(),
            found,
            sections,
        };
        let section = ClauseSection {
            heading: "Introduction".into(),
            clauses: vec![clause()],
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
    Path(id): Path<String>,
    Query(search): Query<Search>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let table = find(&library, &id)?;
    let policy = table.policy();
    let registers = app.registers();
    let coverage = coverage::coverage(table, library.vocabulary(), registers.mechanisms());
    let words: Vec<String> = search.q.split_whitespace().map(str::to_lowercase).collect();
    let rows = policy
        .clauses
        .iter()
        .zip(&coverage.clauses)
        .filter(|(clause, _)| holds(clause, &words));
    let sections = sections(rows);
    app.render(&ReadPage {
        id: policy.id.clone(),
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        overdue: policy.is_review_overdue(app.today()),
        draft: super::shelf::is_draft(policy),
        is_model: policy.kind == "model",
        hash: policy.hash.chars().take(12).collect(),
        facts: facts(policy),
        contacts: contacts(policy, library.vocabulary()),
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

fn sections<'p>(rows: impl Iterator<Item = (&'p Clause, &'p Norm<'p>)>) -> Vec<ClauseSection> {
    let mut sections: Vec<ClauseSection> = Vec::new();
    for (clause, covered) in rows {
        let row = ClauseRow {
            anchor: anchor(&clause.reference),
            printed: clause.printed.clone(),
            says: clause.says.clone(),
            modality: modality(clause.modality),
            carriers: covered.mechanisms.iter().map(carrier).collect(),
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

fn facts(policy: &Policy) -> Vec<Pair> {
    let pair = |fact: &policy::policy_file::Fact| Pair {
        label: fact_label(fact.kind),
        says: fact.printed.clone().unwrap_or_else(|| fact.value.clone()),
    };
    policy.facts.iter().map(pair).collect()
}

fn contacts(policy: &Policy, vocabulary: &Vocabulary) -> Vec<Pair> {
    let pair = |contact: &policy::policy_file::Contact| Pair {
        label: contact_label(contact.matter),
        says: vocabulary
            .role(&contact.to)
            .map_or_else(|| contact.to.clone(), |role| role.says.clone()),
    };
    policy.contacts.iter().map(pair).collect()
}
