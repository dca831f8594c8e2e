//! A pupil, and a parent or carer.

use data_encoding::BASE64URL_NOPAD as BASE64;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Refusal;
use crate::ledger::Record;
use crate::people::{Email, FIRST_DAY, LAST_DAY, Name, folded};
use crate::store::{SchoolId, ids};

ids! {
    /// A pupil.
    PupilId
    /// A parent or carer.
    GuardianId
}

/// The longest year group or class, in characters.
const GROUP_MAX: usize = 30;
/// The longest telephone number, in characters.
const PHONE_MAX: usize = 30;

/// What is known of a pupil and may be changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PupilDetails {
    /// The school.
    pub school: SchoolId,
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Name,
    /// The given name they go by, where it is another.
    pub known_as: Option<Name>,
    /// The year group, as in `R`, `7`, `P4`.
    pub year: Option<String>,
    /// The class or form.
    pub class: Option<String>,
    /// Date of birth; sealed in the store.
    pub born: Option<Date>,
}

/// A pupil to add.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct NewPupil {
    /// What is known of them.
    #[serde(flatten)]
    pub details: PupilDetails,
    /// Whether they are of the demonstration.
    pub demonstration: bool,
}

/// A pupil.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Pupil {
    /// Their identifier.
    pub id: PupilId,
    /// What may be changed.
    #[serde(flatten)]
    pub details: PupilDetails,
    /// The last day at the school.
    pub left_on: Option<Date>,
    /// Whether they are of the demonstration.
    pub demonstration: bool,
}

/// What is known of a parent or carer and may be changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GuardianDetails {
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Name,
    /// E-mail address; sealed in the store. Parents may share one.
    pub email: Option<Email>,
    /// Telephone number; sealed in the store.
    pub phone: Option<String>,
}

/// A parent or carer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Guardian {
    /// Their identifier.
    pub id: GuardianId,
    /// What may be changed.
    #[serde(flatten)]
    pub details: GuardianDetails,
    /// Whether they are of the demonstration.
    pub demonstration: bool,
    /// The pupils they are responsible for, in the order of their identifiers.
    pub pupils: Vec<PupilId>,
}

impl Record for Pupil {
    const KIND: &'static str = "pupil";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Record for Guardian {
    const KIND: &'static str = "guardian";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl PupilDetails {
    /// Whether year, class and date of birth can be meant.
    pub fn check(&self, today: Date) -> Result<(), Refusal> {
        let fits = |text: &String| {
            let length = text.chars().count();
            (1..=GROUP_MAX).contains(&length) && !text.chars().any(char::is_control)
        };
        if !self.year.iter().chain(&self.class).all(fits) {
            return Err(Refusal::Group);
        }
        match self.born {
            Some(born) if !(FIRST_DAY..=today).contains(&born) => Err(Refusal::Born),
            _ => Ok(()),
        }
    }

    /// The text by which the pupil is found and sorted: family name first.
    #[must_use]
    pub fn search_text(&self) -> String {
        let known_as = self.known_as.as_ref().map_or("", Name::as_str);
        folded(&format!(
            "{} {} {known_as}",
            self.family_name, self.given_name
        ))
    }
}

impl GuardianDetails {
    /// Whether the telephone number can be one.
    pub fn check(&self) -> Result<(), Refusal> {
        let can_stand = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
        let fits = |phone: &String| {
            phone.len() <= PHONE_MAX
                && phone.chars().all(can_stand)
                && phone.chars().filter(char::is_ascii_digit).count() >= 5
        };
        match self.phone.iter().all(fits) {
            true => Ok(()),
            false => Err(Refusal::Phone),
        }
    }

    /// The text by which they are found: the name alone, because the rest is sealed.
    #[must_use]
    pub fn search_text(&self) -> String {
        folded(&format!("{} {}", self.family_name, self.given_name))
    }
}

impl Pupil {
    /// The name as others see it.
    #[must_use]
    pub fn name(&self) -> String {
        let given = self.details.known_as.as_ref();
        let given = given.unwrap_or(&self.details.given_name);
        format!("{given} {}", self.details.family_name)
    }

    /// What a change must have seen: another one wherever anything of the pupil differs.
    #[must_use]
    pub fn version(&self) -> String {
        version(self)
    }
}

impl Guardian {
    /// The name as others see it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.details.given_name, self.details.family_name)
    }

    /// What a change must have seen: another one wherever anything of them differs.
    #[must_use]
    pub fn version(&self) -> String {
        version(self)
    }
}

/// Whether a pupil's last day can be meant.
pub(super) fn check_left(left_on: Option<Date>) -> Result<(), Refusal> {
    match left_on {
        Some(day) if !(FIRST_DAY..=LAST_DAY).contains(&day) => Err(Refusal::LeftOn),
        _ => Ok(()),
    }
}

fn version(state: &impl Serialize) -> String {
    // Every part of these records can be written as JSON.
    let digest = Sha256::digest(serde_json::to_vec(state).unwrap_or_default());
    BASE64.encode(digest.get(..12).unwrap_or_default())
}
