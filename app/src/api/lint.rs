//! `GET /api/v1/lint`: what a policy's owner should know.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::lint::{Finding, Surroundings, lint};
use policy::source::nearest;
use policy::vocabulary::Vocabulary;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{chosen, heavy, refused};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::Problem;

/// Which policy (all of them, where none is named), and the roles that somebody holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Looked {
    policy: Option<String>,
    /// Role ids, separated by commas.
    roles: Option<String>,
}

/// One policy looked over.
#[derive(Serialize)]
struct PolicyFindings<'l> {
    policy: &'l str,
    findings: Vec<Finding<'l>>,
}

pub(super) async fn read(
    State(app): State<App>,
    Query(looked): Query<Looked>,
) -> Result<Response, Problem> {
    heavy(move || findings(&app, &looked)).await
}

fn findings(app: &App, looked: &Looked) -> Result<Response, Problem> {
    let library = app.library();
    let carriers = app.carriers();
    let vocabulary = library.vocabulary();
    let held = looked.roles.as_deref();
    let held = held.map(|held| roles(vocabulary, held)).transpose()?;
    let surroundings = Surroundings {
        today: app.today(),
        law: library.law(),
        carriers: &carriers,
        roles_held: held.as_ref(),
    };
    let policies: Vec<_> = chosen(&library, looked.policy.as_deref())?
        .into_iter()
        .map(|table| PolicyFindings {
            policy: &table.policy().id,
            findings: lint(table, vocabulary, &surroundings),
        })
        .collect();
    Ok(Json(json!({ "policies": policies })).into_response())
}

fn roles(vocabulary: &Vocabulary, held: &str) -> Result<BTreeSet<String>, Problem> {
    let role = |name: &str| {
        if vocabulary.role(name).is_some() {
            return Ok(name.to_owned());
        }
        let roles = vocabulary.roles().iter().map(|role| role.id.as_str());
        let meant = nearest(name, roles)
            .map(|near| format!(" Did you mean '{near}'?"))
            .unwrap_or_default();
        Err(refused(format!("There is no role '{name}'.{meant}")))
    };
    let names = held.split(',').map(str::trim).filter(|n| !n.is_empty());
    names.map(role).collect()
}
