//! What an import would change: the roster compared with what is here. Nothing is written.
//!
//! - What no roster ever brought, no roster ends.
//! - Nobody who has a role beyond plain staff is ended by a roster, and their address is never
//!   changed by one: who reaches their mail reaches their account.

mod alike;
mod places;
mod pupils;
mod schools;
mod staff;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use roster::{Note, Roster};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub(super) use places::{LiveSchool, Places};

use super::import::{Mode, Wrong, words};
use crate::people::Person;
use crate::pupils::{Guardian, Pupil};
use crate::schools::Nation;
use crate::store::{PersonId, Store, StoreError, column};

words! {
    /// What would happen to a record.
    Happening {
        /// It is new.
        Add "add",
        /// Something of it changes.
        Change "change",
        /// The person has left.
        End "end",
        /// Somebody who had left is here again.
        Return "return",
        /// Nothing but another id by which the roster knows it.
        Link "link",
    }
}

words! {
    /// Whether somebody who was matched is the same person. A change without a word is made.
    Merge {
        /// They are: the roster has given them another id.
        Same "same",
        /// They are not, or the change is made no longer because of such an answer: it is left out.
        Apart "apart",
    }
}

/// By what somebody was matched about whom a person is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Asked {
    /// Their e-mail address.
    Address,
    /// Their name, and a school or a staff number.
    Name {
        /// The change, by its place among all, that is made where they are not the same: a new person.
        instead_of: usize,
    },
}

pub(super) const BY_NAME: &str = "name";

impl Asked {
    /// The word in the store.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Name { .. } => BY_NAME,
        }
    }

    /// The number of the change that is made where they are not the same.
    pub(super) fn instead_of(self) -> Option<i64> {
        match self {
            Self::Address => None,
            Self::Name { instead_of } => i64::try_from(instead_of).ok(),
        }
    }
}

/// A change that an import would make.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    /// The kind of record.
    pub(super) record_kind: &'static str,
    /// The record.
    pub(super) record: String,
    /// What would happen to it.
    pub(super) happening: Happening,
    /// The roster's id for it, where that is to be remembered.
    pub(super) external_id: Option<String>,
    /// Set where a person has to say whether this is the same person.
    pub(super) merge: Option<Merge>,
    /// By what they were matched.
    pub(super) asked: Option<Asked>,
    /// What is kept sealed.
    pub(super) content: Content,
}

/// The part of a change that names people.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Content {
    /// Whom it is about.
    pub(super) name: String,
    /// The state before.
    pub(super) before: Option<Json>,
    /// The state after.
    pub(super) after: Option<Json>,
    /// Roles that the roster hints at: for a person with the right to give them.
    #[serde(default)]
    pub(super) hints: Vec<String>,
}

/// What is here.
pub(super) struct Here {
    pub(super) nation: Nation,
    pub(super) schools: Vec<LiveSchool>,
    pub(super) people: Vec<Person>,
    pub(super) pupils: Vec<Pupil>,
    pub(super) guardians: Vec<Guardian>,
    /// By kind of record and the roster's id.
    pub(super) links: HashMap<(String, String), String>,
    /// What somebody answered before: whether the roster's id stands for that person.
    pub(super) answers: HashMap<(String, String), bool>,
}

/// A plan, or what keeps it from being made.
pub(super) struct Plan {
    pub(super) changes: Vec<Planned>,
    pub(super) notes: Vec<Note>,
    pub(super) errors: Vec<Wrong>,
    pub(super) more_errors: bool,
}

/// After so many errors the rest is not looked for.
const ERRORS_AT_MOST: usize = 100;

/// What the parts of the planning share.
pub(super) struct Planning<'a> {
    store: &'a Store,
    mode: Mode,
    today: Date,
    places: Places,
    links: HashMap<(String, String), String>,
    answers: HashMap<(String, String), bool>,
    changes: Vec<Planned>,
    notes: BTreeMap<String, u32>,
    errors: Vec<Wrong>,
    more_errors: bool,
}

/// Compares a roster with what is here.
pub(super) fn plan(
    store: &Store,
    mode: Mode,
    here: Here,
    roster: Roster,
) -> Result<Plan, StoreError> {
    let places = Places::new(&here.schools, &roster.schools, &here.links);
    let notes = roster.notes.into_iter().map(|note| (note.what, note.rows));
    let mut planning = Planning {
        store,
        mode,
        today: store.clock().today(),
        places,
        links: here.links,
        answers: here.answers,
        changes: Vec::new(),
        notes: notes.collect(),
        errors: Vec::new(),
        more_errors: false,
    };
    planning.schools(here.nation, &roster.schools, &roster.pupils)?;
    if !roster.staff.is_empty() {
        planning.staff(here.people, roster.staff)?;
    }
    let known = match roster.pupils.is_empty() {
        true => planning.known_pupils(&here.pupils),
        false => planning.pupils(here.pupils, roster.pupils)?,
    };
    if !roster.guardians.is_empty() {
        planning.guardians(here.guardians, roster.guardians, &known)?;
    }
    let Planning {
        changes,
        notes,
        errors,
        more_errors,
        ..
    } = planning;
    Ok(Plan {
        changes,
        notes: notes
            .into_iter()
            .map(|(what, rows)| Note { what, rows })
            .collect(),
        errors,
        more_errors,
    })
}

impl Planning<'_> {
    fn note(&mut self, what: &str) {
        *self.notes.entry(what.to_owned()).or_default() += 1;
    }

    /// Something that keeps the whole roster out.
    fn wrong(&mut self, place: String, wrong: impl Into<String>, mend: &str) {
        if self.errors.len() >= ERRORS_AT_MOST {
            self.more_errors = true;
            return;
        }
        self.errors.push(Wrong {
            place,
            wrong: wrong.into(),
            mend: mend.to_owned(),
        });
    }

    fn linked(&self, kind: &str, external_id: &str) -> Option<String> {
        self.links
            .get(&(kind.to_owned(), external_id.to_owned()))
            .cloned()
    }

    /// What somebody answered before: whether the roster's id stands for that person.
    fn answer(&self, external_id: &str, person: &PersonId) -> Option<bool> {
        let key = (external_id.to_owned(), person.to_string());
        self.answers.get(&key).copied()
    }

    /// The records of a kind that a roster brought.
    fn brought(&self, kind: &str) -> HashSet<String> {
        let of_kind = self.links.iter().filter(|((k, _), _)| k == kind);
        of_kind.map(|(_, record)| record.clone()).collect()
    }

    /// The last day of somebody who is not in today's roster any more.
    fn last_day(&self, first: Option<Date>) -> Date {
        let yesterday = self.today.yesterday().unwrap_or(self.today);
        first.map_or(yesterday, |first| first.max(yesterday))
    }
}

/// A state as the ledger has it.
fn state<T: Serialize>(record: &T) -> Result<Json, StoreError> {
    serde_json::to_value(record).map_err(|_| crate::store::Row::unreadable("state"))
}
