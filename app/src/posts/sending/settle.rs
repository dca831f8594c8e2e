//! What the sendings of a post make of the post: where it stands once they have moved.

use super::super::{PostError, REGISTER};
use super::row::{self, Sending};
use super::state::State;
use crate::accounts::answer;
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Engine};
use crate::store::{Query as _, Tx};
use crate::values;

/// Brings the case of a post to where its sendings stand.
pub(super) async fn settle(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    post: &CaseId,
) -> Result<(), PostError> {
    let sendings = row::of_post(tx, post).await?;
    let store = tx.store().clone();
    let case = cases::one_of(tx, (&store, &program.trust), REGISTER, post).await?;
    let case = case.ok_or(PostError::NotFound)?;
    let Some((step, note)) = next(&case.state, &sendings) else {
        return Ok(());
    };
    cases::take_by_program(tx, engine, program, post, (step, &note)).await?;
    match step {
        "settled" => Box::pin(settle(tx, engine, program, post)).await,
        "out" => corrected(tx, engine, program, &case).await,
        _ => Ok(()),
    }
}

/// A correction is out: the post that it corrects says so.
async fn corrected(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    correction: &Case,
) -> Result<(), PostError> {
    let row = tx
        .first(
            "SELECT id FROM case_file WHERE trust = $1 AND reference = $2 AND register = $3",
            values![answer(correction, "corrects"), REGISTER],
        )
        .await?;
    if let Some(row) = row {
        let note = format!("The correction is {}.", correction.reference);
        let step = ("corrected", note.as_str());
        cases::take_by_program(tx, engine, program, &row.get("id")?, step).await?;
    }
    Ok(())
}

/// The step that the program takes next, with its note.
fn next(state: &str, sendings: &[Sending]) -> Option<(&'static str, String)> {
    let any = |state: State| sendings.iter().any(|sending| sending.state == state);
    let why = || {
        let whys = sendings.iter().map(|sending| sending.why.as_str());
        let whys: Vec<&str> = whys.filter(|why| !why.is_empty()).collect();
        whys.join(" ")
    };
    match state {
        "publishing" | "published" if any(State::Asked) => Some(("uncertain", why())),
        "ask-a-person" if !any(State::Asked) => Some(("settled", String::new())),
        "publishing" if sendings.iter().any(|one| one.state.is_under_way()) => None,
        "publishing" if any(State::Published) => Some(("out", why())),
        "publishing" => Some(("not-out", why())),
        "taking-down" if !any(State::Published) && !any(State::Removing) => {
            Some(("gone", String::new()))
        }
        _ => None,
    }
}
