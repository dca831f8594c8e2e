//! Carrying an import out: everything that is slow first, then all of it in one short transaction.

use serde_json::{Value as Json, json};

use super::import::{By, Import, ImportId, State, find, key_of};
use super::plan::Happening;
use super::rows::Rows;
use super::stage::{self, Kept};
use super::{RosterError, parts};
use crate::authority::{Action, Actor, Denied, Place};
use crate::ledger::{Change, Coming, prepare, record_event, record_prepared};
use crate::store::{Query, Store, StoreError, TrustId, Tx, Value};
use crate::values;

/// The name of the event that a change is.
fn event(record_kind: &str, happening: Happening) -> Option<&'static str> {
    Some(match (record_kind, happening) {
        (_, Happening::Link) => return None,
        ("school", _) => "school.added",
        ("person", Happening::Add) => "person.added",
        ("person", Happening::Change) => "person.changed",
        ("person", Happening::End) => "person.ended",
        ("person", Happening::Return) => "person.stays",
        ("pupil", Happening::Add) => "pupil.added",
        ("pupil", Happening::Change) => "pupil.changed",
        ("pupil", Happening::End) => "pupil.left",
        ("pupil", Happening::Return) => "pupil.stays",
        (_, Happening::Add) => "guardian.added",
        (_, Happening::End) => "guardian.removed",
        (_, _) => "guardian.changed",
    })
}

pub(super) fn kind_of(record_kind: &str) -> &'static str {
    match record_kind {
        "school" => "school",
        "person" => "person",
        "pupil" => "pupil",
        _ => "guardian",
    }
}

/// Says that an import is to be carried out, and who says so. False where it is not ready (any more).
pub async fn confirm(tx: &mut Tx, actor: &Actor, id: &ImportId) -> Result<bool, RosterError> {
    let Some(mut import) = find(tx, id).await? else {
        return Ok(false);
    };
    if adds_schools(tx, id).await? && !may_add_schools(actor) {
        return Err(Denied.into());
    }
    import.detail.refused = None;
    import.detail.by = Some(By::of(actor, Action::ImportRoster));
    let moved = Import::step(tx, id, State::Ready, State::Applying).await?;
    if moved {
        Import::keep(tx, id, &import.detail).await?;
    }
    Ok(moved)
}

/// Whether an import would add schools to the trust.
pub async fn adds_schools(query: &mut impl Query, id: &ImportId) -> Result<bool, StoreError> {
    let schools = query
        .count(
            "SELECT COUNT(*) AS n FROM roster_change \
             WHERE trust = $1 AND import = $2 AND record_kind = 'school'",
            values![id],
        )
        .await?;
    Ok(schools > 0)
}

/// Whether somebody may add schools by an import: who may add one by hand, at the whole trust.
#[must_use]
pub fn may_add_schools(actor: &Actor) -> bool {
    actor.may(Action::ManageSchools, Place::Trust)
}

/// Carries a confirmed import out. May be run again: it happens once. Where something that it
/// would change was changed since the preview, it waits for a new preview instead.
pub async fn apply(store: &Store, trust: &TrustId, id: &ImportId) -> Result<(), RosterError> {
    let import = find(&mut store.read(trust), id).await?;
    let Some(import) = import.filter(|import| import.state == State::Applying) else {
        return Ok(());
    };
    match carry_out(store, trust, &import).await {
        Ok(()) => {
            let mut tx = store.begin(trust).await?;
            tx.destroy_record_key(&key_of(id)).await?;
            tx.commit_unrecorded().await?;
            parts::sweep(store, trust).await?;
            Ok(())
        }
        Err(RosterError::Refused(why)) => back(store, trust, import, State::Waiting, why).await,
        Err(RosterError::Store(StoreError::Taken(_))) => {
            let why = "Two people would have had the same e-mail address, or two schools the same URN. Mend the roster and import it again.";
            back(store, trust, import, State::Ready, why.to_owned()).await
        }
        Err(other) => Err(other),
    }
}

async fn back(
    store: &Store,
    trust: &TrustId,
    mut import: Import,
    to: State,
    why: String,
) -> Result<(), RosterError> {
    import.detail.refused = Some(why);
    let mut tx = store.begin(trust).await?;
    if Import::step(&mut tx, &import.id, State::Applying, to).await? {
        Import::keep(&mut tx, &import.id, &import.detail).await?;
    }
    tx.execute(
        "DELETE FROM roster_link WHERE trust = $1 AND import = $2",
        values![&import.id],
    )
    .await?;
    tx.commit_unrecorded().await?;
    match to {
        State::Waiting => stage::stage(store, trust, &import.id).await,
        _ => Ok(()),
    }
}

async fn carry_out(store: &Store, trust: &TrustId, import: &Import) -> Result<(), RosterError> {
    let id = &import.id;
    let by = import.detail.by.clone().ok_or(RosterError::Gone)?;
    let actor = by.actor(trust);
    let changes = stage::to_carry_out(store, trust, id).await?;
    let summary = summary(import, &changes);
    let mut links = Vec::new();
    let mut coming = Vec::new();
    for change in changes {
        if let Some(external_id) = &change.external_id {
            links.push(values![
                kind_of(&change.record_kind),
                external_id,
                &change.record,
                id
            ]);
        }
        let Some(kind) = event(&change.record_kind, change.happening) else {
            continue;
        };
        coming.push(Coming {
            kind,
            record_kind: kind_of(&change.record_kind),
            record: change.record,
            before: change.content.before,
            after: change.content.after,
        });
    }
    let events = i64::try_from(coming.len()).unwrap_or(i64::MAX);
    let prepared = prepare(store, trust, coming).await?;
    let rows = Rows::of(store, trust, &prepared)?;
    keep_links(store, trust, id, links).await?;
    let action = Some(Action::ImportRoster);
    let prepared = prepared.sealed_ahead(store, trust, &actor, action).await?;

    // From here to the commit others who write wait: no more than must be is done.
    let mut tx = store.begin(trust).await?;
    lock(&mut tx).await?;
    if !Import::step(&mut tx, id, State::Applying, State::Applied).await? {
        return Ok(());
    }
    if changed_since(&mut tx, import).await? {
        return Err(RosterError::Refused(
            "Somebody changed records that this import changes too, so it was compared again. Look at the preview once more, then confirm.".to_owned(),
        ));
    }
    tx.execute(
        "DELETE FROM guardian_of WHERE trust = $1 AND guardian IN ( \
           SELECT record FROM roster_change WHERE trust = $1 AND import = $2 \
             AND record_kind = 'guardian')",
        values![id],
    )
    .await?;
    tx.execute(
        "DELETE FROM guardian WHERE trust = $1 AND id IN ( \
           SELECT record FROM roster_change WHERE trust = $1 AND import = $2 \
             AND record_kind = 'guardian' AND change = 'end')",
        values![id],
    )
    .await?;
    tx.make_room().await?;
    rows.write(&mut tx).await?;
    let first = record_prepared(&mut tx, &actor, action, prepared).await?;
    record_event(
        &mut tx,
        &actor,
        action,
        imported("roster.imported", id, summary),
    )
    .await?;
    tx.execute(
        "UPDATE roster_import SET first_event = $3, events = $4 WHERE trust = $1 AND id = $2",
        values![id, first, events],
    )
    .await?;
    // Who has left is signed out.
    tx.execute(
        "DELETE FROM session WHERE trust = $1 AND person IN ( \
           SELECT record FROM roster_change WHERE trust = $1 AND import = $2 \
             AND record_kind = 'person' AND change = 'end' AND (merge IS NULL OR merge = 'same'))",
        values![id],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps the ids by which the roster knows its records, some thousands at a time. They count once the import
/// is carried out.
async fn keep_links(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    links: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    let mut tx = store.begin(trust).await?;
    tx.execute(
        "DELETE FROM roster_link WHERE trust = $1 AND import IN ( \
           SELECT id FROM roster_import WHERE trust = $1 AND state NOT IN ('applied', 'undoing'))",
        values![],
    )
    .await?;
    tx.commit_unrecorded().await?;
    let total = links.len();
    let mut links = links.into_iter().enumerate().peekable();
    while let Some(&(done, _)) = links.peek() {
        let some = links.by_ref().take(parts::AT_ONCE);
        let some = some.map(|(_, link)| link).collect();
        let mut tx = store.begin(trust).await?;
        tx.insert_all(
            "INSERT INTO roster_link (trust, record_kind, external_id, record, import)",
            "ON CONFLICT (trust, record_kind, external_id) DO NOTHING",
            some,
        )
        .await?;
        Import::progress(&mut tx, id, done, total).await?;
        tx.commit_unrecorded().await?;
    }
    Ok(())
}

/// The event about the import itself.
pub(super) fn imported<'a>(kind: &'static str, id: &'a ImportId, after: Json) -> Change<'a> {
    Change {
        kind,
        record_kind: "roster_import",
        record: id.as_str(),
        before: None,
        after: Some(after),
    }
}

fn summary(import: &Import, changes: &[Kept]) -> Json {
    let count = |happening: Happening| {
        changes
            .iter()
            .filter(|change| change.happening == happening)
            .count()
    };
    json!({
        "source": import.source,
        "files": import.files,
        "mode": import.mode,
        "added": count(Happening::Add),
        "changed": count(Happening::Change),
        "ended": count(Happening::End),
        "returned": count(Happening::Return),
    })
}

/// Changes of people are made one after the other.
pub(super) async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    tx.locked(
        "SELECT trust FROM trust WHERE trust = $1",
        "SELECT trust FROM trust WHERE trust = $1 FOR NO KEY UPDATE",
        values![],
    )
    .await?;
    Ok(())
}

async fn changed_since(tx: &mut Tx, import: &Import) -> Result<bool, StoreError> {
    let changed = tx
        .count(
            "SELECT COUNT(*) AS n FROM ledger_event e WHERE e.trust = $1 AND e.seq >= $3 \
               AND (e.kind LIKE 'person.%' OR e.kind LIKE 'role.%' OR e.kind LIKE 'pupil.%' \
                 OR e.kind LIKE 'guardian.%' OR e.kind LIKE 'school.%') AND e.kind NOT LIKE '%-read' \
               AND EXISTS (SELECT 1 FROM roster_change c WHERE c.trust = $1 AND c.import = $2 \
                 AND c.record = e.record AND c.record_kind = e.record_kind)",
            values![&import.id, import.seen_size],
        )
        .await?;
    Ok(changed > 0)
}
