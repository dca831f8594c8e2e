//! `GET /api/v1/compare`: where two policies part company.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::compare::{self, Comparison, Proof, ProofLimits};
use serde::{Deserialize, Serialize};

use super::{find, heavy};
use crate::web::App;
use crate::web::extract::Query;
use crate::web::problem::{Kind, Problem};

/// How long a proof may be, and how much work it may take, so that it ends within a request.
const PROOF: ProofLimits = ProofLimits {
    descriptions: 200,
    areas: 200_000,
};

/// Which two policies, and how much of what is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    a: Option<String>,
    b: Option<String>,
    /// Rows that nobody would describe from everyday life, too.
    #[serde(default)]
    all: bool,
    #[serde(default)]
    proof: bool,
}

/// A comparison and, where it was asked for, its proof.
#[derive(Serialize)]
struct Compared<'l> {
    #[serde(flatten)]
    comparison: Comparison<'l>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Proof<'l>>,
}

pub(super) async fn read(
    State(app): State<App>,
    Query(pair): Query<Pair>,
) -> Result<Response, Problem> {
    heavy(move || compared(&app, &pair)).await
}

fn compared(app: &App, pair: &Pair) -> Result<Response, Problem> {
    let library = app.library();
    let vocabulary = library.vocabulary();
    let named = |id: &Option<String>| match id {
        Some(id) => find(&library, id),
        None => Err(Problem::new(Kind::BadRequest)
            .detail("Name the two policies in the address, as in /api/v1/compare?a=yes&b=link.")),
    };
    let (a, b) = (named(&pair.a)?, named(&pair.b)?);
    let mut comparison = compare::compare(a, b, vocabulary);
    for group in &mut comparison.groups {
        group.rows.retain(|row| pair.all || row.everyday);
    }
    comparison.groups.retain(|group| !group.rows.is_empty());
    let proof = pair.proof.then(|| compare::proof(a, b, vocabulary, PROOF));
    Ok(Json(Compared { comparison, proof }).into_response())
}
