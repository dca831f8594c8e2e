//! What the owner of a policy should know: findings, and what carries each clause out.

use axum::extract::State;
use axum::response::Html;
use policy::coverage::{self, Coverage, Norm, State as Carried};
use policy::lint::{self, Finding, Surroundings, Weight};
use serde::{Deserialize, Serialize};

use super::find;
use super::words::{anchor, mechanism_says};
use crate::authority::{Access, Routes};
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::heavy::heavy;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `policies/owner.html`.
#[derive(Debug, Serialize)]
pub(crate) struct OwnerPage {
    id: String,
    title: String,
    organisation: String,
    weights: Vec<WeightSection>,
    norms: usize,
    carried_out: usize,
    in_part: usize,
    not_built_yet: usize,
    mechanisms: Vec<MechanismRow>,
    missing: bool,
    clauses: Vec<ClauseRow>,
}

/// Findings of one weight.
#[derive(Debug, Serialize)]
struct WeightSection {
    title: &'static str,
    findings: Vec<FindingRow>,
}

/// One finding.
#[derive(Debug, Serialize)]
struct FindingRow {
    says: String,
    advice: String,
    clauses: Vec<ClauseLink>,
}

/// A clause by number.
#[derive(Debug, Serialize)]
struct ClauseLink {
    printed: String,
    href: String,
}

/// One mechanism and how many clauses it carries out.
#[derive(Debug, Serialize)]
struct MechanismRow {
    says: String,
    norms: usize,
    carried_out: usize,
}

/// One clause and what carries it out.
#[derive(Debug, Serialize)]
struct ClauseRow {
    printed: String,
    says: String,
    href: String,
    state: &'static str,
    colour: &'static str,
    missing: Vec<String>,
}

impl Page for OwnerPage {
    const TEMPLATE: &'static str = "policies/owner.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let clause = |missing: Vec<String>| ClauseRow {
            printed: "1.1".into(),
            says: "Be kind.".into(),
            href: "/policies/example#clause-1.1".into(),
            state: "carried out",
            colour: "green",
            missing,
        };
        let link = || ClauseLink {
            printed: "1.1".into(),
            href: "/policies/example#clause-1.1".into(),
        };
        let finding = |clauses| FindingRow {
            says: "The review is overdue.".into(),
            advice: "Review it.".into(),
            clauses,
        };
        let weights = |full: bool| match full {
            true => vec![WeightSection {
                title: "To mend",
                findings: vec![finding(vec![link(), link()]), finding(Vec::new())],
            }],
            false => Vec::new(),
        };
        let page = |missing: bool, clauses| Self {
            weights: weights(!missing),
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            norms: 3,
            carried_out: 1,
            in_part: 1,
            not_built_yet: 1,
            mechanisms: vec![MechanismRow {
                says: "answers to questions".into(),
                norms: 2,
                carried_out: 1,
            }],
            missing,
            clauses,
        };
        vec![
            page(
                false,
                vec![clause(vec![]), clause(vec!["screening".into()])],
            ),
            page(true, vec![]),
        ]
    }
}

#[derive(Deserialize)]
struct Filter {
    /// `missing` shows only what is not carried out yet, or not wholly.
    #[serde(default)]
    show: String,
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/policies/{policy}/owner", Access::Reading, owner)
}

async fn owner(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Html<String>, Problem> {
    heavy(move || page(&app, id, &filter)).await
}

fn page(app: &App, id: String, filter: &Filter) -> Result<Html<String>, Problem> {
    let library = app.library();
    let table = find(&library, &id)?;
    let carriers = app.carriers();
    let coverage = coverage::coverage(table, library.vocabulary(), &carriers);
    let surroundings = Surroundings {
        today: app.today(),
        law: library.law(),
        carriers: &carriers,
        roles_held: None,
    };
    let findings = lint::lint(table, library.vocabulary(), &surroundings);
    let missing = filter.show == "missing";
    let wanted = |norm: &&Norm<'_>| !missing || norm.state != Carried::CarriedOut;
    let rows = coverage.clauses.iter().filter(wanted);
    app.render(&OwnerPage {
        clauses: rows.map(|norm| clause_row(&id, norm)).collect(),
        weights: weights(&id, &findings),
        mechanisms: mechanisms(&coverage),
        norms: coverage.norms,
        carried_out: coverage.carried_out,
        in_part: coverage.in_part,
        not_built_yet: coverage.not_built_yet,
        missing,
        title: table.policy().title.clone(),
        organisation: table.policy().organisation.clone(),
        id,
    })
}

/// What one should know, by how much it matters.
fn weights(policy: &str, findings: &[Finding<'_>]) -> Vec<WeightSection> {
    let titles = [
        (Weight::Mend, "To mend"),
        (Weight::Consider, "To consider"),
        (Weight::Know, "To know"),
    ];
    let section = |(weight, title)| {
        let of_weight = findings.iter().filter(|finding| finding.weight == weight);
        let findings: Vec<FindingRow> = of_weight.map(|f| finding_row(policy, f)).collect();
        (!findings.is_empty()).then_some(WeightSection { title, findings })
    };
    titles.into_iter().filter_map(section).collect()
}

fn finding_row(policy: &str, finding: &Finding<'_>) -> FindingRow {
    let link = |named: &lint::Named<'_>| ClauseLink {
        printed: named.printed.to_owned(),
        href: format!("/policies/{policy}#{}", anchor(named.reference)),
    };
    FindingRow {
        says: finding.says.clone(),
        advice: finding.advice.clone(),
        clauses: finding.clauses.iter().map(link).collect(),
    }
}

fn mechanisms(coverage: &Coverage<'_>) -> Vec<MechanismRow> {
    let row = |(name, count): (&&str, &coverage::Count)| MechanismRow {
        says: mechanism_says(name),
        norms: count.norms,
        carried_out: count.carried_out,
    };
    coverage.mechanisms.iter().map(row).collect()
}

fn clause_row(policy: &str, norm: &Norm<'_>) -> ClauseRow {
    let idle = norm
        .mechanisms
        .iter()
        .filter(|mechanism| mechanism.by.is_empty());
    ClauseRow {
        printed: norm.printed.to_owned(),
        says: norm.says.to_owned(),
        href: format!("/policies/{policy}#{}", anchor(norm.reference)),
        state: norm.state.says(),
        colour: match norm.state {
            Carried::CarriedOut => "green",
            Carried::InPart => "yellow",
            Carried::NotBuiltYet => "grey",
        },
        missing: idle
            .map(|mechanism| mechanism_says(mechanism.name))
            .collect(),
    }
}
