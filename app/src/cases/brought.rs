//! Files of evidence: added to a case while it is open, or with a step.

use std::sync::Arc;

use register::life::Sees;

use super::case::{Case, CaseId};
use super::change::{Taking, take};
use super::rules::{self, InForce};
use super::{CaseError, Engine, access, closer, parties, row};
use crate::attachments::{Attachment, AttachmentId, Attachments, Opened, Owner, Received};
use crate::authority::Actor;
use crate::ledger::Record as _;
use crate::store::{Store, Tx};

/// A file that goes with a step: into the answer to a field, or beside the case where none is named.
pub struct Brought {
    /// The field.
    pub field: Option<String>,
    /// The file.
    pub file: Received,
}

/// Adds files to an open case that somebody sees the whole of.
///
/// # Errors
/// [`CaseError::NotFound`] where they do not see it; [`CaseError::Over`] where it is over.
pub async fn add_evidence(
    tx: &mut Tx,
    attachments: &Attachments,
    actor: &Actor,
    id: &CaseId,
    files: Vec<Received>,
) -> Result<Vec<Attachment>, CaseError> {
    row::lock(tx, id).await?;
    let (case, rules) = whole(tx, actor, id).await?;
    let state = rules.register().state(&case.state);
    if state.is_none_or(|state| state.end) {
        return Err(CaseError::Over);
    }
    let mut added = Vec::new();
    for file in files {
        added.push(keep(tx, attachments, actor, id, file).await?);
    }
    Ok(added)
}

/// Takes a step with files: where the step is refused, none of them is kept.
///
/// # Errors
/// As [`take`].
pub async fn take_with_evidence(
    tx: &mut Tx,
    (engine, attachments): (&Engine, &Attachments),
    actor: &Actor,
    id: &CaseId,
    mut taking: Taking,
    files: Vec<Brought>,
) -> Result<Case, CaseError> {
    row::lock(tx, id).await?;
    for brought in files {
        let kept = keep(tx, attachments, actor, id, brought.file).await?;
        if let Some(field) = brought.field {
            let answers = taking.answers.entry(field).or_default();
            answers.push(kept.id.to_string());
        }
    }
    take(tx, engine, actor, id, taking).await
}

async fn keep(
    tx: &mut Tx,
    attachments: &Attachments,
    actor: &Actor,
    id: &CaseId,
    file: Received,
) -> Result<Attachment, CaseError> {
    let owner = Owner {
        kind: Case::KIND,
        id: id.as_str(),
    };
    Ok(attachments.keep(tx, actor, owner, file).await?)
}

/// The files of a case, oldest first, for somebody who sees the whole of it; without those that answer what they may
/// not see.
///
/// # Errors
/// [`CaseError::NotFound`] where they do not.
pub async fn evidence_of(
    store: &Store,
    attachments: &Attachments,
    actor: &Actor,
    id: &CaseId,
) -> Result<Vec<Attachment>, CaseError> {
    let mut tx = store.begin(&actor.trust).await?;
    let (case, rules) = whole(&mut tx, actor, id).await?;
    let kept = closer::kept_files(&mut tx, store, actor, &rules, &case).await?;
    drop(tx);
    let owner = Owner {
        kind: Case::KIND,
        id: id.as_str(),
    };
    let mut files = attachments.of(store, &actor.trust, owner).await?;
    files.retain(|file| !kept.contains(&file.id));
    Ok(files)
}

/// Gives out a file of a case; that they had it is entered in the ledger.
///
/// # Errors
/// [`CaseError::NotFound`] where they do not see the whole of the case, or it has no such file.
pub async fn open_evidence(
    store: &Store,
    attachments: &Attachments,
    actor: &Actor,
    id: &CaseId,
    file: &AttachmentId,
) -> Result<Opened, CaseError> {
    let files = evidence_of(store, attachments, actor, id).await?;
    if !files.iter().any(|of| of.id == *file) {
        return Err(CaseError::NotFound);
    }
    let opened = attachments.open(store, actor, file).await?;
    opened.ok_or(CaseError::NotFound)
}

/// A case, of which somebody is demanded to see the whole, and the rules it runs under.
async fn whole(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<(Case, Arc<InForce>), CaseError> {
    let (store, trust) = (tx.store().clone(), actor.trust.clone());
    let case = row::find(tx, &store, &trust, id)
        .await?
        .ok_or(CaseError::NotFound)?;
    let rules = rules::of_case(tx, &case.rules).await?;
    let today = store.clock().today();
    let who = parties::who(tx, &rules, &case, actor, today).await?;
    let (past, beside) = (case.past(), row::beside(tx, id).await?);
    let listed = access::sees(tx, actor, &case).await?;
    let sees = rules.rules().sees(case.life(&past, &beside), &who);
    if sees.max(listed) != Sees::Whole {
        return Err(CaseError::NotFound);
    }
    Ok((case, rules))
}
