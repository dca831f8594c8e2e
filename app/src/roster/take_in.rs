//! Taking in what was handed in: a roster of a standard format at once, a list once its columns are
//! mapped.

use roster::{Files, Format, Kind, Mapping, Peek, Roster, Source, detect, peek};
use serde::{Deserialize, Serialize};

use super::RosterError;
use super::import::{Detail, Import, ImportId, Mode, State, find};
use super::parts;
use crate::authority::{Action, Denied, Permit, Place};
use crate::store::{Query as _, Store, Tx};
use crate::values;

/// What was handed in.
#[derive(Debug)]
pub enum Taken {
    /// A roster that is ready to be compared.
    Roster(ImportId),
    /// A list: its columns are to be mapped.
    List(ImportId),
}

/// Leave to import for the whole trust: a roster speaks of all its schools.
pub(super) fn demand(permit: &Permit) -> Result<(), Denied> {
    permit.at(Place::Trust)?;
    (permit.action() == Action::ImportRoster)
        .then_some(())
        .ok_or(Denied)
}

/// Who compares and carries out what is taken in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Work {
    /// The queue, as soon as it can.
    Queued,
    /// Whoever takes it in.
    ByHand,
}

/// Takes files in. Those of a standard format are read at once: only what they mean is kept, and
/// never a password.
pub async fn take_in(
    store: &Store,
    permit: &Permit,
    files: Files,
    (mode, work): (Mode, Work),
    format: Option<Format>,
) -> Result<Taken, RosterError> {
    demand(permit)?;
    let names: Vec<&str> = files.names().collect();
    let names = names.join(", ");
    let format = format.unwrap_or_else(|| detect(&files));
    let source = match format {
        Format::OneRoster => Source::OneRoster,
        Format::SchoolDataSync => Source::SchoolDataSync(roster::DateOrder::DayFirst),
        Format::Mapped => return take_list(store, permit, files, &names, mode).await,
    };
    let read = tokio::task::spawn_blocking(move || roster::read(&files, &source));
    let roster = read.await.map_err(|_| RosterError::Stopped)??;
    let words = match format {
        Format::OneRoster => "OneRoster",
        _ => "School Data Sync",
    };
    let begun = (words, names.as_str(), mode);
    let id = Import::begin(
        store,
        permit.actor(),
        begun,
        Detail::default(),
        State::Mapping,
    )
    .await?;
    compare(store, permit, &id, roster, work).await?;
    Ok(Taken::Roster(id))
}

/// Keeps a roster and has it compared.
async fn compare(
    store: &Store,
    permit: &Permit,
    id: &ImportId,
    roster: Roster,
    work: Work,
) -> Result<(), RosterError> {
    let trust = &permit.actor().trust;
    parts::forget(store, trust, id).await?;
    parts::keep_roster(store, trust, id, roster).await?;
    let mut tx = store.begin(trust).await?;
    if Import::step(&mut tx, id, State::Mapping, State::Waiting).await? && work == Work::Queued {
        super::jobs::queue_stage(&mut tx, id).await?;
    }
    tx.commit_unrecorded().await?;
    Ok(())
}

async fn take_list(
    store: &Store,
    permit: &Permit,
    files: Files,
    names: &str,
    mode: Mode,
) -> Result<Taken, RosterError> {
    let head = peek(&files, 0)?;
    let kind = Kind::guess(&head.headers);
    let mapping = remembered(store, permit, kind, &head).await?;
    let detail = Detail {
        mapping: Some(mapping),
        ..Detail::default()
    };
    let begun = ("A list", names, mode);
    let id = Import::begin(store, permit.actor(), begun, detail, State::Mapping).await?;
    for (number, (name, bytes)) in files.into_contents().enumerate() {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let plain = [name.as_bytes(), b"\n", &bytes].concat();
        parts::keep(store, &permit.actor().trust, &id, number, &plain).await?;
    }
    Ok(Taken::List(id))
}

/// What is kept of the last list of a kind.
#[derive(Serialize, Deserialize)]
struct Remembered {
    #[serde(flatten)]
    mapping: Mapping,
    /// The headers that list had, so that a column which was left aside is told from one that is new.
    #[serde(default)]
    headers: Vec<String>,
}

/// The mapping that was used for such a list the last time, with a guess for what is new in this one.
pub async fn remembered(
    store: &Store,
    permit: &Permit,
    kind: Kind,
    head: &Peek,
) -> Result<Mapping, RosterError> {
    let row = store
        .read(&permit.actor().trust)
        .first(
            "SELECT mapping FROM roster_mapping WHERE trust = $1 AND kind = $2",
            values![kind_name(kind)],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Mapping::guess(kind, &head.headers));
    };
    let last: Remembered = serde_json::from_str(&row.get::<String>("mapping")?)?;
    Ok(last.mapping.carried_to(&last.headers, &head.headers))
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Staff => "staff",
        Kind::Pupils => "pupils",
        Kind::Parents => "parents",
    }
}

/// The files of a list that waits for its mapping.
pub async fn files_of(store: &Store, permit: &Permit, id: &ImportId) -> Result<Files, RosterError> {
    let mut files = Files::new();
    for plain in parts::kept(store, &permit.actor().trust, id).await? {
        let mut halves = plain.splitn(2, |byte| *byte == b'\n');
        let name = String::from_utf8_lossy(halves.next().unwrap_or_default()).into_owned();
        let bytes = halves.next().unwrap_or_default().to_vec();
        files
            .add(&name, bytes)
            .map_err(roster::RosterErrors::from)?;
    }
    Ok(files)
}

/// Reads a list by a mapping, remembers the mapping, and has the list compared.
pub async fn map(
    store: &Store,
    permit: &Permit,
    id: &ImportId,
    mapping: Mapping,
    work: Work,
) -> Result<(), RosterError> {
    demand(permit)?;
    let trust = &permit.actor().trust;
    let import = find(&mut store.read(trust), id).await?;
    let Some(mut import) = import.filter(|import| import.state == State::Mapping) else {
        return Err(RosterError::Gone);
    };
    let files = files_of(store, permit, id).await?;
    let headers = peek(&files, 0)?.headers;
    let source = Source::Mapped(mapping.clone());
    let read = tokio::task::spawn_blocking(move || roster::read(&files, &source));
    let roster = read.await.map_err(|_| RosterError::Stopped)??;
    let mut tx = store.begin(trust).await?;
    remember(&mut tx, mapping.clone(), headers).await?;
    import.detail.mapping = Some(mapping);
    Import::keep(&mut tx, id, &import.detail).await?;
    tx.commit_unrecorded().await?;
    compare(store, permit, id, roster, work).await
}

async fn remember(tx: &mut Tx, mapping: Mapping, headers: Vec<String>) -> Result<(), RosterError> {
    let kind = kind_name(mapping.kind);
    let last = serde_json::to_string(&Remembered { mapping, headers })?;
    tx.execute(
        "INSERT INTO roster_mapping (trust, kind, mapping) VALUES ($1, $2, $3) \
         ON CONFLICT (trust, kind) DO UPDATE SET mapping = excluded.mapping",
        values![kind, last],
    )
    .await?;
    Ok(())
}
