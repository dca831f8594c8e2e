//! The program's own part: log-ins that are not lodged, log-ins that somebody knows who should know them no more, and
//! log-ins of accounts that are closed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kept::{self, Kept, LOG_IN};
use super::rotation::{self, What, Why};
use super::{CredentialError, view};
use crate::accounts::{self, CUSTODY, Keeping, Kept as Named, REGISTER};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Engine};
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::people::{self, Standing};
use crate::store::Tx;

/// Looks what is to be done about log-ins.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Watch;

impl Job for Watch {
    const KIND: &'static str = "credentials.watch";
    const TITLE: &'static str = "See that log-ins are lodged, and changed in time";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let program = context.actor();
        look(&mut tx, engine, &program)
            .await
            .map_err(JobError::retry)?;
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

async fn look(tx: &mut Tx, engine: &Engine, program: &Actor) -> Result<(), CredentialError> {
    let store = tx.store().clone();
    let in_use = cases::standing(tx, (&store, &program.trust), REGISTER, None).await?;
    let mut in_use: BTreeMap<CaseId, Case> = in_use
        .into_iter()
        .map(|case| (case.id.clone(), case))
        .collect();
    for kept in kept::all(tx).await? {
        if !in_use.contains_key(&kept.case) {
            kept::destroy(tx, program, &kept, "credential.destroyed").await?;
            let step = ("not-needed", "The account was closed.");
            rotation::settle(tx, engine, &kept.case, step).await?;
        } else if kept.kind == LOG_IN
            && let Some(account) = in_use.remove(&kept.case)
        {
            known_in_vain(tx, engine, &account, &kept).await?;
        }
    }
    // Those who are left have no log-in here.
    let today = store.clock().today();
    for account in in_use.into_values() {
        let settings =
            accounts::settings(tx, engine, CUSTODY, account.school.as_ref(), today).await?;
        if settings.settings.says_yes("lodges") && !has_log_in(tx, &account).await? {
            rotation::ask(tx, engine, &account, (What::Lodge, Why::New), None).await?;
        }
    }
    Ok(())
}

/// Whether a log-in is kept: an account may be left over because only its token was looked at.
async fn has_log_in(tx: &mut Tx, account: &Case) -> Result<bool, CredentialError> {
    Ok(kept::of(tx, &account.id, LOG_IN).await?.is_some())
}

/// Has a log-in changed that somebody knows who should know it no more.
async fn known_in_vain(
    tx: &mut Tx,
    engine: &Engine,
    account: &Case,
    kept: &Kept,
) -> Result<(), CredentialError> {
    let (today, school) = (tx.store().clock().today(), account.school.as_ref());
    let mut counting = Vec::new();
    for keeper in accounts::keepers(tx, &account.id).await? {
        let part = keeper.part;
        if let Some(named) = Named::of(tx, keeper).await?
            && named.counts(school, today)
        {
            counting.push((named.person.id, part));
        }
    }
    for (person, only_set) in view::knowing(tx, &account.id, kept.version).await? {
        let named = counting
            .iter()
            .any(|(one, part)| *one == person && *part == Keeping::LogIn);
        let found = people::find(tx, &person).await?;
        let here = found
            .as_ref()
            .filter(|found| found.standing(today) == Standing::Current);
        let at_work = here.is_some_and(|found| {
            let mut roles = found.roles.iter();
            roles.any(|role| {
                role.on(today) && (role.school.is_none() || role.school.as_ref() == school)
            })
        });
        // Whoever lodged it need not be named to open it, as long as they work there.
        if at_work && (named || only_set) {
            continue;
        }
        let why = if at_work { Why::Ended } else { Why::Left };
        return rotation::ask(tx, engine, account, (What::Change, why), None).await;
    }
    Ok(())
}
