//! `GET /api/v1/policies/{id}`: one policy whole.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use policy::cube::{Cube, ValueSet};
use policy::policy_file::{
    Clause, Contact, Covers, Duty, Grant, Modality, Policy, Rule, RuleEffect, Standing, Strength,
};
use policy::vocabulary::{ASKER, Attribute, Vocabulary};
use serde::Serialize;
use serde_json::Value;

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
    /// Each entry is enough: the values that each attribute may have.
    when: Vec<BTreeMap<&'p str, Vec<&'p str>>>,
    conditions: &'p [String],
    duties: &'p [Duty],
    grant: Option<&'p Grant>,
    lifts: Vec<&'p str>,
}

pub(super) async fn read(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
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
    let whole = serde_json::to_value(&whole).map_err(|error| Problem::internal(&error))?;
    Ok(Json(whole))
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
    CoversTold {
        askers: asker.map_or_else(Vec::new, |(_, asker)| names(asker, covers.askers)),
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
            .map(|cube| when(vocabulary, cube))
            .collect(),
        conditions: &rule.conditions,
        duties: &rule.duties,
        grant: rule.grant.as_ref(),
        lifts: rule.lifts.iter().filter_map(clause).collect(),
    }
}

/// A set of situations as names of the vocabulary.
pub(super) fn when<'v>(vocabulary: &'v Vocabulary, cube: &Cube) -> BTreeMap<&'v str, Vec<&'v str>> {
    let entry = |(index, values): &(usize, ValueSet)| {
        let attribute = vocabulary.at(*index)?;
        Some((attribute.id.as_str(), names(attribute, *values)))
    };
    cube.sets().iter().filter_map(entry).collect()
}

fn names(attribute: &Attribute, values: ValueSet) -> Vec<&str> {
    values
        .iter()
        .map(|value| attribute.value_id(value))
        .collect()
}
