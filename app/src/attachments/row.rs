//! What the store keeps of a file.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{AttachmentError, AttachmentId, Owner, Received};
use crate::ledger::{LedgerError, Record};
use crate::protection::{ProtectionError, RecordKey, Sealed, place};
use crate::store::{Query, Row, Store, StoreError, TrustId, Tx, record_key};
use crate::values;

/// A file that belongs to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// The kind of record that it belongs to.
    pub record_kind: String,
    /// The record that it belongs to.
    pub record: String,
    /// Its name, safe to show and to save under.
    pub name: String,
    /// What it is, judged by its bytes.
    pub media_type: String,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// When it came in.
    pub added_at: Timestamp,
}

impl Record for Attachment {
    const KIND: &'static str = "attachment";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What of a row is sealed.
#[derive(Deserialize, Serialize)]
struct Details {
    name: String,
    sha256: String,
    /// The key of the file, sealed once more with the attachment's key.
    key: String,
}

fn details_place(trust: &TrustId, id: &AttachmentId) -> String {
    place("attachment", "details", trust.as_str(), id.as_str())
}

fn key_place(trust: &TrustId, id: &AttachmentId) -> String {
    place("attachment", "key", trust.as_str(), id.as_str())
}

fn record_name(id: &AttachmentId) -> String {
    format!("attachment/{id}")
}

/// Enters a file that was received.
pub(super) async fn insert(
    tx: &mut Tx,
    owner: Owner<'_>,
    received: Received,
) -> Result<Attachment, AttachmentError> {
    let Received {
        id,
        trust,
        name,
        written,
    } = received;
    if tx.trust() != Some(&trust) {
        // Its content is bound to the trust for which it was received.
        return Err(StoreError::Dangling.into());
    }
    let key = tx.record_key(&record_name(&id)).await?;
    let randomness = tx.store().randomness().clone();
    let file_key = key.seal_key(&key_place(&trust, &id), &written.key, &randomness)?;
    let details = Details {
        name,
        sha256: HEXLOWER.encode(&written.sha256),
        key: HEXLOWER.encode(&file_key.0),
    };
    let json = serde_json::to_string(&details).map_err(LedgerError::from)?;
    let sealed = key.seal_text(&details_place(&trust, &id), &json, &randomness)?;
    let added_at =
        Timestamp::from_millisecond(tx.now().as_millisecond()).unwrap_or(Timestamp::UNIX_EPOCH);
    let media_type = written.kind.media_type;
    tx.execute(
        "INSERT INTO attachment \
           (trust, id, record_kind, record, media_type, size_bytes, details, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &id,
            owner.kind,
            owner.id,
            media_type,
            i64::try_from(written.size_bytes).unwrap_or(i64::MAX),
            sealed.0,
            added_at
        ],
    )
    .await?;
    Ok(Attachment {
        id,
        record_kind: owner.kind.to_owned(),
        record: owner.id.to_owned(),
        name: details.name,
        media_type: media_type.to_owned(),
        size_bytes: written.size_bytes,
        sha256: details.sha256,
        added_at,
    })
}

/// The files of a record, oldest first.
pub(super) async fn of(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    owner: Owner<'_>,
) -> Result<Vec<Attachment>, AttachmentError> {
    let rows = query
        .all(
            "SELECT id, record_kind, record, media_type, size_bytes, details, added_at \
             FROM attachment WHERE trust = $1 AND record_kind = $2 AND record = $3 \
             ORDER BY added_at, id",
            values![owner.kind, owner.id],
        )
        .await?;
    let mut attachments = Vec::new();
    for row in rows {
        let id = row.get("id")?;
        let key = record_key(query, store, trust, &record_name(&id)).await?;
        if let Some(key) = key {
            attachments.push(read(&row, trust, id, &key)?.0);
        }
    }
    Ok(attachments)
}

/// One file, with the key of its content. Nothing where there is none, or where it was erased.
pub(super) async fn with_key(
    tx: &mut Tx,
    id: &AttachmentId,
) -> Result<Option<(Attachment, RecordKey)>, AttachmentError> {
    let row = tx
        .first(
            "SELECT id, record_kind, record, media_type, size_bytes, details, added_at \
             FROM attachment WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let (Some(row), Some(trust), store) = (row, tx.trust().cloned(), tx.store().clone()) else {
        return Ok(None);
    };
    let Some(key) = record_key(tx, &store, &trust, &record_name(id)).await? else {
        return Ok(None);
    };
    let (attachment, details) = read(&row, &trust, id.clone(), &key)?;
    let place = key_place(&trust, id);
    let sealed = HEXLOWER.decode(details.key.as_bytes());
    let sealed = sealed.map_err(|_| ProtectionError::UnknownForm {
        place: place.clone(),
    })?;
    Ok(Some((attachment, key.open_key(&place, &Sealed(sealed))?)))
}

/// The states of all attachments after one, in the order of their identifiers, for verifying them against the ledger.
/// One that was erased has none.
pub async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(AttachmentId, Json)>, AttachmentError> {
    let rows = query
        .all(
            "SELECT id, record_kind, record, media_type, size_bytes, details, added_at \
             FROM attachment WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let mut states = Vec::new();
    for row in rows {
        let id: AttachmentId = row.get("id")?;
        if let Some(key) = record_key(query, store, trust, &record_name(&id)).await? {
            let (attachment, _) = read(&row, trust, id.clone(), &key)?;
            states.push((
                id,
                serde_json::to_value(&attachment).map_err(LedgerError::from)?,
            ));
        }
    }
    Ok(states)
}

/// Removes the row of an attachment, as when it is erased; the next sweep removes the file.
pub async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM attachment WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// Gives a file to another record.
pub(super) async fn give(tx: &mut Tx, id: &AttachmentId, to: Owner<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attachment SET record_kind = $3, record = $4 WHERE trust = $1 AND id = $2",
        values![id, to.kind, to.id],
    )
    .await?;
    Ok(())
}

/// The identifiers of a record's files, erased ones included.
pub(crate) async fn ids_of(tx: &mut Tx, owner: Owner<'_>) -> Result<Vec<AttachmentId>, StoreError> {
    let rows = tx
        .all(
            "SELECT id FROM attachment WHERE trust = $1 AND record_kind = $2 AND record = $3 ORDER BY id",
            values![owner.kind, owner.id],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// The record of a kind to which a file belongs; none where it is of another kind, or not there.
pub(crate) async fn belongs_to(
    query: &mut impl Query,
    id: &str,
    kind: &str,
) -> Result<Option<String>, StoreError> {
    let row = query
        .first(
            "SELECT record FROM attachment WHERE trust = $1 AND id = $2 AND record_kind = $3",
            values![id, kind],
        )
        .await?;
    row.map(|row| row.get("record")).transpose()
}

fn read(
    row: &Row,
    trust: &TrustId,
    id: AttachmentId,
    key: &RecordKey,
) -> Result<(Attachment, Details), AttachmentError> {
    let place = details_place(trust, &id);
    let json = key.open_text(&place, &Sealed(row.get("details")?))?;
    let details: Details =
        serde_json::from_str(&json).map_err(|_| ProtectionError::UnknownForm { place })?;
    let attachment = Attachment {
        record_kind: row.get("record_kind")?,
        record: row.get("record")?,
        name: details.name.clone(),
        media_type: row.get("media_type")?,
        size_bytes: row.get("size_bytes")?,
        sha256: details.sha256.clone(),
        added_at: row.get("added_at")?,
        id,
    };
    Ok((attachment, details))
}
