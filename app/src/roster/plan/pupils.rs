//! Pupils, and their parents and carers.

use std::collections::{HashMap, HashSet};

use roster::{Guardian as ListedGuardian, Pupil as Listed};

use super::{Content, Happening, Planned, Planning, state};
use crate::people::Name;
use crate::pupils::{Guardian, GuardianDetails, Pupil, PupilDetails, PupilId};
use crate::roster::import::Mode;
use crate::store::StoreError;

const PUPIL: &str = "pupil";
const GUARDIAN: &str = "guardian";
const NAME_WRONG: &str = "A given and a family name of at most 100 characters are needed.";
const NAME_MEND: &str = "Correct it in the system that the roster comes from, and export again.";

/// Pupils by the roster's ids.
type Known = HashMap<String, PupilId>;

impl Planning<'_> {
    /// The pupils whom rosters brought before.
    pub(super) fn known_pupils(&self, here: &[Pupil]) -> Known {
        let by_id: HashMap<&str, &Pupil> = here.iter().map(|p| (p.id.as_str(), p)).collect();
        let pupils = self.links.iter().filter(|((kind, _), _)| kind == PUPIL);
        pupils
            .filter_map(|((_, external), id)| {
                Some((external.clone(), by_id.get(id.as_str())?.id.clone()))
            })
            .collect()
    }

    /// Compares pupils; gives those whom the roster knows, new ones too.
    pub(super) fn pupils(
        &mut self,
        here: Vec<Pupil>,
        listed: Vec<Listed>,
    ) -> Result<Known, StoreError> {
        let mut known = self.known_pupils(&here);
        let by_id: HashMap<PupilId, &Pupil> = here.iter().map(|p| (p.id.clone(), p)).collect();
        let mut present: HashSet<PupilId> = HashSet::new();
        for row in listed {
            let place = format!("pupil '{}'", row.external_id);
            let (Ok(given), Ok(family)) = (row.given.parse(), row.family.parse()) else {
                self.wrong(place, NAME_WRONG, NAME_MEND);
                continue;
            };
            let Some(Some(school)) = self.places.find(&row.school) else {
                self.unknown_school(&place, &row.school);
                continue;
            };
            let new = Pupil {
                id: self.store.fresh()?,
                details: PupilDetails {
                    school,
                    given_name: given,
                    family_name: family,
                    known_as: row.known_as.as_deref().and_then(|name| name.parse().ok()),
                    year: row.year.map(|year| year.code()),
                    class: row.class,
                    born: row.born,
                },
                left_on: None,
                demonstration: false,
            };
            if let Err(refusal) = new.details.check(self.today) {
                self.wrong(place, refusal.to_string(), NAME_MEND);
                continue;
            }
            match known
                .get(&row.external_id)
                .and_then(|id| by_id.get(id))
                .copied()
            {
                None => {
                    known.insert(row.external_id.clone(), new.id.clone());
                    self.add(
                        PUPIL,
                        new.id.to_string(),
                        row.external_id,
                        new.name(),
                        state(&new)?,
                    );
                }
                Some(before) => {
                    present.insert(before.id.clone());
                    self.known_pupil(before, new)?;
                }
            }
        }
        if self.mode != Mode::OnlyAdd {
            self.left(&here, &present)?;
        }
        Ok(known)
    }

    fn known_pupil(&mut self, before: &Pupil, listed: Pupil) -> Result<(), StoreError> {
        let (ours, theirs) = (before.details.clone(), listed.details);
        let details = match self.mode {
            Mode::OnlyAdd => return Ok(()),
            Mode::FileWins => PupilDetails {
                known_as: theirs.known_as.or(ours.known_as),
                year: theirs.year.or(ours.year),
                class: theirs.class.or(ours.class),
                born: theirs.born.or(ours.born),
                ..theirs
            },
            Mode::KeepOurs => PupilDetails {
                known_as: ours.known_as.or(theirs.known_as),
                year: ours.year.or(theirs.year),
                class: ours.class.or(theirs.class),
                born: ours.born.or(theirs.born),
                ..ours
            },
        };
        let after = Pupil {
            details,
            left_on: None,
            ..before.clone()
        };
        let happening = match before.left_on {
            Some(_) => Happening::Return,
            None if after == *before => return Ok(()),
            None => Happening::Change,
        };
        self.changed(
            PUPIL,
            before.id.to_string(),
            happening,
            before.name(),
            (state(before)?, state(&after)?),
        );
        Ok(())
    }

    /// Who came from a roster, is at a school that this one speaks of, and is not in it.
    fn left(&mut self, here: &[Pupil], present: &HashSet<PupilId>) -> Result<(), StoreError> {
        let brought = self.brought(PUPIL);
        for before in here {
            let gone = brought.contains(before.id.as_str())
                && before.left_on.is_none()
                && self.places.covers(&before.details.school)
                && !present.contains(&before.id);
            if gone {
                let after = Pupil {
                    left_on: Some(self.last_day(None)),
                    ..before.clone()
                };
                let states = (state(before)?, state(&after)?);
                self.changed(
                    PUPIL,
                    before.id.to_string(),
                    Happening::End,
                    before.name(),
                    states,
                );
            }
        }
        Ok(())
    }

    pub(super) fn guardians(
        &mut self,
        here: Vec<Guardian>,
        listed: Vec<ListedGuardian>,
        known: &Known,
    ) -> Result<(), StoreError> {
        let by_id: HashMap<&str, &Guardian> = here.iter().map(|g| (g.id.as_str(), g)).collect();
        for row in listed {
            let place = format!("parent or carer '{}'", row.external_id);
            let (Ok(given), Ok(family)) = (row.given.parse::<Name>(), row.family.parse::<Name>())
            else {
                self.wrong(place, NAME_WRONG, NAME_MEND);
                continue;
            };
            let mut pupils = Vec::new();
            for pupil in &row.pupils {
                match known.get(pupil) {
                    Some(pupil) => pupils.push(pupil.clone()),
                    None => self.note(
                        "A parent or carer of a pupil who is not here: the tie was left out.",
                    ),
                }
            }
            pupils.sort();
            let before = self.linked(GUARDIAN, &row.external_id);
            let before = before.and_then(|id| by_id.get(id.as_str()).copied());
            let mut details = GuardianDetails {
                given_name: given,
                family_name: family,
                email: row.email.as_deref().and_then(|email| email.parse().ok()),
                phone: row.phone,
            };
            if details.check().is_err() {
                self.note("A telephone number that cannot be one was left out.");
                details.phone = None;
            }
            match before {
                Some(before) => self.known_guardian(before, details, pupils)?,
                None if pupils.is_empty() => self.note("A parent or carer of nobody who is here."),
                None => {
                    let new = Guardian {
                        id: self.store.fresh()?,
                        details,
                        demonstration: false,
                        pupils,
                    };
                    self.add(
                        GUARDIAN,
                        new.id.to_string(),
                        row.external_id,
                        new.name(),
                        state(&new)?,
                    );
                }
            }
        }
        Ok(())
    }

    /// With their last pupil, what is held of a parent or carer goes.
    fn known_guardian(
        &mut self,
        before: &Guardian,
        listed: GuardianDetails,
        pupils: Vec<PupilId>,
    ) -> Result<(), StoreError> {
        let mut after = before.clone();
        let ours = before.details.clone();
        match self.mode {
            Mode::OnlyAdd => return Ok(()),
            Mode::FileWins => {
                after.pupils = pupils;
                after.details = GuardianDetails {
                    email: listed.email.or(ours.email),
                    phone: listed.phone.or(ours.phone),
                    ..listed
                };
            }
            Mode::KeepOurs => {
                after.pupils.extend(pupils);
                after.pupils.sort();
                after.pupils.dedup();
                after.details = GuardianDetails {
                    email: ours.email.or(listed.email),
                    phone: ours.phone.or(listed.phone),
                    ..ours
                };
            }
        }
        let gone = after.pupils.is_empty();
        if after == *before {
            return Ok(());
        }
        self.changes.push(Planned {
            record_kind: GUARDIAN,
            record: before.id.to_string(),
            happening: if gone {
                Happening::End
            } else {
                Happening::Change
            },
            external_id: None,
            merge: None,
            asked: None,
            content: Content {
                name: before.name(),
                before: Some(state(before)?),
                after: (!gone).then(|| state(&after)).transpose()?,
                hints: Vec::new(),
            },
        });
        Ok(())
    }

    fn add(
        &mut self,
        record_kind: &'static str,
        record: String,
        external_id: String,
        name: String,
        after: serde_json::Value,
    ) {
        self.changes.push(Planned {
            record_kind,
            record,
            happening: Happening::Add,
            external_id: Some(external_id),
            merge: None,
            asked: None,
            content: Content {
                name,
                before: None,
                after: Some(after),
                hints: Vec::new(),
            },
        });
    }

    fn changed(
        &mut self,
        record_kind: &'static str,
        record: String,
        happening: Happening,
        name: String,
        (before, after): (serde_json::Value, serde_json::Value),
    ) {
        self.changes.push(Planned {
            record_kind,
            record,
            happening,
            external_id: None,
            merge: None,
            asked: None,
            content: Content {
                name,
                before: Some(before),
                after: Some(after),
                hints: Vec::new(),
            },
        });
    }
}
