//! The pictures of a post, each with what is said of it to those who cannot see it. The files are attachments of its case.

use serde::Serialize;
use serde_json::Value as Json;

use super::sending::CopyPicture;
use super::{PostError, faces, sealing};
use crate::attachments::{AttachmentId, Attachments, Owner, Received};
use crate::authority::{Action, Actor};
use crate::cases::{Case, CaseId};
use crate::ledger::{LedgerError, Record, record};
use crate::store::{Query, Row, Store, StoreError, TrustId, Tx, ids};
use crate::values;

ids! {
    /// A picture of a post.
    PictureId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// A picture of a post.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Picture {
    pub(crate) id: PictureId,
    pub(crate) case: CaseId,
    pub(crate) attachment: AttachmentId,
    /// Where it stands among the others.
    pub(crate) place: i64,
    /// The SHA-256 of the file, in hexadecimal.
    pub(crate) hash: String,
    /// What is said of it to those who cannot see it.
    pub(crate) alt: String,
}

impl Record for Picture {
    const KIND: &'static str = "post_picture";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Pictures; what follows says which.
macro_rules! pictures {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, attachment, place, hash, alt FROM post_picture WHERE trust = $1 AND ",
            $which
        )
    };
}

async fn read(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    row: &Row,
) -> Result<Picture, PostError> {
    let (id, case): (PictureId, CaseId) = (row.get("id")?, row.get("case_id")?);
    let place = sealing::at(trust, Picture::KIND, "alt", id.as_str());
    let sealed: Vec<u8> = row.get("alt")?;
    let alt = sealing::open(query, (store, trust), &case, &place, &sealed).await?;
    Ok(Picture {
        id,
        case,
        attachment: row.get("attachment")?,
        place: row.get("place")?,
        hash: row.get("hash")?,
        alt: String::from_utf8(alt.unwrap_or_default()).map_err(|_| Row::unreadable("alt"))?,
    })
}

/// The pictures of a post, in their order.
pub(crate) async fn of_post(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<Vec<Picture>, PostError> {
    let rows = query
        .all(pictures!("case_id = $2 ORDER BY place, id"), values![case])
        .await?;
    let mut pictures = Vec::new();
    for row in &rows {
        pictures.push(read(query, (store, trust), row).await?);
    }
    Ok(pictures)
}

/// The pictures as they go out.
pub(super) fn copied(pictures: &[Picture]) -> Vec<CopyPicture> {
    let one = |picture: &Picture| CopyPicture {
        file: picture.attachment.to_string(),
        hash: picture.hash.clone(),
        alt: picture.alt.clone(),
    };
    pictures.iter().map(one).collect()
}

/// Puts a picture behind those that a post has.
pub(super) async fn add(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    case: &CaseId,
    (file, alt): (Received, &str),
) -> Result<Picture, PostError> {
    let owner = Owner {
        kind: Case::KIND,
        id: case.as_str(),
    };
    let file = files.keep(tx, actor, owner, file).await?;
    let store = tx.store().clone();
    let there = of_post(tx, (&store, &actor.trust), case).await?;
    let place = there.last().map_or(0, |last| last.place) + 1;
    let picture = Picture {
        id: tx.fresh()?,
        case: case.clone(),
        attachment: file.id,
        place,
        hash: file.sha256,
        alt: alt.trim().to_owned(),
    };
    let sealed = sealed_alt(tx, actor, &picture).await?;
    tx.execute(
        "INSERT INTO post_picture (trust, id, case_id, attachment, place, hash, alt) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![&picture.id, &picture.case, &picture.attachment, picture.place, &picture.hash, sealed],
    )
    .await?;
    let event = "post.picture-added";
    record(tx, actor, ACTION, event, None, Some(&picture)).await?;
    Ok(picture)
}

/// Puts another file in the place of a picture's, and forgets the one before.
pub(super) async fn replace(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    (before, file): (&Picture, Received),
) -> Result<(), PostError> {
    let owner = Owner {
        kind: Case::KIND,
        id: before.case.as_str(),
    };
    let file = files.keep(tx, actor, owner, file).await?;
    let after = Picture {
        attachment: file.id,
        hash: file.sha256,
        ..before.clone()
    };
    tx.execute(
        "UPDATE post_picture SET attachment = $3, hash = $4 WHERE trust = $1 AND id = $2",
        values![&after.id, &after.attachment, &after.hash],
    )
    .await?;
    let event = "post.picture-replaced";
    record(tx, actor, ACTION, event, Some(before), Some(&after)).await?;
    files.remove(tx, actor, &before.attachment).await?;
    Ok(())
}

async fn sealed_alt(tx: &mut Tx, actor: &Actor, picture: &Picture) -> Result<Vec<u8>, PostError> {
    let place = sealing::at(&actor.trust, Picture::KIND, "alt", picture.id.as_str());
    sealing::seal(tx, &picture.case, &place, picture.alt.as_bytes()).await
}

/// Says anew what is to be seen on a picture.
pub(super) async fn describe(
    tx: &mut Tx,
    actor: &Actor,
    before: &Picture,
    alt: &str,
) -> Result<(), PostError> {
    let after = Picture {
        alt: alt.trim().to_owned(),
        ..before.clone()
    };
    if after == *before {
        return Ok(());
    }
    let sealed = sealed_alt(tx, actor, &after).await?;
    tx.execute(
        "UPDATE post_picture SET alt = $3 WHERE trust = $1 AND id = $2",
        values![&after.id, sealed],
    )
    .await?;
    let event = "post.picture-described";
    Ok(record(tx, actor, ACTION, event, Some(before), Some(&after)).await?)
}

/// Takes a picture away, with its file.
pub(super) async fn remove(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    picture: &Picture,
) -> Result<(), PostError> {
    faces::remove_of(tx, actor, &picture.id).await?;
    forget(tx, picture.id.as_str()).await?;
    let event = "post.picture-removed";
    record(tx, actor, ACTION, event, Some(picture), None).await?;
    files.remove(tx, actor, &picture.attachment).await?;
    Ok(())
}

/// Forgets a picture: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM post_picture WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, PostError> {
    let sql = pictures!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let mut states = Vec::new();
    for row in &rows {
        let picture = read(query, (store, trust), row).await?;
        let state = serde_json::to_value(&picture).map_err(LedgerError::from)?;
        states.push((picture.id.to_string(), state));
    }
    Ok(states)
}
