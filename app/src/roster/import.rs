//! An import: where it stands, and the doors that move it on.

use jiff::Timestamp;
use roster::{Mapping, Note, RosterError};
use serde::{Deserialize, Serialize};

use crate::authority::{Action, Actor, Held, Means, Role};
use crate::store::{PersonId, Query, Row, Store, StoreError, TrustId, Tx, column, ids};
use crate::values;

ids! {
    /// An import of a roster.
    ImportId
}

/// A closed list of words, kept as text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$word_doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in the store and in addresses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// What a word stands for.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }

        impl From<$name> for $crate::store::Value {
            fn from(word: $name) -> Self {
                word.name().into()
            }
        }

        column!($name, text, |text: String| $name::named(&text));
    };
}
pub(super) use words;

words! {
    /// What happens where the file and Probity say different things.
    Mode {
        /// What the file says is taken; who came from a roster and is not in the file any more has left.
        FileWins "file-wins",
        /// What is here stays, blanks are filled; who came from a roster and is not in the file any more has left.
        KeepOurs "keep-ours",
        /// New people are added; nobody who is here is changed or ended.
        OnlyAdd "only-add",
    }
}

words! {
    /// Where an import stands.
    State {
        /// The columns of a list are to be mapped.
        Mapping "mapping",
        /// It waits to be compared with what is here, or is being compared.
        Waiting "waiting",
        /// The preview is there; nothing was changed yet.
        Ready "ready",
        /// Something is wrong with the roster.
        Refused "refused",
        /// It was confirmed and is being carried out.
        Applying "applying",
        /// It was carried out.
        Applied "applied",
        /// It is being undone.
        Undoing "undoing",
        /// It was undone.
        Undone "undone",
        /// It was given up.
        Cancelled "cancelled",
    }
}

/// What is known of an import beside where it stands.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Detail {
    /// What was left out and why.
    pub notes: Vec<Note>,
    /// What is wrong.
    pub errors: Vec<Wrong>,
    /// Whether there is more wrong than is listed.
    pub more_errors: bool,
    /// Why the latest step was not taken, for the person who asked for it.
    pub refused: Option<String>,
    /// How the columns of a list are mapped.
    pub mapping: Option<Mapping>,
    /// Who confirmed it, or asked for it to be undone.
    #[serde(default)]
    pub by: Option<By>,
}

/// Who asked for a step that is taken later.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct By {
    person: Option<PersonId>,
    name: String,
    role: Option<Role>,
}

impl By {
    /// Who asks, in the role that gives the right.
    pub(super) fn of(actor: &Actor, action: Action) -> Self {
        By {
            person: actor.person.clone(),
            name: actor.name.clone(),
            role: actor.role_for(Some(action)),
        }
    }

    /// Puts other words for the name, where it was this person.
    pub(super) fn forget(&mut self, person: &str, words: &str) {
        if self.person.as_ref().is_some_and(|id| id.as_str() == person) {
            words.clone_into(&mut self.name);
        }
    }

    /// The same person for the ledger. Their right was asked for when they asked for the step.
    pub(super) fn actor(&self, trust: &TrustId) -> Actor {
        let held = self.role.map(|role| Held {
            role,
            school: None,
            starts_on: None,
            ends_on: None,
        });
        Actor {
            trust: trust.clone(),
            person: self.person.clone(),
            name: self.name.clone(),
            roles: held.into_iter().collect(),
            means: Means::Operator,
        }
    }
}

/// An error of a roster, as it is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Wrong {
    /// File, row and column.
    pub place: String,
    /// What is wrong.
    pub wrong: String,
    /// How to mend it.
    pub mend: String,
}

impl From<RosterError> for Wrong {
    fn from(error: RosterError) -> Self {
        let mut place = error.file;
        if let Some(row) = error.row {
            place.push_str(&format!(", row {row}"));
        }
        if let Some(column) = error.column {
            place.push_str(&format!(", column '{column}'"));
        }
        Wrong {
            place,
            wrong: error.wrong,
            mend: error.mend,
        }
    }
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its identifier.
    pub id: ImportId,
    /// When it was begun.
    pub at: Timestamp,
    /// Who began it.
    pub person: Option<PersonId>,
    /// Their name at that time.
    pub name: String,
    /// The format, in words.
    pub source: String,
    /// The files, in words.
    pub files: String,
    /// What happens where the file and Probity differ.
    pub mode: Mode,
    /// Where it stands.
    pub state: State,
    /// How much of the present step is done.
    pub done: u64,
    /// Of how much.
    pub total: u64,
    /// What else is known.
    pub detail: Detail,
    /// The size of the ledger when the preview was made.
    pub seen_size: i64,
    /// The first event that it made, and how many.
    pub made: Option<(i64, i64)>,
}

macro_rules! imports {
    ($which:literal) => {
        concat!(
            "SELECT id, at, person, name, source, files, mode, state, done, total, detail, \
               seen_size, first_event, events FROM roster_import WHERE trust = $1 ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Import, StoreError> {
    let detail: String = row.get("detail")?;
    let first: Option<i64> = row.get("first_event")?;
    Ok(Import {
        id: row.get("id")?,
        at: row.get("at")?,
        person: row.get("person")?,
        name: row.get("name")?,
        source: row.get("source")?,
        files: row.get("files")?,
        mode: row.get("mode")?,
        state: row.get("state")?,
        done: row.get("done")?,
        total: row.get("total")?,
        detail: serde_json::from_str(&detail).map_err(|_| Row::unreadable("detail"))?,
        seen_size: row.get("seen_size")?,
        made: first.zip(row.get("events")?),
    })
}

/// One import.
pub async fn find(query: &mut impl Query, id: &ImportId) -> Result<Option<Import>, StoreError> {
    let row = query.first(imports!("AND id = $2"), values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The latest imports.
pub async fn latest(query: &mut impl Query) -> Result<Vec<Import>, StoreError> {
    let rows = query
        .all(imports!("ORDER BY at DESC, id DESC LIMIT 20"), values![])
        .await?;
    rows.iter().map(read).collect()
}

/// Every import.
pub(super) async fn all(query: &mut impl Query) -> Result<Vec<Import>, StoreError> {
    let rows = query.all(imports!("ORDER BY id"), values![]).await?;
    rows.iter().map(read).collect()
}

impl Import {
    /// Begins an import. One that waits for a confirmation is given up: there is one at a time.
    pub(super) async fn begin(
        store: &Store,
        actor: &Actor,
        (source, files, mode): (&str, &str, Mode),
        detail: Detail,
        state: State,
    ) -> Result<ImportId, StoreError> {
        let id: ImportId = store.fresh()?;
        let mut tx = store.begin(&actor.trust).await?;
        tx.execute(
            "UPDATE roster_import SET state = 'cancelled' \
             WHERE trust = $1 AND state IN ('mapping', 'waiting', 'ready', 'refused')",
            values![],
        )
        .await?;
        tx.execute(
            "INSERT INTO roster_import (trust, id, at, person, name, source, files, mode, state, \
               done, total, detail, seen_size) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, 0)",
            values![
                &id,
                tx.now(),
                actor.person.as_ref(),
                &actor.name,
                source,
                files,
                mode,
                state,
                written(&detail)
            ],
        )
        .await?;
        tx.commit_unrecorded().await?;
        Ok(id)
    }

    /// Moves an import from one state to another. False where it is not in that state any more.
    pub(super) async fn step(
        tx: &mut Tx,
        id: &ImportId,
        from: State,
        to: State,
    ) -> Result<bool, StoreError> {
        let moved = tx
            .execute(
                "UPDATE roster_import SET state = $4, done = 0, total = 0 \
                 WHERE trust = $1 AND id = $2 AND state = $3",
                values![id, from, to],
            )
            .await?;
        Ok(moved == 1)
    }

    /// Says how far the present step is.
    pub(super) async fn progress(
        tx: &mut Tx,
        id: &ImportId,
        done: usize,
        total: usize,
    ) -> Result<(), StoreError> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        tx.execute(
            "UPDATE roster_import SET done = $3, total = $4 WHERE trust = $1 AND id = $2",
            values![id, number(done), number(total)],
        )
        .await?;
        Ok(())
    }

    /// Keeps what is known beside the state.
    pub(super) async fn keep(
        tx: &mut Tx,
        id: &ImportId,
        detail: &Detail,
    ) -> Result<(), StoreError> {
        tx.execute(
            "UPDATE roster_import SET detail = $3 WHERE trust = $1 AND id = $2",
            values![id, written(detail)],
        )
        .await?;
        Ok(())
    }
}

/// Every part of a detail can be written as JSON.
fn written(detail: &Detail) -> String {
    serde_json::to_string(detail).unwrap_or_else(|_| "{}".to_owned())
}

/// The key's name of what an import keeps sealed: its parts and its changes.
pub(super) fn key_of(id: &ImportId) -> String {
    format!("roster_staged/{id}")
}

/// Gives an import up before it was carried out, and destroys what was handed in.
pub async fn cancel(store: &Store, trust: &TrustId, id: &ImportId) -> Result<bool, StoreError> {
    let mut tx = store.begin(trust).await?;
    let cancelled = tx
        .execute(
            "UPDATE roster_import SET state = 'cancelled' WHERE trust = $1 AND id = $2 \
             AND state IN ('mapping', 'waiting', 'ready', 'refused')",
            values![id],
        )
        .await?;
    tx.destroy_record_key(&key_of(id)).await?;
    tx.commit_unrecorded().await?;
    Ok(cancelled == 1)
}
