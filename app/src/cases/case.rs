//! A case: the record whose whole life is in the ledger.

use jiff::Timestamp;
use jiff::civil::Date;
use register::life::{Life, Past};
use register::value::Answers;
use serde::{Deserialize, Serialize};

use crate::authority::Role;
use crate::ledger::Record;
use crate::pupils::PupilId;
use crate::store::{PersonId, SchoolId, ids};

ids! {
    /// A case.
    CaseId
    /// A form that somebody has begun.
    DraftId
}

/// A case as it stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Case {
    /// The identifier, in addresses.
    pub id: CaseId,
    /// The register.
    pub register: String,
    /// The rules that it runs under.
    pub rules: String,
    /// What people call it: `DEC-2026-0001`.
    pub reference: String,
    /// The school; the trust as a whole where none is named.
    pub school: Option<SchoolId>,
    /// Where it stands.
    pub state: String,
    /// Who opened it; nobody where the public or the program did.
    pub opened_by: Option<PersonId>,
    /// Whom it is about.
    pub subject: Option<About>,
    /// To whom it is assigned.
    pub handler: Option<PersonId>,
    /// When it was opened, in milliseconds since 1970.
    pub opened_at: i64,
    /// When it was last changed.
    pub changed_at: i64,
    /// When it was over.
    pub closed_at: Option<i64>,
    /// How many changes it has seen.
    pub revision: i64,
    /// Whether it was entered from paper: no deadlines, no messages.
    pub paper: bool,
    /// Whether it is on its subject's personnel file.
    pub filed: bool,
    /// Whether its subject may see it although its register keeps cases from theirs.
    pub disclosed: bool,
    /// Whether what it gives leave for is in force.
    pub in_force: bool,
    /// The last day on which it is.
    pub in_force_until: Option<Date>,
    /// All answers so far.
    pub answers: Answers,
    /// What was done, the opening first.
    pub done: Vec<Done>,
}

/// Whom a case is about.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Somebody with an account.
    Person(PersonId),
    /// A pupil.
    Pupil(PupilId),
}

/// A step that was taken.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Done {
    /// The step; `open` for the opening.
    pub step: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who; nobody where the public or the program did.
    pub person: Option<PersonId>,
    /// In what role.
    pub role: Option<Role>,
    /// The state then.
    pub to: String,
    /// What they noted.
    pub note: String,
    /// What they answered; where they corrected an answer, the old one is in an earlier step.
    pub answers: Answers,
    /// The answer of a policy that led to the case, with the opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// The answer of a policy that led to a case, as it was given.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Decision {
    /// Its address on this site.
    pub address: String,
    /// The policy, by its title and whose it is.
    pub policy: String,
    /// The version of the policy's rules: the hash of their content.
    pub version: String,
    /// What it said, in a few words.
    pub says: String,
}

impl Record for Case {
    const KIND: &'static str = "case_file";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl About {
    /// The kind, in data.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Pupil(_) => "pupil",
        }
    }

    /// The identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Person(id) => id.as_str(),
            Self::Pupil(id) => id.as_str(),
        }
    }

    pub(super) fn read(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "person" => id.parse().ok().map(Self::Person),
            "pupil" => id.parse().ok().map(Self::Pupil),
            _ => None,
        }
    }
}

impl Case {
    /// The record under whose key it is sealed.
    pub(super) fn record(&self) -> String {
        format!("{}/{}", Self::KIND, self.id)
    }

    /// The person whom it is about, if it is one.
    #[must_use]
    pub fn subject_person(&self) -> Option<&PersonId> {
        match &self.subject {
            Some(About::Person(person)) => Some(person),
            _ => None,
        }
    }

    /// When it was opened.
    #[must_use]
    pub fn opened(&self) -> Timestamp {
        moment(self.opened_at)
    }

    /// What was done, as life sees it.
    pub(super) fn past(&self) -> Vec<Past> {
        let past = self.done.iter().map(|done| Past {
            step: done.step.clone(),
            by: done
                .person
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        });
        past.collect()
    }

    /// The case as life sees it, with what is counted elsewhere.
    pub(super) fn life<'c>(&'c self, past: &'c [Past], beside: &'c Beside) -> Life<'c> {
        Life {
            state: &self.state,
            answers: &self.answers,
            taken: past,
            evidence: beside.evidence,
            linked: &beside.linked,
            disclosed: self.disclosed,
        }
    }
}

/// What stands beside a case and counts for its steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// How many files of evidence there are.
    pub(super) evidence: u32,
    /// The linked cases: register and state.
    pub(super) linked: Vec<(String, String)>,
}

pub(super) fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
