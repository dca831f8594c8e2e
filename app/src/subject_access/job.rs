//! The work: gathering, and removing what was given out once its time is over.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::gather::{With, everything};
use super::item::Gathered;
use super::{AccessError, collection};
use crate::attachments::Attachments;
use crate::authority::{Actor, Means};
use crate::cases::{self, CaseId, Concerning, Engine};
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::mail::Link;
use crate::messages::{self, Message};
use crate::sign_in;
use crate::store::{PersonId, Store, StoreError, TrustId, Tx};
use crate::values;

/// So many people at most are told of one case that was routed to them.
const TOLD: usize = 12;

/// Gathers what is held about whom a request is about.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Gather {
    pub(super) case: CaseId,
    /// When it was begun: one that was begun anew has its own job.
    pub(super) begun_at: i64,
}

impl Job for Gather {
    const KIND: &'static str = "subject-access.gather";
    const TITLE: &'static str = "Gather what is held for a request for one's own data";
    type With = (Engine, Attachments);

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, (engine, files): &Self::With, context: &JobContext) -> Result<(), JobError> {
        let of = (context.store(), context.trust());
        let mut tx = gathered(of, (engine, files), &self)
            .await
            .map_err(JobError::retry)?;
        if let Some(tx) = &mut tx {
            context.complete(tx).await?;
        }
        match tx {
            Some(tx) => tx.commit().await?,
            None => {
                let mut tx = context.begin().await?;
                context.complete(&mut tx).await?;
                tx.commit_unrecorded().await?;
            }
        }
        Ok(())
    }
}

/// Gathers, in a transaction that is not yet committed; nothing where it was gathered already, or begun anew.
pub(super) async fn gathered(
    (store, trust): (&Store, &TrustId),
    (engine, attachments): (&Engine, &Attachments),
    job: &Gather,
) -> Result<Option<Tx>, AccessError> {
    let mut reader = store.read(trust);
    let found = collection::find(&mut reader, &job.case).await?;
    let waits = |found: &collection::Collection| {
        found.begun_at == job.begun_at && found.gathered_at.is_none()
    };
    let Some(collection) = found.filter(waits) else {
        return Ok(None);
    };
    let whom = collection::whom(&mut reader, (store, trust), &job.case).await?;
    let with = With {
        store,
        trust,
        engine,
        attachments,
    };
    let (items, cases) = everything(&with, &whom, &job.case).await?;
    let mut tx = store.begin(trust).await?;
    let before = collection::locked(&mut tx, &job.case).await?;
    if !waits(&before) {
        return Ok(None);
    }
    let seen = seen_by(&mut tx, trust, collection.begun_by.as_ref(), &items).await?;
    let routed = |item: &Gathered| item.of_case.as_ref().is_some_and(|of| !seen.contains(of));
    let mut items: Vec<(Gathered, bool)> = items
        .into_iter()
        .map(|item| {
            let routed = routed(&item);
            (item, routed)
        })
        .collect();
    // What is not theirs comes last, so that no number is missing from what they see.
    items.sort_by_key(|(_, routed)| *routed);
    collection::keep(&mut tx, &job.case, &items).await?;
    tell(&mut tx, &cases, &seen).await?;
    let actor = Actor::operator(trust.clone());
    let kind = "access_collection.gathered";
    collection::entered(&mut tx, &actor, kind, Some(&before), &job.case).await?;
    Ok(Some(tx))
}

/// The cases that whoever began may see, with the roles that they hold today.
async fn seen_by(
    tx: &mut Tx,
    trust: &TrustId,
    person: Option<&PersonId>,
    items: &[Gathered],
) -> Result<BTreeSet<CaseId>, AccessError> {
    let Some(person) = person else {
        return Ok(BTreeSet::new());
    };
    let today = tx.store().clock().today();
    let actor = Actor {
        trust: trust.clone(),
        person: Some(person.clone()),
        name: String::new(),
        roles: sign_in::roles_of(tx, person, today).await?,
        means: Means::Token(BTreeSet::new()),
    };
    let cases = items.iter().filter_map(|item| item.of_case.clone());
    let store = tx.store().clone();
    Ok(cases::seen_whole(tx, &store, &actor, &cases.collect()).await?)
}

/// Tells those who may see a case that whoever answers may not: each once, and without a name.
async fn tell(
    tx: &mut Tx,
    cases: &[Concerning],
    seen: &BTreeSet<CaseId>,
) -> Result<(), AccessError> {
    let routed = cases.iter().filter(|case| !seen.contains(&case.id));
    let readers = routed.flat_map(|case| case.readers.iter().take(TOLD));
    for reader in readers.collect::<BTreeSet<_>>() {
        let message = Message {
            subject: "Somebody asks for what is held about them".to_owned(),
            body: "Some of it is for you to decide, because it is from a case that not everybody may see. \
                   If you do nothing, it is not given."
                .to_owned(),
            link: Some(Link {
                text: "See what is for you to decide".to_owned(),
                path: "/subject-access/routed".to_owned(),
            }),
            urgent: false,
            confidential: true,
        };
        messages::send(tx, reader, &message).await?;
    }
    Ok(())
}

/// Removes packages whose time is over. Their hash stays with the collection.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Clear {}

impl Job for Clear {
    const KIND: &'static str = "subject-access.clear";
    const TITLE: &'static str = "Remove packages of one's own data whose time is over";
    type With = ();

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
        clear(context.store(), context.trust()).await?;
        Ok(())
    }
}

/// Removes the content of packages whose time is over; gives how many pieces went.
pub(super) async fn clear(store: &Store, trust: &TrustId) -> Result<u64, StoreError> {
    let mut tx = store.begin(trust).await?;
    let now = tx.now();
    let gone = tx
        .execute(
            "DELETE FROM access_piece WHERE trust = $1 AND package IN \
               (SELECT id FROM access_package WHERE trust = $1 AND until_at <= $2)",
            values![now],
        )
        .await?;
    tx.commit_unrecorded().await?;
    Ok(gone)
}
