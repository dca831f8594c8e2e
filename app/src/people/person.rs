//! A person with all their roles: the record whose whole life is in the ledger.

use data_encoding::BASE64URL_NOPAD as BASE64;
use jiff::civil::Date;
use roster::Contract;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Refusal;
use super::name::{Email, Name, folded};
use crate::authority::{Permit, Place, Role};
use crate::ledger::Record;
use crate::store::{HeldRoleId, PersonId, SchoolId, column};

/// The days between which every date of a person lies.
pub const FIRST_DAY: Date = jiff::civil::date(1940, 1, 1);
/// See [`FIRST_DAY`].
pub const LAST_DAY: Date = jiff::civil::date(2099, 12, 31);

/// What is known of a person and may be changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Details {
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Name,
    /// The given name they go by, where it is another.
    pub known_as: Option<Name>,
    /// Where mail reaches them; nobody else in the trust has the same address.
    pub email: Option<Email>,
    /// On what terms they work, where somebody said. What was recorded before this could be said stays as it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
    /// Who leads them.
    pub line_manager: Option<PersonId>,
    /// The first day; none where nobody wrote it down, and then they have begun.
    pub starts_on: Option<Date>,
}

/// A role that a person holds or held.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct HeldRole {
    /// Its identifier.
    pub id: HeldRoleId,
    /// The role.
    pub role: Role,
    /// At which school; at the whole trust where none is named.
    pub school: Option<SchoolId>,
    /// From this day; always, where none is named.
    pub starts_on: Option<Date>,
    /// Up to and with this day.
    pub ends_on: Option<Date>,
}

/// Somebody with an account: staff, governors.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Person {
    /// Their identifier.
    pub id: PersonId,
    /// What may be changed.
    #[serde(flatten)]
    pub details: Details,
    /// The last day; set by [`super::end`] alone.
    pub ends_on: Option<Date>,
    /// Whether they are of the demonstration.
    pub demonstration: bool,
    /// Their roles, past and future ones too, in the order of their identifiers.
    pub roles: Vec<HeldRole>,
}

/// Where somebody stands on a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Begins later.
    Joining,
    /// Is here.
    Current,
    /// Was here.
    Left,
}

impl Record for Person {
    const KIND: &'static str = "person";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Details {
    /// Whether the days make sense.
    pub fn check(&self) -> Result<(), Refusal> {
        check_days(self.starts_on, None)
    }

    /// The text by which the person is found and sorted: family name first.
    #[must_use]
    pub fn search_text(&self) -> String {
        let mut text = format!("{} {}", self.family_name, self.given_name);
        if let Some(known_as) = &self.known_as {
            text.push(' ');
            text.push_str(known_as.as_str());
        }
        if let Some(email) = &self.email {
            text.push(' ');
            text.push_str(email.as_str());
        }
        folded(&text)
    }
}

column!(Contract, text, |text: String| Contract::named(&text));

/// Whether two days lie within bounds and in order.
pub(crate) fn check_days(first: Option<Date>, last: Option<Date>) -> Result<(), Refusal> {
    let sane = |day: &Date| (FIRST_DAY..=LAST_DAY).contains(day);
    if !first.iter().chain(&last).all(sane) {
        return Err(Refusal::DayOutOfBounds);
    }
    match (first, last) {
        (Some(first), Some(last)) if last < first => Err(Refusal::EndsBeforeItStarts),
        _ => Ok(()),
    }
}

impl HeldRole {
    /// Whether it is held on that day.
    #[must_use]
    pub fn on(&self, day: Date) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && !self.over(day)
    }

    /// Whether it ended before that day.
    #[must_use]
    pub fn over(&self, day: Date) -> bool {
        self.ends_on.is_some_and(|last| last < day)
    }

    /// Where it is held.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        self.school.as_ref().map_or(Place::Trust, Place::School)
    }
}

impl Person {
    /// The name as others see it.
    #[must_use]
    pub fn name(&self) -> String {
        let given = self.details.known_as.as_ref();
        let given = given.unwrap_or(&self.details.given_name);
        format!("{given} {}", self.details.family_name)
    }

    /// Where they stand on that day.
    #[must_use]
    pub fn standing(&self, day: Date) -> Standing {
        if self.ends_on.is_some_and(|last| last < day) {
            Standing::Left
        } else if self.details.starts_on.is_some_and(|first| first > day) {
            Standing::Joining
        } else {
            Standing::Current
        }
    }

    /// Whether they hold that role at the whole trust on that day.
    #[must_use]
    pub fn holds_at_trust(&self, role: Role, day: Date) -> bool {
        let held = |held: &HeldRole| held.role == role && held.school.is_none() && held.on(day);
        self.roles.iter().any(held)
    }

    /// The roles that say where the person belongs: those held on that day or later; of somebody
    /// who left, those held on their last day.
    pub fn telling_roles(&self, day: Date) -> impl Iterator<Item = &HeldRole> {
        let day = self.ends_on.map_or(day, |last| last.min(day));
        self.roles.iter().filter(move |held| !held.over(day))
    }

    /// Whether the permit reaches one of the places where the person belongs.
    #[must_use]
    pub fn seen_by(&self, permit: &Permit, day: Date) -> bool {
        let reached = |held: &HeldRole| permit.at(held.place()).is_ok();
        permit.at(Place::Trust).is_ok() || self.telling_roles(day).any(reached)
    }

    /// Whether the permit reaches all the places where the person belongs: only then may what is
    /// true everywhere (name, address, end) be changed with it.
    #[must_use]
    pub fn governed_by(&self, permit: &Permit, day: Date) -> bool {
        let mut roles = self.telling_roles(day).peekable();
        permit.at(Place::Trust).is_ok()
            || (roles.peek().is_some() && roles.all(|held| permit.at(held.place()).is_ok()))
    }

    /// What a change must have seen: another one wherever anything of the person differs.
    #[must_use]
    pub fn version(&self) -> String {
        // Every part of a person can be written as JSON.
        let state = serde_json::to_vec(self).unwrap_or_default();
        let digest = Sha256::digest(&state);
        BASE64.encode(digest.get(..12).unwrap_or_default())
    }
}
