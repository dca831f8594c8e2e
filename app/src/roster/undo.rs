//! Undoing the latest import: what it changed is put back from the ledger, as long as nothing of it
//! has been changed since.

use serde_json::json;

use super::RosterError;
use super::apply::{imported, kind_of, lock};
use super::import::{By, Import, ImportId, State, find};
use super::rows::Rows;
use crate::authority::{Action, Actor};
use crate::ledger::{Coming, Content, prepare, record_event, record_prepared};
use crate::protection::{Sealed, WrappedKey, place};
use crate::store::{Query as _, Row, Store, StoreError, TrustId, Tx};
use crate::values;

/// Why the latest import cannot be undone, or nothing where it can.
pub async fn hindered(
    store: &Store,
    trust: &TrustId,
    import: &Import,
) -> Result<Option<String>, StoreError> {
    let mut reader = store.read(trust);
    let later = reader
        .count(
            "SELECT COUNT(*) AS n FROM roster_import WHERE trust = $1 AND id > $2 \
             AND state IN ('applying', 'applied', 'undoing')",
            values![&import.id],
        )
        .await?;
    let Some((first, events)) = import.made.filter(|_| import.state == State::Applied) else {
        return Ok(Some(
            "It was not carried out, or was undone already.".to_owned(),
        ));
    };
    if later > 0 {
        return Ok(Some(
            "A later import was carried out. Only the latest one can be undone.".to_owned(),
        ));
    }
    let edited = reader
        .count(EDITED, values![first, first.saturating_add(events)])
        .await?;
    Ok((edited > 0).then(|| edits(edited)))
}

fn edits(edited: u64) -> String {
    let (records, they) = match edited {
        1 => ("1 record".to_owned(), "it"),
        n => (format!("{n} records"), "them"),
    };
    format!(
        "After the import, {records} that it changed were changed again. Undoing it would lose what was done to {they}. \
         Import a corrected roster instead."
    )
}

/// Records of the events from `$2` up to `$3` that were changed later.
const EDITED: &str = "SELECT COUNT(DISTINCT e.record) AS n FROM ledger_event e \
     WHERE e.trust = $1 AND e.seq >= $3 \
       AND (e.kind LIKE 'person.%' OR e.kind LIKE 'role.%' OR e.kind LIKE 'pupil.%' \
         OR e.kind LIKE 'guardian.%' OR e.kind LIKE 'school.%') AND e.kind NOT LIKE '%-read' \
       AND EXISTS (SELECT 1 FROM ledger_event i WHERE i.trust = $1 \
         AND i.record_kind = e.record_kind AND i.record = e.record AND i.seq >= $2 AND i.seq < $3)";

/// Says that an import is to be undone, and who says so.
pub async fn ask_to_undo(tx: &mut Tx, actor: &Actor, id: &ImportId) -> Result<bool, RosterError> {
    let Some(mut import) = find(tx, id).await? else {
        return Ok(false);
    };
    import.detail.by = Some(By::of(actor, Action::ImportRoster));
    import.detail.refused = None;
    let moved = Import::step(tx, id, State::Applied, State::Undoing).await?;
    if moved {
        Import::keep(tx, id, &import.detail).await?;
    }
    Ok(moved)
}

/// Undoes an import for which that was asked. May be run again: it happens once.
pub async fn undo(store: &Store, trust: &TrustId, id: &ImportId) -> Result<(), RosterError> {
    let import = find(&mut store.read(trust), id).await?;
    let Some(mut import) = import.filter(|import| import.state == State::Undoing) else {
        return Ok(());
    };
    let refused = match put_back(store, trust, &import).await {
        Ok(()) => return Ok(()),
        Err(RosterError::Refused(why)) => why,
        Err(RosterError::Store(StoreError::Dangling)) => {
            "Something has been recorded about people or schools that the import added, so they cannot be taken \
             away again. End their time by hand instead, and close the schools."
                .to_owned()
        }
        Err(other) => return Err(other),
    };
    import.detail.refused = Some(refused);
    let mut tx = store.begin(trust).await?;
    if Import::step(&mut tx, id, State::Undoing, State::Applied).await? {
        Import::keep(&mut tx, id, &import.detail).await?;
    }
    tx.commit_unrecorded().await?;
    Ok(())
}

async fn put_back(store: &Store, trust: &TrustId, import: &Import) -> Result<(), RosterError> {
    let (first, events) = import.made.ok_or(RosterError::Gone)?;
    let end = first.saturating_add(events);
    let by = import.detail.by.clone().ok_or(RosterError::Gone)?;
    let actor = by.actor(trust);
    let made = made(store, trust, first, end).await?;
    let back = |content: Content| {
        let kind = kind_of(&content.record_kind);
        Coming {
            kind: undone(kind, content.before.is_some()),
            record_kind: kind,
            record: content.record,
            before: content.after,
            after: content.before,
        }
    };
    let coming = made.into_iter().map(back).collect();
    let prepared = prepare(store, trust, coming).await?;
    let rows = Rows::of(store, trust, &prepared)?;
    let action = Some(Action::ImportRoster);
    let prepared = prepared.sealed_ahead(store, trust, &actor, action).await?;

    let mut tx = store.begin(trust).await?;
    lock(&mut tx).await?;
    if !Import::step(&mut tx, &import.id, State::Undoing, State::Undone).await? {
        return Ok(());
    }
    let edited = tx.count(EDITED, values![first, end]).await?;
    if edited > 0 {
        return Err(RosterError::Refused(edits(edited)));
    }
    for sql in TAKE_AWAY {
        tx.execute(sql, values![first, end]).await?;
    }
    tx.make_room().await?;
    rows.write(&mut tx).await?;
    record_prepared(&mut tx, &actor, action, prepared).await?;
    let summary = json!({ "source": import.source, "files": import.files });
    record_event(
        &mut tx,
        &actor,
        action,
        imported("roster.undone", &import.id, summary),
    )
    .await?;
    tx.commit().await?;
    // They count no more since the import is undone.
    let mut tx = store.begin(trust).await?;
    tx.execute(
        "DELETE FROM roster_link WHERE trust = $1 AND import = $2",
        values![&import.id],
    )
    .await?;
    tx.commit_unrecorded().await?;
    Ok(())
}

fn undone(record_kind: &str, was_there: bool) -> &'static str {
    match (record_kind, was_there) {
        ("school", _) => "school.removed",
        ("person", true) => "person.changed",
        ("person", false) => "person.removed",
        ("pupil", true) => "pupil.changed",
        ("pupil", false) => "pupil.removed",
        (_, true) => "guardian.changed",
        (_, false) => "guardian.removed",
    }
}

/// Takes away what the events from `$2` up to `$3` added, and what is written anew after that.
const TAKE_AWAY: [&str; 7] = [
    "DELETE FROM roster_same WHERE trust = $1 AND record IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND kind = 'person.added')",
    "DELETE FROM held_role WHERE trust = $1 AND person IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND record_kind = 'person')",
    "DELETE FROM person WHERE trust = $1 AND id IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND kind = 'person.added')",
    "DELETE FROM guardian_of WHERE trust = $1 AND guardian IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND record_kind = 'guardian')",
    "DELETE FROM guardian WHERE trust = $1 AND id IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND kind = 'guardian.added')",
    "DELETE FROM pupil WHERE trust = $1 AND id IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND kind = 'pupil.added')",
    "DELETE FROM school WHERE trust = $1 AND id IN (SELECT record FROM ledger_event \
     WHERE trust = $1 AND seq >= $2 AND seq < $3 AND kind = 'school.added')",
];

/// What the events of an import say, oldest first.
async fn made(
    store: &Store,
    trust: &TrustId,
    first: i64,
    end: i64,
) -> Result<Vec<Content>, RosterError> {
    let rows = store
        .read(trust)
        .all(
            "SELECT e.seq, e.record_kind, e.record, e.content, k.wrapped FROM ledger_event e \
             LEFT JOIN record_key k \
               ON k.trust = e.trust AND k.record = e.record_kind || '/' || e.record \
             WHERE e.trust = $1 AND e.seq >= $2 AND e.seq < $3 ORDER BY e.seq",
            values![first, end],
        )
        .await?;
    let open = |row: &Row| -> Result<Content, RosterError> {
        let erased = || {
            RosterError::Refused(
                "Records that the import changed were erased since, so it cannot be undone."
                    .to_owned(),
            )
        };
        let seq: i64 = row.get("seq")?;
        let record: String = row.get("record")?;
        let kind: String = row.get("record_kind")?;
        let key = row.get::<Option<Vec<u8>>>("wrapped")?.ok_or_else(erased)?;
        let content = row.get::<Option<Vec<u8>>>("content")?.ok_or_else(erased)?;
        let at = place(
            "record_key",
            "wrapped",
            trust.as_str(),
            &format!("{kind}/{record}"),
        );
        let key = store
            .keyring()
            .unwrap(&WrappedKey::from_bytes(key, &at)?, &at)?;
        let at = place("ledger_event", "content", trust.as_str(), &seq.to_string());
        Ok(serde_json::from_slice(&key.open(&at, &Sealed(content))?)?)
    };
    rows.iter().map(open).collect()
}
