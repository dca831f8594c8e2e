//! Who is told what becomes of a post, beside what its register says.

use std::collections::BTreeSet;

use super::PostError;
use crate::authority::Role;
use crate::cases::{self, Case};
use crate::mail::Link;
use crate::messages::{self, Message};
use crate::store::{PersonId, Tx};

/// Tells whoever answers for a post; publishers of its school as well where nobody does.
pub(super) async fn keepers(
    tx: &mut Tx,
    post: &Case,
    (subject, body): (&str, &str),
) -> Result<(), PostError> {
    let mut whom: BTreeSet<PersonId> = post.opened_by.iter().cloned().collect();
    whom.extend(post.handler.clone());
    if whom.is_empty() {
        whom.extend(cases::holding_role(tx, &post.id, Role::Publisher).await?);
    }
    for person in whom {
        tell(tx, &person, (subject, body), format!("/posts/{}", post.id)).await?;
    }
    Ok(())
}

/// Tells one person.
pub(super) async fn tell(
    tx: &mut Tx,
    person: &PersonId,
    (subject, body): (&str, &str),
    path: String,
) -> Result<(), PostError> {
    let message = Message {
        subject: subject.to_owned(),
        body: body.to_owned(),
        link: Some(Link {
            text: "See it".to_owned(),
            path,
        }),
        urgent: true,
        confidential: false,
    };
    messages::send(tx, person, &message).await?;
    Ok(())
}
