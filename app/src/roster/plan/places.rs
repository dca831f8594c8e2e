//! Which school here is meant by what a roster says.

use std::collections::{BTreeSet, HashMap};

use roster::{Identifier, School, SchoolKind};

use crate::people::folded;
use crate::store::SchoolId;

/// A school as the comparison needs it.
#[derive(Clone, Debug)]
pub(in crate::roster) struct LiveSchool {
    pub(in crate::roster) id: SchoolId,
    pub(in crate::roster) name: String,
    pub(in crate::roster) urn: Option<String>,
    pub(in crate::roster) dfe_number: Option<String>,
}

/// Where somebody is, by the references of one roster.
pub(in crate::roster) struct Places {
    known: HashMap<String, Option<SchoolId>>,
    by_name: HashMap<String, Option<SchoolId>>,
    covered: BTreeSet<SchoolId>,
}

impl Places {
    /// Schools are matched by URN, then by DfE number, then by name; what stands above schools in the roster is the trust.
    pub(super) fn new(live: &[LiveSchool], listed: &[School]) -> Places {
        let mut by_name: HashMap<String, Option<SchoolId>> = HashMap::new();
        for school in live {
            let keys = [
                Some(folded(&school.name)),
                school.urn.clone(),
                school.dfe_number.as_deref().map(digits),
                Some(school.id.to_string()),
            ];
            for key in keys.into_iter().flatten() {
                by_name.insert(key, Some(school.id.clone()));
            }
        }
        let mut places = Places {
            known: HashMap::new(),
            by_name,
            covered: BTreeSet::new(),
        };
        for school in listed.iter().filter(|s| s.kind != SchoolKind::Department) {
            let found = match school.kind {
                SchoolKind::Trust => Some(None),
                _ => places.live(school),
            };
            if let Some(place) = found {
                places.covered.extend(place.clone());
                places.known.insert(school.external_id.clone(), place);
            }
        }
        for part in listed.iter().filter(|s| s.kind == SchoolKind::Department) {
            let parent = part.parent.as_ref().and_then(|id| places.known.get(id));
            if let Some(place) = parent.cloned() {
                places.known.insert(part.external_id.clone(), place);
            }
        }
        places
    }

    fn live(&self, school: &School) -> Option<Option<SchoolId>> {
        let number = match &school.identifier {
            Some(Identifier::Urn(number)) => Some(number.clone()),
            Some(Identifier::Dfe(number)) => Some(digits(number)),
            _ => None,
        };
        let by_number = number.and_then(|number| self.by_name.get(&number));
        by_number
            .or_else(|| self.by_name.get(&folded(&school.name)))
            .cloned()
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

/// `302/4567` and `3024567` are one number.
fn digits(number: &str) -> String {
    number.chars().filter(|c| *c != '/' && *c != ' ').collect()
}
