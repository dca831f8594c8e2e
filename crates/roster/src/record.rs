//! What a roster says, in checked types.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::role::SuggestedRole;
use crate::year::Year;

/// A whole roster. Every school, person and pupil that a row of it names is in it; for a mapped file the schools are
/// the caller's: there are no [`School`] rows, and a reference is what the file prints for a school. Whoever is not in a
/// roster of a standard format has left; how far a mapped file reaches, only the person who hands it in knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Schools and the trust.
    pub schools: Vec<School>,
    /// People on the staff.
    pub staff: Vec<Person>,
    /// Pupils.
    pub pupils: Vec<Pupil>,
    /// Parents and carers.
    pub guardians: Vec<Guardian>,
    /// What was left out and why, for the preview.
    pub notes: Vec<Note>,
}

/// Rows that were left out without being wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What was left out and why: a whole sentence.
    pub what: String,
    /// How many rows it was.
    pub rows: u32,
}

/// One row of a roster, to stage in batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// A school or the trust.
    School(School),
    /// Somebody on the staff.
    Person(Person),
    /// A pupil.
    Pupil(Pupil),
    /// A parent or carer.
    Guardian(Guardian),
}

impl Roster {
    /// The rows one by one: schools, staff, pupils, parents and carers, so that a row comes after what it refers to.
    pub fn into_records(self) -> impl Iterator<Item = Record> {
        let schools = self.schools.into_iter().map(Record::School);
        let staff = self.staff.into_iter().map(Record::Person);
        let pupils = self.pupils.into_iter().map(Record::Pupil);
        let guardians = self.guardians.into_iter().map(Record::Guardian);
        schools.chain(staff).chain(pupils).chain(guardians)
    }

    /// How many rows [`Roster::into_records`] gives.
    #[must_use]
    pub fn len(&self) -> usize {
        self.schools.len() + self.staff.len() + self.pupils.len() + self.guardians.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A school, or the trust above schools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// The id in the system that the roster comes from.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// Its official number.
    pub identifier: Option<Identifier>,
    /// What it is.
    pub kind: SchoolKind,
    /// The external id of what it belongs to.
    pub parent: Option<String>,
}

/// What an organisation of a roster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchoolKind {
    /// A school.
    School,
    /// A trust, local authority or other body above schools.
    Trust,
    /// Something inside a school.
    Department,
}

/// A school's official number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "number", rename_all = "kebab-case")]
pub enum Identifier {
    /// The Unique Reference Number: six digits (England).
    Urn(String),
    /// The number of the local authority and the establishment: seven digits, without a stroke.
    Dfe(String),
    /// Another number or code.
    Other(String),
}

impl Identifier {
    /// Six digits are a URN, seven (`302/4567` too) a DfE number; anything else is kept as it stands.
    #[must_use]
    pub fn new(text: &str) -> Option<Identifier> {
        let text = text.trim();
        let digits: String = text.chars().filter(|c| *c != '/').collect();
        if text.is_empty() {
            None
        } else if !digits.chars().all(|c| c.is_ascii_digit()) {
            Some(Identifier::Other(text.to_owned()))
        } else {
            Some(match digits.len() {
                6 => Identifier::Urn(digits),
                7 => Identifier::Dfe(digits),
                _ => Identifier::Other(text.to_owned()),
            })
        }
    }

    /// The number as text.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Identifier::Urn(number) | Identifier::Dfe(number) | Identifier::Other(number) => number,
        }
    }
}

/// Somebody on the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id in the system that the roster comes from. It changes when a school changes that system: never the only key.
    pub external_id: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// The given name they go by, where it is another.
    pub known_as: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// On what terms, where the roster says it in words that are known.
    #[serde(default)]
    pub contract: Option<Contract>,
    /// Where they work. Empty: the roster does not say where.
    pub posts: Vec<Post>,
    /// Whether the roster lets them sign in.
    pub enabled: bool,
}

/// Somebody's place on the staff of a school or of the trust. An import gives plain staff rights there and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The school: an external id, or what a mapped file prints for it.
    pub school: String,
    /// The role as the roster prints it.
    pub printed_role: String,
    /// What the printed role hints at beyond plain staff. Never granted by an import: a person with the right to give
    /// roles decides.
    pub suggested_role: Option<SuggestedRole>,
    /// First day.
    pub begin: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
}

/// A pupil, as far as screening, declarations and consent need. A Unique Pupil Number is not kept, unless a mapped file
/// has no other id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pupil {
    /// The id in the system that the roster comes from.
    pub external_id: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// The given name they go by, where it is another.
    pub known_as: Option<String>,
    /// Year group.
    pub year: Option<Year>,
    /// The class or form they are registered in.
    pub class: Option<String>,
    /// Date of birth.
    pub born: Option<Date>,
    /// The school: an external id, or what a mapped file prints for it.
    pub school: String,
}

/// A parent or carer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardian {
    /// The id in the system that the roster comes from; for a mapped file without one, made from address or name.
    pub external_id: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// External ids of the pupils they are responsible for, sorted. A mapped file may name pupils who came another time.
    pub pupils: Vec<String>,
}
