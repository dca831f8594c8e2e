//! Schools of the roster that the trust does not have: they are to be added.

use std::collections::HashMap;

use roster::{Identifier, Pupil as Listed, School as ListedSchool, SchoolKind, Year};

use super::{Content, Happening, Planned, Planning, state};
use crate::people::folded;
use crate::schools::{DfeNumber, Nation, Phase, School, SchoolDetails, Urn};
use crate::store::StoreError;

pub(super) const KIND: &str = "school";
const NAME_AT_MOST: usize = 200;
const MEND: &str = "Correct it in the system that the roster comes from, and export again.";

impl Planning<'_> {
    /// Plans the schools that are not here, and gives their people a place.
    pub(super) fn schools(
        &mut self,
        nation: Nation,
        listed: &[ListedSchool],
        pupils: &[Listed],
    ) -> Result<(), StoreError> {
        let mut phases = phases(pupils);
        for school in listed.iter().filter(|s| s.kind == SchoolKind::School) {
            if self.places.has(school) {
                continue;
            }
            if self.places.was_closed(school) {
                self.note("A school that was closed here: left out.");
                continue;
            }
            let name = school.name.trim();
            if name.is_empty() || name.chars().count() > NAME_AT_MOST {
                let wrong = "A school needs a name of at most 200 characters.";
                self.wrong(format!("school '{}'", school.external_id), wrong, MEND);
                continue;
            }
            let phase = phases.remove(school.external_id.as_str());
            let (urn, dfe_number) = numbers(school.identifier.as_ref());
            let new = School {
                id: self.store.fresh()?,
                details: SchoolDetails {
                    name: name.to_owned(),
                    urn,
                    dfe_number,
                    phase: phase.unwrap_or_else(|| by_name(name)),
                    nation,
                },
                closed_on: None,
                demonstration: false,
            };
            self.places.add(school, &new);
            self.changes.push(Planned {
                record_kind: KIND,
                record: new.id.to_string(),
                happening: Happening::Add,
                external_id: Some(school.external_id.clone()),
                merge: None,
                asked: None,
                content: Content {
                    name: name.to_owned(),
                    before: None,
                    after: Some(state(&new)?),
                    hints: Vec::new(),
                },
            });
        }
        self.places.departments(listed);
        Ok(())
    }
}

fn numbers(identifier: Option<&Identifier>) -> (Option<Urn>, Option<DfeNumber>) {
    match identifier {
        Some(Identifier::Urn(number)) => (Urn::read(number), None),
        Some(Identifier::Dfe(number)) => (None, DfeNumber::read(number)),
        Some(Identifier::Other(_)) | None => (None, None),
    }
}

/// The phase of each school whose pupils have year groups, by the roster's id.
fn phases(pupils: &[Listed]) -> HashMap<&str, Phase> {
    let mut spans: HashMap<&str, (u8, u8)> = HashMap::new();
    for pupil in pupils {
        if let Some(year) = pupil.year.map(in_years) {
            let (first, last) = spans.entry(&pupil.school).or_insert((year, year));
            *first = year.min(*first);
            *last = year.max(*last);
        }
    }
    let phase = |(first, last)| match (first, last) {
        (12.., _) => Phase::Sixteen,
        (7.., _) => Phase::Secondary,
        (_, ..=6) => Phase::Primary,
        (..=3, 9..) => Phase::AllThrough,
        _ => Phase::Middle,
    };
    let of = |(school, span)| (school, phase(span));
    spans.into_iter().map(of).collect()
}

/// The year group as England and Wales count it; Scotland's Primary 1 is Reception by age.
fn in_years(year: Year) -> u8 {
    match year {
        Year::Nursery | Year::Reception => 0,
        Year::Year(year) => year,
        Year::Primary(year) => year.saturating_sub(1),
        Year::Secondary(year) => year.saturating_add(6),
    }
}

fn by_name(name: &str) -> Phase {
    let name = folded(name);
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["nursery"]) {
        Phase::Nursery
    } else if says(&["primary", "infant", "junior", "first school"]) {
        Phase::Primary
    } else {
        Phase::Secondary
    }
}
