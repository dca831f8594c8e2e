//! Who looks at which part of a collection.
//!
//! Whoever answers the request sees what is held, but of cases only those that they may see anyway: what is from another
//! is not there for them, in no list and no number. It is routed to those who look after that case or see it for their role; they see nothing but it.
//! Whom it is about sees none of it before it is given to them.

use std::collections::BTreeSet;

use super::collection::{self, Collection};
use super::item::Item;
use super::whom::{self, Whom};
use super::{ACTION, AccessError, REGISTER};
use crate::authority::{Actor, Place};
use crate::cases::{self, CaseError, CaseId, Seen};
use crate::store::{Query as _, SchoolId, Tx};
use crate::values;

/// What somebody sees of a collection.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) collection: Collection,
    pub(super) whom: Whom,
    /// Whether they answer the request; otherwise they decide about what was routed to them.
    pub(super) answers: bool,
    /// The things that are theirs to decide, in order.
    pub(super) items: Vec<Item>,
}

impl Sight {
    /// How many are decided.
    pub(super) fn decided(&self) -> usize {
        let decided = self.items.iter().filter(|item| item.decision.is_some());
        decided.count()
    }

    /// The item of that number.
    pub(super) fn item(&self, number: i64) -> Result<&Item, AccessError> {
        let mut items = self.items.iter();
        items
            .find(|item| item.number == number)
            .ok_or(AccessError::NotFound)
    }
}

/// The case of a request, for somebody who answers it.
///
/// # Errors
/// [`AccessError::NotFound`] where they do not, or it is no such case.
pub(super) async fn request(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
) -> Result<Seen, AccessError> {
    let seen = match cases::see(tx, actor, case).await {
        Ok(seen) => seen,
        Err(CaseError::NotFound) => return Err(AccessError::NotFound),
        Err(error) => return Err(error.into()),
    };
    let place = seen
        .case
        .school
        .as_ref()
        .map_or(Place::Trust, Place::School);
    let theirs = !seen.outline
        && seen.case.register == REGISTER
        && actor.person.is_some()
        && actor.may(ACTION, place);
    if theirs {
        Ok(seen)
    } else {
        Err(AccessError::NotFound)
    }
}

/// Whether somebody answers the request of a case, without it being entered that they read it.
async fn answers(tx: &mut Tx, actor: &Actor, case: &CaseId) -> Result<bool, AccessError> {
    let row = tx
        .first(
            "SELECT school FROM case_file WHERE trust = $1 AND id = $2",
            values![case],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let school: Option<SchoolId> = row.get("school")?;
    let place = school.as_ref().map_or(Place::Trust, Place::School);
    let this = BTreeSet::from([case.clone()]);
    Ok(actor.may(ACTION, place) && {
        let store = tx.store().clone();
        !cases::seen_whole(tx, &store, actor, &this)
            .await?
            .is_empty()
    })
}

/// What somebody sees of a collection.
///
/// # Errors
/// [`AccessError::NotFound`] where that is nothing: it looks as if it were not there.
pub(super) async fn sight(tx: &mut Tx, actor: &Actor, case: &CaseId) -> Result<Sight, AccessError> {
    let collection = collection::find(tx, case).await?;
    let collection = collection.ok_or(AccessError::NotFound)?;
    if actor.person.is_none() || whom::is(&collection.about, actor) {
        return Err(AccessError::NotFound);
    }
    let answers = answers(tx, actor, case).await?;
    let sources = collection::sources(tx, case).await?;
    let routed: BTreeSet<&CaseId> = sources
        .iter()
        .filter_map(|(source, routed)| routed.then_some(source))
        .collect();
    let of: BTreeSet<CaseId> = sources.iter().map(|(source, _)| source.clone()).collect();
    let store = tx.store().clone();
    let seen = match answers {
        true => cases::seen_whole(tx, &store, actor, &of).await?,
        false => cases::answered_for(tx, &store, actor, &of).await?,
    };
    if !answers && !seen.iter().any(|source| routed.contains(source)) {
        return Err(AccessError::NotFound);
    }
    let kept = (&store, &actor.trust);
    let whom = collection::whom(tx, kept, case).await?;
    let mut items = collection::items(tx, kept, case).await?;
    items.retain(|item| match &item.of_case {
        None => answers,
        Some(of) => seen.contains(of) && (answers || routed.contains(of)),
    });
    Ok(Sight {
        collection,
        whom,
        answers,
        items,
    })
}
