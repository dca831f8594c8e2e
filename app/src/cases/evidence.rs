//! Files of evidence: kept on a draft as they come in, hashed and timed, and handed over to the case that it opens.

use super::CaseError;
use super::case::{Case, DraftId};
use super::drafts::{self, Draft};
use crate::attachments::{self, Attachment, AttachmentId, Attachments, Owner, Received};
use crate::authority::Actor;
use crate::ledger::Record as _;
use crate::store::{Store, Tx};

fn of_draft(draft: &Draft) -> Owner<'_> {
    Owner {
        kind: drafts::KIND,
        id: draft.id.as_str(),
    }
}

/// The files of a draft, oldest first.
pub(super) async fn files(
    store: &Store,
    files: &Attachments,
    actor: &Actor,
    draft: &Draft,
) -> Result<Vec<Attachment>, CaseError> {
    Ok(files.of(store, &actor.trust, of_draft(draft)).await?)
}

/// Keeps a file that came in as an answer to a field of a draft.
pub(super) async fn keep(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    (id, field): (&DraftId, &str),
    received: Received,
) -> Result<Draft, CaseError> {
    let draft = drafts::taken(tx, actor, id).await?;
    let file = files.keep(tx, actor, of_draft(&draft), received).await?;
    let mut answers = draft.answers.get(field).cloned().unwrap_or_default();
    answers.push(file.id.to_string());
    drafts::answer(tx, actor, id, (field, answers)).await
}

/// Takes a file away from a field of a draft. One that is not there is gone already.
pub(super) async fn remove(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    (id, field): (&DraftId, &str),
    file: &AttachmentId,
) -> Result<Draft, CaseError> {
    let draft = drafts::taken(tx, actor, id).await?;
    let mut answers = draft.answers.get(field).cloned().unwrap_or_default();
    if !answers.iter().any(|answer| answer == file.as_str()) {
        return Ok(draft);
    }
    answers.retain(|answer| answer != file.as_str());
    files.remove(tx, actor, file).await?;
    drafts::answer(tx, actor, id, (field, answers)).await
}

/// Hands the files that the case's answers name over from the draft to the case.
pub(super) async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    draft: &Draft,
    case: &Case,
) -> Result<(), CaseError> {
    let rules = super::rules::of_case(tx, &case.rules).await?;
    let named = case.answers.iter().filter(|(name, _)| {
        let field = rules.register().field(name);
        field.is_some_and(|field| field.kind == register::FieldKind::Evidence)
    });
    let named = named.flat_map(|(_, answers)| answers);
    let named: Vec<AttachmentId> = named.filter_map(|id| id.parse().ok()).collect();
    let to = Owner {
        kind: Case::KIND,
        id: case.id.as_str(),
    };
    attachments::hand_over(tx, actor, &named, (of_draft(draft), to)).await?;
    Ok(())
}

/// Takes all files of a draft away that are still its own.
pub(super) async fn remove_all(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    draft: &Draft,
) -> Result<(), CaseError> {
    for id in attachments::ids_of(tx, of_draft(draft)).await? {
        files.remove(tx, actor, &id).await?;
    }
    Ok(())
}
