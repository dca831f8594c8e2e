//! Which school here is meant by what a roster says.

use std::collections::{BTreeSet, HashMap, HashSet};

use roster::{Identifier, School, SchoolKind};

use crate::people::folded;
use crate::schools::School as NewSchool;
use crate::store::SchoolId;

/// A school as the comparison needs it.
#[derive(Clone, Debug)]
pub(in crate::roster) struct LiveSchool {
    pub(in crate::roster) id: SchoolId,
    pub(in crate::roster) name: String,
    pub(in crate::roster) urn: Option<String>,
    pub(in crate::roster) dfe_number: Option<String>,
    /// Whether nobody is there any more.
    pub(in crate::roster) closed: bool,
}

/// Where somebody is, by the references of one roster.
pub(in crate::roster) struct Places {
    known: HashMap<String, Option<SchoolId>>,
    by_name: HashMap<String, Option<SchoolId>>,
    covered: BTreeSet<SchoolId>,
    /// Names and numbers of schools that were closed.
    closed: HashSet<String>,
}

impl Places {
    /// Schools are matched by number (URN or DfE), then by name, then by the id that a roster had for them;
    /// what stands above schools in the roster is the trust.
    pub(super) fn new(
        live: &[LiveSchool],
        listed: &[School],
        links: &HashMap<(String, String), String>,
    ) -> Places {
        let mut by_name: HashMap<String, Option<SchoolId>> = HashMap::new();
        let mut closed = HashSet::new();
        for school in live {
            let keys = [
                Some(folded(&school.name)),
                school.urn.clone(),
                school.dfe_number.as_deref().map(digits),
                Some(school.id.to_string()),
            ];
            let keys = keys.into_iter().flatten();
            match school.closed {
                true => closed.extend(keys),
                false => by_name.extend(keys.map(|key| (key, Some(school.id.clone())))),
            }
        }
        let mut places = Places {
            known: HashMap::new(),
            by_name,
            covered: BTreeSet::new(),
            closed,
        };
        for school in listed.iter().filter(|s| s.kind != SchoolKind::Department) {
            let found = match school.kind {
                SchoolKind::Trust => Some(None),
                _ => places.live(school).or_else(|| {
                    let link = (super::schools::KIND.to_owned(), school.external_id.clone());
                    places.by_name.get(links.get(&link)?).cloned()
                }),
            };
            if let Some(place) = found {
                places.covered.extend(place.clone());
                places.known.insert(school.external_id.clone(), place);
            }
        }
        places
    }

    /// Who works in a department works at its school.
    pub(super) fn departments(&mut self, listed: &[School]) {
        for part in listed.iter().filter(|s| s.kind == SchoolKind::Department) {
            let parent = part.parent.as_ref().and_then(|id| self.known.get(id));
            if let Some(place) = parent.cloned() {
                self.known.insert(part.external_id.clone(), place);
            }
        }
    }

    /// Whether a school of the roster is here.
    pub(super) fn has(&mut self, school: &School) -> bool {
        if self.known.contains_key(&school.external_id) {
            return true;
        }
        // The roster may have it twice, and the first was added.
        let Some(place) = self.live(school) else {
            return false;
        };
        self.known.insert(school.external_id.clone(), place);
        true
    }

    /// Whether a school of the roster is one that was closed.
    pub(super) fn was_closed(&self, school: &School) -> bool {
        keys(school).any(|key| self.closed.contains(&key))
    }

    /// Knows a school that is to be added.
    pub(super) fn add(&mut self, listed: &School, new: &NewSchool) {
        let place = Some(new.id.clone());
        let keys = keys(listed).map(|key| (key, place.clone()));
        self.by_name.extend(keys);
        self.covered.extend(place.clone());
        self.known.insert(listed.external_id.clone(), place);
    }

    fn live(&self, school: &School) -> Option<Option<SchoolId>> {
        keys(school).find_map(|key| self.by_name.get(&key).cloned())
    }

    /// The place that is meant: a school, or the trust (no school). Nothing where no school here is meant.
    pub(super) fn find(&mut self, reference: &str) -> Option<Option<SchoolId>> {
        if let Some(place) = self.known.get(reference) {
            return Some(place.clone());
        }
        let by_number = self.by_name.get(&digits(reference));
        let place = by_number
            .or_else(|| self.by_name.get(&folded(reference)))
            .cloned()?;
        self.covered.extend(place.clone());
        self.known.insert(reference.to_owned(), place.clone());
        Some(place)
    }

    /// Whether the roster speaks of that school, so that who is missing there has left.
    pub(super) fn covers(&self, school: &SchoolId) -> bool {
        self.covered.contains(school)
    }
}

/// What a school of a roster may be known by: its number, then its name.
fn keys(school: &School) -> impl Iterator<Item = String> + use<> {
    let number = match &school.identifier {
        Some(Identifier::Urn(number)) => Some(number.clone()),
        Some(Identifier::Dfe(number)) => Some(digits(number)),
        _ => None,
    };
    number.into_iter().chain([folded(&school.name)])
}

/// `302/4567` and `3024567` are one number.
fn digits(number: &str) -> String {
    number.chars().filter(|c| *c != '/' && *c != ' ').collect()
}
