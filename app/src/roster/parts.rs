//! What was handed in, kept sealed in pieces until it is imported: each piece in a short transaction
//! of its own, because SQLite has one writer and others want to write as well.

use roster::{Record, Roster};

use super::RosterError;
use super::import::{ImportId, key_of};
use crate::protection::{RecordKey, Sealed, place};
use crate::store::{Query as _, Row, Store, StoreError, TrustId, record_key};
use crate::values;

/// Rows of one piece.
pub(super) const AT_ONCE: usize = 2_000;

/// Keeps the rows of a roster.
pub(super) async fn keep_roster(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    roster: Roster,
) -> Result<(), RosterError> {
    let mut records = roster.into_records().peekable();
    let mut number = 0;
    while records.peek().is_some() {
        let rows: Vec<Record> = records.by_ref().take(AT_ONCE).collect();
        keep(store, trust, id, number, &serde_json::to_vec(&rows)?).await?;
        number += 1;
    }
    Ok(())
}

/// Takes away the pieces of an import: those of a list, once it is read.
pub(super) async fn forget(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
) -> Result<(), StoreError> {
    let mut tx = store.begin(trust).await?;
    tx.execute(
        "DELETE FROM roster_part WHERE trust = $1 AND import = $2",
        values![id],
    )
    .await?;
    tx.commit_unrecorded().await
}

/// Keeps one piece.
pub(super) async fn keep(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    number: i64,
    plain: &[u8],
) -> Result<(), RosterError> {
    let mut tx = store.begin(trust).await?;
    let key = tx.record_key(&key_of(id)).await?;
    let at = place(
        "roster_part",
        "content",
        trust.as_str(),
        &format!("{id}/{number}"),
    );
    let sealed = key.seal(&at, plain, store.randomness())?;
    tx.execute(
        "INSERT INTO roster_part (trust, import, number, content) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (trust, import, number) DO UPDATE SET content = excluded.content",
        values![id, number, sealed.0],
    )
    .await?;
    tx.commit_unrecorded().await?;
    Ok(())
}

/// The rows of a roster that were kept.
pub(super) async fn kept_roster(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
) -> Result<Roster, RosterError> {
    let mut roster = Roster::default();
    for plain in kept(store, trust, id).await? {
        for record in serde_json::from_slice::<Vec<Record>>(&plain)? {
            match record {
                Record::School(school) => roster.schools.push(school),
                Record::Person(person) => roster.staff.push(person),
                Record::Pupil(pupil) => roster.pupils.push(pupil),
                Record::Guardian(guardian) => roster.guardians.push(guardian),
            }
        }
    }
    Ok(roster)
}

/// The pieces that were kept, in order.
pub(super) async fn kept(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
) -> Result<Vec<Vec<u8>>, RosterError> {
    let mut reader = store.read(trust);
    let key = key(store, trust, id).await?;
    let rows = reader
        .all(
            "SELECT number, content FROM roster_part WHERE trust = $1 AND import = $2 ORDER BY number",
            values![id],
        )
        .await?;
    let open = |row: &Row| -> Result<Vec<u8>, RosterError> {
        let number: i64 = row.get("number")?;
        let at = place(
            "roster_part",
            "content",
            trust.as_str(),
            &format!("{id}/{number}"),
        );
        Ok(key.open(&at, &Sealed(row.get("content")?))?.to_vec())
    };
    rows.iter().map(open).collect()
}

/// The key of an import that is still there.
pub(super) async fn key(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
) -> Result<RecordKey, RosterError> {
    let mut reader = store.read(trust);
    let key = record_key(&mut reader, store, trust, &key_of(id)).await?;
    key.ok_or(RosterError::Gone)
}

/// Takes away what imports that are over have kept, a little at a time: their keys are gone already.
pub(super) async fn sweep(store: &Store, trust: &TrustId) -> Result<(), StoreError> {
    loop {
        let mut tx = store.begin(trust).await?;
        let parts = tx
            .execute(
                "DELETE FROM roster_part WHERE trust = $1 AND (import, number) IN ( \
                   SELECT p.import, p.number FROM roster_part p \
                   JOIN roster_import i ON i.trust = p.trust AND i.id = p.import \
                   WHERE p.trust = $1 AND i.state IN ('applied', 'undoing', 'undone', 'cancelled') \
                   LIMIT 20)",
                values![],
            )
            .await?;
        let changes = tx
            .execute(
                "DELETE FROM roster_change WHERE trust = $1 AND (import, number) IN ( \
                   SELECT c.import, c.number FROM roster_change c \
                   JOIN roster_import i ON i.trust = c.trust AND i.id = c.import \
                   WHERE c.trust = $1 AND i.state IN ('applied', 'undoing', 'undone', 'cancelled') \
                   LIMIT 5000)",
                values![],
            )
            .await?;
        tx.commit_unrecorded().await?;
        if parts + changes == 0 {
            return Ok(());
        }
    }
}
