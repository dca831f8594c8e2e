//! The program's own part: an account whose last administrator has gone rises to the head, and whoever has gone is named
//! for nothing any more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::keeper::{self, Keeper, Keeping, Kept};
use super::{AccountError, REGISTER, at_once};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Engine};
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::store::Tx;

/// The state of an account that somebody looks after, and of one that nobody does.
const STATES: (&str, &str) = ("in-use", "ownerless");

/// Looks whether accounts are still looked after.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "accounts.watch";
    const TITLE: &'static str = "See that official accounts are looked after";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let program = Actor::operator(context.trust().clone());
        look(&mut tx, engine, &program)
            .await
            .map_err(JobError::retry)?;
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

async fn look(tx: &mut Tx, engine: &Engine, program: &Actor) -> Result<(), AccountError> {
    let store = tx.store().clone();
    let accounts = cases::standing(tx, (&store, &program.trust), REGISTER, None).await?;
    for case in &accounts {
        at_once(tx, case).await?;
    }
    let mut named: BTreeMap<CaseId, Vec<Keeper>> = BTreeMap::new();
    for keeper in keeper::all(tx).await? {
        named.entry(keeper.case.clone()).or_default().push(keeper);
    }
    for case in &accounts {
        let keepers = named.remove(&case.id).unwrap_or_default();
        see_to(tx, engine, program, case, keepers).await?;
    }
    // Those who are left were named for accounts that are closed.
    for keeper in named.into_values().flatten() {
        keeper::end(tx, program, &keeper).await?;
    }
    Ok(())
}

/// Ends what counts no more, and moves the account where its administrators say.
async fn see_to(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    case: &Case,
    keepers: Vec<Keeper>,
) -> Result<(), AccountError> {
    let today = tx.store().clock().today();
    let mut looked_after = false;
    for keeper in keepers {
        match Kept::of(tx, keeper.clone()).await? {
            Some(kept) if kept.counts(case.school.as_ref(), today) => {
                looked_after |= keeper.part == Keeping::Administrator;
            }
            _ => keeper::end(tx, program, &keeper).await?,
        }
    }
    let step = match (case.state.as_str(), looked_after) {
        (state, false) if state == STATES.0 => (
            "lost-owner",
            "Everybody who was named as an administrator has left or lost their role.",
        ),
        (state, true) if state == STATES.1 => ("owned-again", "An administrator was named."),
        _ => return Ok(()),
    };
    cases::take_by_program(tx, engine, program, &case.id, step).await?;
    Ok(())
}
