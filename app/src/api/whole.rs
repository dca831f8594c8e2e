//! `GET /api/v1/policies/{id}`: one policy whole.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::policy_file::{
    Clause, Contact, Covers, Duty, Grant, Modality, Policy, Rule, RuleEffect, Standing, Strength,
};
use policy::vocabulary::{ASKER, Vocabulary};
use policy::words::{Condition, conditions};
use serde::Serialize;

use super::find;
use super::policies::PolicySummary;
use crate::web::App;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// A policy as programs read it.
#[derive(Serialize)]
struct PolicyWhole<'p> {
    #[serde(flatten)]
    summary: PolicySummary<'p>,
    contacts: &'p [Contact],
    clauses: Vec<ClauseTold<'p>>,
}

#[derive(Serialize)]
struct ClauseTold<'p> {
    r#ref: &'p str,
    printed: &'p str,
    heading: &'p str,
    line: Option<u32>,
    subject: &'p str,
    modality: Modality,
    says: &'p str,
    carried_by: &'p [String],
    covers: Vec<CoversTold<'p>>,
    rules: Vec<RuleTold<'p>>,
}

#[derive(Serialize)]
struct CoversTold<'p> {
    askers: Vec<&'p str>,
    shown: bool,
    strength: Option<Strength>,
}

#[derive(Serialize)]
struct RuleTold<'p> {
    effect: RuleEffect,
    standing: Option<Standing>,
    strength: Strength,
    /// Each entry is enough; all that it holds must be so.
    when: Vec<Vec<Condition<'p>>>,
    conditions: &'p [String],
    duties: &'p [Duty],
    grant: Option<&'p Grant>,
    lifts: Vec<&'p str>,
}

pub(super) async fn read(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let library = app.library();
    let policy = find(&library, &id)?.policy();
    let whole = PolicyWhole {
        summary: PolicySummary::of(policy, app.today()),
        contacts: &policy.contacts,
        clauses: policy
            .clauses
            .iter()
            .map(|clause| told(library.vocabulary(), policy, clause))
            .collect(),
    };
    Ok(Json(&whole).into_response())
}

fn told<'p>(vocabulary: &'p Vocabulary, policy: &'p Policy, clause: &'p Clause) -> ClauseTold<'p> {
    ClauseTold {
        r#ref: &clause.reference,
        printed: &clause.printed,
        heading: &clause.heading,
        line: clause.line,
        subject: &clause.subject,
        modality: clause.modality,
        says: &clause.says,
        carried_by: &clause.carried_by,
        covers: clause
            .covers
            .iter()
            .map(|covers| covers_told(vocabulary, covers))
            .collect(),
        rules: clause
            .rules
            .iter()
            .map(|rule| rule_told(vocabulary, policy, rule))
            .collect(),
    }
}

fn covers_told<'p>(vocabulary: &'p Vocabulary, covers: &Covers) -> CoversTold<'p> {
    let asker = vocabulary.attribute(ASKER);
    let name = |value| asker.map(|(_, asker)| asker.value_id(value));
    CoversTold {
        askers: covers.askers.iter().filter_map(name).collect(),
        shown: covers.shown,
        strength: covers.strength,
    }
}

fn rule_told<'p>(vocabulary: &'p Vocabulary, policy: &'p Policy, rule: &'p Rule) -> RuleTold<'p> {
    let clause = |index: &usize| policy.clauses.get(*index).map(|c| c.reference.as_str());
    RuleTold {
        effect: rule.effect,
        standing: rule.standing,
        strength: rule.strength,
        when: rule
            .cubes
            .iter()
            .map(|cube| conditions(cube, vocabulary))
            .collect(),
        conditions: &rule.conditions,
        duties: &rule.duties,
        grant: rule.grant.as_ref(),
        lifts: rule.lifts.iter().filter_map(clause).collect(),
    }
}
