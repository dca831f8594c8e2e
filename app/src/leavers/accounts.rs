//! What somebody keeps of the school's voice: the official accounts that they were named for.

use super::holding::{Holding, Kind, LeaverError};
use crate::accounts::{self, AccountError};
use crate::authority::{Actor, Means};
use crate::cases::{self, CaseError, CaseId};
use crate::credentials;
use crate::people::Person;
use crate::store::Tx;

pub(super) const KEPT: Kind = Kind {
    title: "Official accounts that they were named for",
    held: |tx, actor, person| Box::pin(kept(tx, actor, person)),
};

pub(super) const SEEN: Kind = Kind {
    title: "Log-ins of official accounts that they have seen",
    held: |tx, actor, person| Box::pin(seen(tx, actor, person)),
};

/// The program asks for it when they have left; whoever wants it sooner changes it.
async fn seen(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<Vec<Holding>, LeaverError> {
    let mut held = Vec::new();
    for case in credentials::seen_by(tx, &person.id).await? {
        let Some(reference) = reference(tx, actor, &case).await? else {
            continue;
        };
        held.push(Holding {
            says: format!("The log-in of {reference}"),
            note: "To be changed after their last use".to_owned(),
            act: Some((
                "See to the log-in".to_owned(),
                format!("/accounts/{case}/log-in"),
            )),
            ..Holding::default()
        });
    }
    Ok(held)
}

/// An account by its reference, where whoever asks may know of it.
async fn reference(tx: &mut Tx, actor: &Actor, case: &CaseId) -> Result<Option<String>, CaseError> {
    if matches!(actor.means, Means::Operator) {
        return Ok(Some(case.to_string()));
    }
    match cases::see(tx, actor, case).await {
        Ok(seen) => Ok(Some(seen.case.reference)),
        Err(CaseError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// They end by themselves when somebody has left; before that the account wants somebody else.
async fn kept(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<Vec<Holding>, LeaverError> {
    let mut held = Vec::new();
    for keeper in accounts::kept_by(tx, &person.id).await? {
        let Some(reference) = reference(tx, actor, &keeper.case).await? else {
            continue;
        };
        held.push(Holding {
            says: format!("{reference}: they {}", keeper.part.does()),
            note: "Name somebody else, then end it".to_owned(),
            act: Some((
                "See to the account".to_owned(),
                format!("/accounts/{}", keeper.case),
            )),
            ..Holding::default()
        });
    }
    Ok(held)
}

impl From<AccountError> for LeaverError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Case(error) => error.into(),
            AccountError::Store(error) => error.into(),
            AccountError::Ledger(error) => Self::Case(error.into()),
            AccountError::Queue(error) => error.into(),
        }
    }
}
