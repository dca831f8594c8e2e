//! What somebody may do here: roles, handing over while away, sign-in, tokens.

use jiff::civil::Date;

use super::holding::{Holding, Kind, LeaverError};
use crate::authority::{Action, Actor, Place};
use crate::people::{self, Person};
use crate::schools;
use crate::store::{Query as _, SchoolId, StoreError, Tx};
use crate::tokens;
use crate::values;

pub(super) const ROLES: Kind = Kind {
    title: "Roles",
    held: |tx, actor, person| Box::pin(roles(tx, actor, person)),
};
pub(super) const DELEGATIONS: Kind = Kind {
    title: "Handing over while away",
    held: |tx, actor, person| Box::pin(delegations(tx, actor, person)),
};
pub(super) const SIGN_IN: Kind = Kind {
    title: "Signed in",
    held: |tx, actor, person| Box::pin(sessions(tx, actor, person)),
};
pub(super) const TOKENS: Kind = Kind {
    title: "API tokens",
    held: |tx, actor, person| Box::pin(api_tokens(tx, actor, person)),
};

/// Where what ends with a last day does so.
fn with_them(person: &Person, ends_on: Option<Date>) -> Option<Date> {
    let last = person.ends_on?;
    ends_on.filter(|end| *end <= last)
}

async fn place(tx: &mut Tx, school: Option<&SchoolId>) -> Result<String, StoreError> {
    let Some(id) = school else {
        return Ok("the whole trust".to_owned());
    };
    let school = schools::find(tx, id).await?;
    Ok(school.map_or_else(|| id.to_string(), |school| school.details.name))
}

async fn roles(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<Vec<Holding>, LeaverError> {
    let today = tx.store().clock().today();
    let mut held = Vec::new();
    for role in person.roles.iter().filter(|role| !role.over(today)) {
        let place = place(tx, role.school.as_ref()).await?;
        let may = people::may_give(actor, role.role, role.place());
        let page = format!("/people/{}/roles/{}/take", person.id, role.id);
        held.push(Holding {
            says: format!("{}, {place}", role.role.label()),
            note: "Taken away by whoever gives roles there".to_owned(),
            ends_on: with_them(person, role.ends_on),
            act: may.then(|| ("Take it away now".to_owned(), page)),
            ..Holding::default()
        });
    }
    Ok(held)
}

async fn delegations(
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
) -> Result<Vec<Holding>, LeaverError> {
    let today = tx.store().clock().today();
    let mut held = Vec::new();
    for named in people::delegations(tx, &person.id, today).await? {
        let delegation = &named.delegation;
        let may = actor.may(Action::GiveRoles, Place::School(&delegation.school));
        let page = format!("/people/{}/delegations/{}/revoke", person.id, delegation.id);
        held.push(Holding {
            says: format!(
                "{} stands in for {} at {}",
                named.delegate, named.person, named.school
            ),
            note: "Taken back by whoever gives roles there".to_owned(),
            ends_on: with_them(person, Some(delegation.ends_on)),
            act: may.then(|| ("Take it back".to_owned(), page)),
            ..Holding::default()
        });
    }
    Ok(held)
}

/// Whether whoever asks may end their sign-in.
fn may_end(actor: &Actor, person: &Person, today: Date) -> bool {
    let permit = actor.permit(Action::ManageSignIn);
    permit.is_some_and(|permit| person.governed_by(&permit, today))
}

async fn sessions(
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
) -> Result<Vec<Holding>, LeaverError> {
    let today = tx.store().clock().today();
    let now = tx.now();
    let open = tx
        .count(
            "SELECT COUNT(*) AS n FROM session WHERE trust = $1 AND person = $2 AND expires_at > $3 \
               AND replaced_at IS NULL",
            values![&person.id, now],
        )
        .await?;
    let over = person.ends_on.is_some_and(|last| last < today);
    if open == 0 || over {
        return Ok(Vec::new());
    }
    let browsers = if open == 1 { "browser" } else { "browsers" };
    let page = format!("/people/{}/sign-in", person.id);
    Ok(vec![Holding {
        says: format!("Signed in on {open} {browsers}"),
        note: "Ended by whoever looks after sign-in".to_owned(),
        ends_on: person.ends_on,
        act: may_end(actor, person, today).then(|| ("End it now".to_owned(), page)),
        ..Holding::default()
    }])
}

async fn api_tokens(
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
) -> Result<Vec<Holding>, LeaverError> {
    let (today, now) = (tx.store().clock().today(), tx.now());
    let working = tokens::working(tx, &person.id, now).await?;
    let may = may_end(actor, person, today);
    let token = |(number, (id, name)): (usize, (_, String))| Holding {
        // Its name is its owner's own word: shown to those alone who may revoke it.
        says: match may {
            true => format!("‘{name}’"),
            false => format!("Token {}", number + 1),
        },
        note: "Revoked by whoever looks after sign-in: a program may need another".to_owned(),
        act: may.then(|| {
            let page = format!("/people/{}/tokens/{id}/revoke", person.id);
            ("Revoke it".to_owned(), page)
        }),
        ..Holding::default()
    };
    Ok(working.into_iter().enumerate().map(token).collect())
}
