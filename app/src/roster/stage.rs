//! Comparing what was handed in with what is here, and keeping the changes for the preview.

use std::collections::HashMap;

use jiff::civil::Date;

use super::import::{Import, ImportId, State, find, key_of};
use super::plan::{self, Asked, BY_NAME, Content, Happening, Here, LiveSchool, Merge, Planned};
use super::{RosterError, parts};
use crate::people::{self, Person};
use crate::protection::{RecordKey, Sealed, place};
use crate::pupils;
use crate::schools;
use crate::store::{PersonId, Query, Row, Store, StoreError, TrustId, Value};
use crate::values;

/// People read at once.
const READ_AT_ONCE: u32 = 5_000;

/// Makes the preview of an import that waits for one. May be run again, and then begins anew.
pub async fn stage(store: &Store, trust: &TrustId, id: &ImportId) -> Result<(), RosterError> {
    let import = find(&mut store.read(trust), id).await?;
    let Some(mut import) = import.filter(|import| import.state == State::Waiting) else {
        return Ok(());
    };
    forget(store, trust, id).await?;
    let seen_size = ledger_size(store, trust).await?;
    let roster = parts::kept_roster(store, trust, id).await?;
    let here = here(store, trust).await?;
    let (mode, at) = (import.mode, store.clone());
    let planned = tokio::task::spawn_blocking(move || plan::plan(&at, mode, here, roster));
    let planned = planned.await.map_err(|_| RosterError::Stopped)??;
    import.detail.notes = planned.notes;
    import.detail.errors = planned.errors;
    import.detail.more_errors = planned.more_errors;
    let refused = !import.detail.errors.is_empty();
    if !refused {
        keep(store, trust, id, planned.changes).await?;
    }
    let mut tx = store.begin(trust).await?;
    let to = if refused {
        State::Refused
    } else {
        State::Ready
    };
    if Import::step(&mut tx, id, State::Waiting, to).await? {
        Import::keep(&mut tx, id, &import.detail).await?;
        tx.execute(
            "UPDATE roster_import SET seen_size = $3 WHERE trust = $1 AND id = $2",
            values![id, seen_size],
        )
        .await?;
    }
    tx.commit_unrecorded().await?;
    Ok(())
}

/// Takes away the changes of an earlier preview.
async fn forget(store: &Store, trust: &TrustId, id: &ImportId) -> Result<(), StoreError> {
    loop {
        let mut tx = store.begin(trust).await?;
        let gone = tx
            .execute(
                "DELETE FROM roster_change WHERE trust = $1 AND import = $2 AND number IN ( \
                   SELECT number FROM roster_change WHERE trust = $1 AND import = $2 LIMIT 5000)",
                values![id],
            )
            .await?;
        tx.commit_unrecorded().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

async fn ledger_size(store: &Store, trust: &TrustId) -> Result<i64, StoreError> {
    let row = store
        .read(trust)
        .first("SELECT size FROM ledger_head WHERE trust = $1", values![])
        .await?;
    row.map_or(Ok(0), |row| row.get("size"))
}

/// The schools of the trust.
pub(super) async fn schools_here(query: &mut impl Query) -> Result<Vec<LiveSchool>, StoreError> {
    let rows = query
        .all(
            "SELECT id, name, urn, dfe_number, closed_on FROM school WHERE trust = $1 \
             ORDER BY name, id",
            values![],
        )
        .await?;
    let school = |row: &Row| {
        Ok(LiveSchool {
            id: row.get("id")?,
            name: row.get("name")?,
            urn: row.get("urn")?,
            dfe_number: row.get("dfe_number")?,
            closed: row.get::<Option<Date>>("closed_on")?.is_some(),
        })
    };
    rows.iter().map(school).collect()
}

/// Everything that a roster is compared with.
async fn here(store: &Store, trust: &TrustId) -> Result<Here, RosterError> {
    let mut reader = store.read(trust);
    let schools = schools_here(&mut reader).await?;
    let links = reader
        .all(
            "SELECT l.record_kind, l.external_id, l.record FROM roster_link l \
             JOIN roster_import i ON i.trust = l.trust AND i.id = l.import \
             WHERE l.trust = $1 AND i.state IN ('applied', 'undoing')",
            values![],
        )
        .await?;
    let link = |row: &Row| {
        let key = (row.get("record_kind")?, row.get("external_id")?);
        Ok((key, row.get("record")?))
    };
    let links = links
        .iter()
        .map(link)
        .collect::<Result<HashMap<_, _>, StoreError>>()?;
    let answers = reader
        .all(
            "SELECT external_id, record, same FROM roster_same WHERE trust = $1",
            values![],
        )
        .await?;
    let answer = |row: &Row| {
        let key = (row.get("external_id")?, row.get("record")?);
        Ok((key, row.get("same")?))
    };
    let answers = answers.iter().map(answer);
    Ok(Here {
        nation: schools::trust(&mut reader).await?.settings.nation,
        schools,
        links,
        answers: answers.collect::<Result<_, StoreError>>()?,
        people: people_here(store, trust).await?,
        pupils: pupils::all(store, trust).await?,
        guardians: pupils::all_guardians(store, trust).await?,
    })
}

async fn people_here(store: &Store, trust: &TrustId) -> Result<Vec<Person>, RosterError> {
    let mut reader = store.read(trust);
    let mut all = Vec::new();
    let mut after: Option<PersonId> = None;
    loop {
        let states = people::states(&mut reader, after.as_ref(), READ_AT_ONCE).await?;
        let Some((last, _)) = states.last() else {
            return Ok(all);
        };
        after = Some(last.clone());
        for (_, state) in states {
            all.push(serde_json::from_value(state)?);
        }
    }
}

/// Keeps the changes, some thousands at a time.
async fn keep(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    changes: Vec<Planned>,
) -> Result<(), RosterError> {
    let total = changes.len();
    let key = {
        let mut tx = store.begin(trust).await?;
        let key = tx.record_key(&key_of(id)).await?;
        tx.commit_unrecorded().await?;
        key
    };
    let mut numbered = changes.into_iter().enumerate().peekable();
    while let Some(&(done, _)) = numbered.peek() {
        let chunk = numbered.by_ref().take(parts::AT_ONCE);
        let rows = chunk
            .map(|(number, change)| row(store, trust, id, &key, number, change))
            .collect::<Result<Vec<_>, RosterError>>()?;
        let mut tx = store.begin(trust).await?;
        tx.insert_all(
            "INSERT INTO roster_change (trust, import, number, record_kind, record, change, \
               external_id, merge, asked, instead_of, content)",
            "",
            rows,
        )
        .await?;
        Import::progress(&mut tx, id, done, total).await?;
        tx.commit_unrecorded().await?;
    }
    Ok(())
}

fn content_place(trust: &TrustId, id: &ImportId, number: i64) -> String {
    place(
        "roster_change",
        "content",
        trust.as_str(),
        &format!("{id}/{number}"),
    )
}

fn row(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    key: &RecordKey,
    number: usize,
    change: Planned,
) -> Result<Vec<Value>, RosterError> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let plain = serde_json::to_vec(&change.content)?;
    let sealed = key.seal(
        &content_place(trust, id, number),
        &plain,
        store.randomness(),
    )?;
    Ok(values![
        id,
        number,
        change.record_kind,
        change.record,
        change.happening,
        change.external_id,
        change.merge.map(Merge::name),
        change.asked.map(Asked::name),
        change.asked.and_then(Asked::instead_of),
        sealed.0
    ])
}

/// A change as it was kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) number: i64,
    pub(super) record_kind: String,
    pub(super) record: String,
    pub(super) happening: Happening,
    pub(super) external_id: Option<String>,
    pub(super) merge: Option<Merge>,
    /// Whether a person is asked, because they were matched by name.
    pub(super) by_name: bool,
    pub(super) content: Content,
}

macro_rules! changes {
    ($which:literal) => {
        concat!(
            "SELECT number, record_kind, record, change, external_id, merge, asked, content \
             FROM roster_change WHERE trust = $1 AND import = $2 ",
            $which
        )
    };
}

/// The changes that are to be carried out.
pub(super) async fn to_carry_out(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
) -> Result<Vec<Kept>, RosterError> {
    let rows = store
        .read(trust)
        .all(
            changes!("AND (merge IS NULL OR merge = 'same') ORDER BY number"),
            values![id],
        )
        .await?;
    opened(store, trust, id, &rows).await
}

/// A page of the changes of one kind; of those about whom a person is asked where `merges` is set.
pub(super) async fn listed(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    (record_kind, happening, merges): (&str, &str, bool),
    (from, limit): (u32, u32),
) -> Result<Vec<Kept>, RosterError> {
    let rows = store
        .read(trust)
        .all(
            changes!(
                "AND record_kind = $3 AND ($4 = '' OR change = $4) \
                 AND ($5 = 0 OR asked IS NOT NULL) ORDER BY number LIMIT $6 OFFSET $7"
            ),
            values![
                id,
                record_kind,
                happening,
                merges,
                i64::from(limit),
                i64::from(from)
            ],
        )
        .await?;
    opened(store, trust, id, &rows).await
}

async fn opened(
    store: &Store,
    trust: &TrustId,
    id: &ImportId,
    rows: &[Row],
) -> Result<Vec<Kept>, RosterError> {
    let key = parts::key(store, trust, id).await?;
    let open = |row: &Row| -> Result<Kept, RosterError> {
        let number: i64 = row.get("number")?;
        let sealed = Sealed(row.get("content")?);
        let plain = key.open(&content_place(trust, id, number), &sealed)?;
        Ok(Kept {
            number,
            record_kind: row.get("record_kind")?,
            record: row.get("record")?,
            happening: row.get("change")?,
            external_id: row.get("external_id")?,
            merge: row.get("merge")?,
            by_name: row.get::<Option<String>>("asked")?.as_deref() == Some(BY_NAME),
            content: serde_json::from_slice(&plain)?,
        })
    };
    rows.iter().map(open).collect()
}

/// How many changes of each kind there are; those left out are not counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts(pub(super) Vec<(String, Happening, u64)>);

impl Counts {
    /// How many of a kind.
    #[must_use]
    pub fn of(&self, record_kind: &str, happening: Happening) -> u64 {
        let found = self
            .0
            .iter()
            .find(|(kind, what, _)| kind == record_kind && *what == happening);
        found.map_or(0, |(_, _, n)| *n)
    }

    /// All together.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.0.iter().map(|(_, _, n)| n).sum()
    }
}

/// How many changes there are.
pub async fn counts(store: &Store, trust: &TrustId, id: &ImportId) -> Result<Counts, StoreError> {
    let rows = store
        .read(trust)
        .all(
            "SELECT record_kind, change, CAST(COUNT(*) AS BIGINT) AS n FROM roster_change \
             WHERE trust = $1 AND import = $2 AND (merge IS NULL OR merge = 'same') \
             GROUP BY record_kind, change ORDER BY record_kind, change",
            values![id],
        )
        .await?;
    let count = |row: &Row| Ok((row.get("record_kind")?, row.get("change")?, row.get("n")?));
    let counts = rows.iter().map(count).collect::<Result<_, StoreError>>()?;
    Ok(Counts(counts))
}
