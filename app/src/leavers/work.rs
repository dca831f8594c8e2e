//! What somebody has in hand here: cases that they look after, permissions, cases that wait for them.

use register::{Door, Effect};

use super::REGISTER;
use super::holding::{Holding, Kind, LeaverError};
use crate::authority::{Actor, Means};
use crate::cases::{self, CaseError, CaseId, Seen};
use crate::people::Person;
use crate::store::Tx;
use crate::web::dates::day;

pub(super) const HANDLED: Kind = Kind {
    title: "Cases that they look after",
    held: |tx, actor, person| Box::pin(handled(tx, actor, person)),
};
pub(super) const PERMISSIONS: Kind = Kind {
    title: "Permissions in force",
    held: |tx, actor, person| Box::pin(permissions(tx, actor, person)),
};
pub(super) const WAITING: Kind = Kind {
    title: "Cases that wait for them",
    held: |tx, actor, person| Box::pin(waiting(tx, actor, person)),
};

/// A case, where whoever asks may see it whole.
async fn seen(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<Option<Seen>, CaseError> {
    match cases::see(tx, actor, id).await {
        Ok(seen) => Ok(Some(seen).filter(|seen| !seen.outline)),
        Err(CaseError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Cases that they look after and whoever asks may see; the program lets go of all of them when the last day is over.
async fn handled(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<Vec<Holding>, LeaverError> {
    let store = tx.store().clone();
    let lines = cases::handled_by(tx, &store, actor, &person.id).await?;
    let held = lines.iter().map(|line| Holding {
        says: format!("{}, {}", line.case.reference, line.rules.register().name),
        note: "After their last day it waits for the others who see to such cases".to_owned(),
        act: Some((
            "Hand it over".to_owned(),
            format!("/cases/{}#assign", line.case.id),
        )),
        ..Holding::default()
    });
    Ok(held.collect())
}

async fn permissions(
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
) -> Result<Vec<Holding>, LeaverError> {
    let (store, today) = (tx.store().clone(), tx.store().clock().today());
    let standing = cases::in_force_for(tx, &store, actor, &person.id, today).await?;
    let mut held = Vec::new();
    let permission = |one: &&cases::Held| {
        one.granting().is_some() && one.rules.register().door == Some(Door::Request)
    };
    for one in standing.iter().filter(permission) {
        let until = one.case.in_force_until;
        let id = &one.case.id;
        let seen = match actor.means {
            Means::Operator => None,
            _ => seen(tx, actor, id).await?,
        };
        let steps = seen.iter().flat_map(|seen| &seen.steps);
        let revokes = steps.filter(|open| {
            let step = one.rules.register().step(&open.id);
            step.is_some_and(|step| step.effects.contains(&Effect::Revoke))
        });
        let step = revokes.map(|step| step.id.clone()).next();
        held.push(Holding {
            says: match until {
                Some(last) => format!("{}, until {}", one.case.reference, day(last)),
                None => one.case.reference.clone(),
            },
            note: "Taken back by whoever decides on such permissions".to_owned(),
            ends_on: until.filter(|until| person.ends_on.is_some_and(|last| *until <= last)),
            act: step.map(|step| {
                (
                    "Take it back".to_owned(),
                    format!("/cases/{id}/steps/{step}"),
                )
            }),
            ..Holding::default()
        });
    }
    Ok(held)
}

/// Cases that wait for them by name, as far as whoever asks sees them whole.
async fn waiting(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<Vec<Holding>, LeaverError> {
    let store = tx.store().clone();
    let lines = cases::waiting_on(tx, &store, actor, &person.id).await?;
    let others = lines.iter().filter(|line| {
        line.case.register != REGISTER && line.case.handler.as_ref() != Some(&person.id)
    });
    let held = others.map(|line| Holding {
        says: format!("{}, {}", line.case.reference, line.state),
        note: "It may stay open".to_owned(),
        may_stay: true,
        act: Some(("Look at it".to_owned(), format!("/cases/{}", line.case.id))),
        ..Holding::default()
    });
    Ok(held.collect())
}
