//! Whom a collection is about.

use serde::{Deserialize, Serialize};

use super::AccessError;
use crate::authority::Actor;
use crate::cases::Seen;
use crate::people::{self, folded};
use crate::pupils::{self, Guardian, GuardianId, Pupil, PupilId};
use crate::store::{PersonId, Query, Store, TrustId};

/// Somebody whose data are gathered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Whom {
    pub(super) who: Who,
    /// Their name as others see it.
    pub(super) name: String,
    /// Further forms of their name, as they are compared.
    #[serde(default)]
    also: Vec<String>,
}

/// Which record is theirs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Who {
    /// Somebody who works or worked here.
    Person(PersonId),
    /// A pupil.
    Pupil(PupilId),
    /// A parent or carer.
    Guardian(GuardianId),
    /// Somebody without a record: found by name alone.
    Named,
}

impl Whom {
    /// The identifier of their record.
    pub(super) fn id(&self) -> Option<&str> {
        match &self.who {
            Who::Person(id) => Some(id.as_str()),
            Who::Pupil(id) => Some(id.as_str()),
            Who::Guardian(id) => Some(id.as_str()),
            Who::Named => None,
        }
    }

    /// Their record, as `person/ID`; empty where they have none.
    pub(super) fn record(&self) -> String {
        match &self.who {
            Who::Person(id) => format!("person/{id}"),
            Who::Pupil(id) => format!("pupil/{id}"),
            Who::Guardian(id) => format!("guardian/{id}"),
            Who::Named => String::new(),
        }
    }

    /// All forms of their name, as they are compared.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self.also.clone();
        names.push(folded(&self.name));
        names.sort();
        names.dedup();
        names
    }

    /// What kind of person they are, in words.
    pub(super) fn says(&self) -> &'static str {
        match self.who {
            Who::Person(_) => "works or worked here",
            Who::Pupil(_) => "a pupil",
            Who::Guardian(_) => "a parent or carer",
            Who::Named => "without a record here: found by name",
        }
    }

    fn of_pupil(pupil: &Pupil) -> Self {
        let details = &pupil.details;
        Self {
            who: Who::Pupil(pupil.id.clone()),
            name: pupil.name(),
            also: vec![folded(&format!(
                "{} {}",
                details.given_name, details.family_name
            ))],
        }
    }

    fn of_guardian(guardian: &Guardian) -> Self {
        Self {
            who: Who::Guardian(guardian.id.clone()),
            name: guardian.name(),
            also: Vec::new(),
        }
    }
}

/// Those whom a case of a request can mean: whom it names, the pupil's parents or carers, and the name that was given.
pub(super) async fn meant(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    seen: &Seen,
) -> Result<Vec<Whom>, AccessError> {
    let answer = |name: &str| seen.case.answers.get(name).and_then(|given| given.first());
    let mut meant = Vec::new();
    if let Some(id) = answer("person").and_then(|id| id.parse::<PersonId>().ok())
        && let Some(person) = people::find(query, &id).await?
    {
        let details = &person.details;
        meant.push(Whom {
            name: person.name(),
            also: vec![folded(&format!(
                "{} {}",
                details.given_name, details.family_name
            ))],
            who: Who::Person(id),
        });
    }
    if let Some(id) = answer("pupil").and_then(|id| id.parse::<PupilId>().ok())
        && let Some(pupil) = pupils::find(query, store, trust, &id).await?
    {
        meant.push(Whom::of_pupil(&pupil));
        for (guardian, _) in pupils::guardians_of(query, &id).await? {
            let found = pupils::find_guardian(query, store, trust, &guardian).await?;
            meant.extend(found.as_ref().map(Whom::of_guardian));
        }
    }
    if let Some(name) = answer("name").filter(|name| name.split_whitespace().count() > 1) {
        meant.push(Whom {
            who: Who::Named,
            name: name.split_whitespace().collect::<Vec<_>>().join(" "),
            also: Vec::new(),
        });
    }
    Ok(meant)
}

/// Whether somebody is the one whom it is about: they look after none of it.
pub(super) fn is(about_record: &str, actor: &Actor) -> bool {
    let me = actor
        .person
        .as_ref()
        .map(|person| format!("person/{person}"));
    me.as_deref() == Some(about_record)
}
