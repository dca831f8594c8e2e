//! Staff: who is new, who changes, who has left.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use roster::{Person as Listed, Post};

use super::alike::Alike;
use super::{Asked, Content, Happening, Merge, Planned, Planning, state};
use crate::authority::Role;
use crate::people::{self, Details, Email, HeldRole, Name, Person, Standing, folded};
use crate::roster::import::Mode;
use crate::store::{HeldRoleId, PersonId, SchoolId, StoreError};

pub(super) const KIND: &str = "person";
const NAME_MEND: &str = "Correct it in the system that the roster comes from, and export again.";

/// A row of the roster with its values checked.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) row: Listed,
    pub(super) given: Name,
    pub(super) family: Name,
    pub(super) known_as: Option<Name>,
    email: Option<Email>,
    pub(super) posts: Vec<(Option<SchoolId>, Post)>,
}

impl Planning<'_> {
    pub(super) fn staff(
        &mut self,
        here: Vec<Person>,
        listed: Vec<Listed>,
    ) -> Result<(), StoreError> {
        let by_id: HashMap<&str, &Person> = here.iter().map(|p| (p.id.as_str(), p)).collect();
        let address = |p: &Person| p.details.email.as_ref().map(|e| e.as_str().to_owned());
        let by_email: HashMap<String, &Person> =
            here.iter().filter_map(|p| Some((address(p)?, p))).collect();
        let mut present: HashSet<PersonId> = HashSet::new();
        let mut addresses: HashSet<String> = HashSet::new();
        let mut unmatched = Vec::new();
        for row in listed {
            let Some(row) = self.checked(row) else {
                continue;
            };
            let email = row.email.as_ref().map(|e| e.as_str().to_owned());
            if let Some(email) = &email
                && !addresses.insert(email.clone())
            {
                self.wrong(
                    format!("staff '{}'", row.row.external_id),
                    format!("Another row has the e-mail address {email} as well."),
                    "Give each person an address of their own, or leave one of them empty.",
                );
                continue;
            }
            let linked = self.linked(KIND, &row.row.external_id);
            let linked = linked.and_then(|id| by_id.get(id.as_str()).copied());
            let matched = email
                .as_ref()
                .and_then(|email| by_email.get(email).copied());
            let over = row.posts.is_empty();
            match linked.or(matched) {
                None if over => self.note("Staff whose time at every school is over already."),
                None => unmatched.push(row),
                Some(_) if over => {}
                Some(person) if present.insert(person.id.clone()) => {
                    let merge = match linked {
                        Some(_) => None,
                        None => Some((self.likeness(person, &row), Asked::Address)),
                    };
                    let taken = linked.is_some() && matched.is_some_and(|m| m.id != person.id);
                    self.known_person(person, row, merge, taken)?;
                }
                Some(person) => self.wrong(
                    format!("staff '{}'", row.row.external_id),
                    format!("Another row stands for {} as well.", person.name()),
                    "Remove one of the two rows, or give them different e-mail addresses.",
                ),
            }
        }
        let links = std::mem::take(&mut self.links);
        let offered = self.unmatched(unmatched, &Alike::new(&here, &links), &present)?;
        self.links = links;
        if self.mode != Mode::OnlyAdd {
            self.ended(&here, &present)?;
            self.stay(&offered);
        }
        Ok(())
    }

    fn checked(&mut self, row: Listed) -> Option<Checked> {
        let place = format!("staff '{}'", row.external_id);
        let (Ok(given), Ok(family)) = (row.given.parse(), row.family.parse()) else {
            self.wrong(
                place,
                "A given and a family name of at most 100 characters are needed.",
                NAME_MEND,
            );
            return None;
        };
        let email = match row.email.as_deref().map(str::parse) {
            Some(Err(_)) => {
                self.wrong(place, "This e-mail address cannot be one.", NAME_MEND);
                return None;
            }
            Some(Ok(email)) => Some(email),
            None => None,
        };
        let mut posts = Vec::new();
        for post in &row.posts {
            let Some(school) = self.places.find(&post.school) else {
                self.unknown_school(&place, &post.school);
                return None;
            };
            if post.end.is_none_or(|last| last >= self.today) {
                posts.push((school, post.clone()));
            }
        }
        Some(Checked {
            given,
            family,
            known_as: row.known_as.as_deref().and_then(|name| name.parse().ok()),
            email,
            posts,
            row,
        })
    }

    pub(super) fn unknown_school(&mut self, place: &str, school: &str) {
        self.wrong(
            place.to_owned(),
            format!("There is no school here that the roster's '{school}' could be."),
            "Add the school first, or give it here the URN, the DfE number or the name that the roster has. If it was closed here, leave its rows out.",
        );
    }

    pub(super) fn new_person(&mut self, row: Checked) -> Result<(), StoreError> {
        let roles = self.roles(&[], &row)?;
        let person = Person {
            id: self.store.fresh()?,
            details: Details {
                given_name: row.given,
                family_name: row.family,
                known_as: row.known_as,
                email: row.email,
                contract: row.row.contract,
                line_manager: None,
                starts_on: row.posts.iter().filter_map(|(_, post)| post.begin).min(),
            },
            ends_on: None,
            demonstration: false,
            roles,
        };
        self.changes.push(Planned {
            record_kind: KIND,
            record: person.id.to_string(),
            happening: Happening::Add,
            external_id: Some(row.row.external_id),
            merge: None,
            asked: None,
            content: Content {
                name: person.name(),
                before: None,
                after: Some(state(&person)?),
                hints: hints(&row.row.posts),
            },
        });
        Ok(())
    }

    pub(super) fn known_person(
        &mut self,
        before: &Person,
        row: Checked,
        asked: Option<(Merge, Asked)>,
        address_taken: bool,
    ) -> Result<(), StoreError> {
        let returns = before.standing(self.today) == Standing::Left;
        let mut after = match returns {
            true => people::ended(before, None, self.today),
            false => before.clone(),
        };
        let wins = self.mode == Mode::FileWins;
        if self.mode != Mode::OnlyAdd {
            self.details(
                &mut after.details,
                &row,
                wins,
                address_taken,
                powerful(before, self.today),
            );
            after.roles = self.roles(&after.roles, &row)?;
        }
        let happening = match (self.mode, returns) {
            (Mode::OnlyAdd, _) => Happening::Link,
            (_, true) => Happening::Return,
            _ if after == *before => Happening::Link,
            _ => Happening::Change,
        };
        if happening == Happening::Link && asked.is_none() {
            return Ok(());
        }
        let link = happening == Happening::Link;
        self.changes.push(Planned {
            record_kind: KIND,
            record: before.id.to_string(),
            happening,
            external_id: asked.is_some().then_some(row.row.external_id),
            merge: asked.map(|(merge, _)| merge),
            asked: asked.map(|(_, by)| by),
            content: Content {
                name: before.name(),
                before: (!link).then(|| state(before)).transpose()?,
                after: (!link).then(|| state(&after)).transpose()?,
                hints: Vec::new(),
            },
        });
        Ok(())
    }

    /// Matched by address: the same family name as well makes them the same person, unless somebody has
    /// said otherwise.
    fn likeness(&self, person: &Person, row: &Checked) -> Merge {
        let alike = folded(person.details.family_name.as_str()) == folded(row.family.as_str());
        match self
            .answer(&row.row.external_id, &person.id)
            .unwrap_or(alike)
        {
            true => Merge::Same,
            false => Merge::Apart,
        }
    }

    fn details(&mut self, ours: &mut Details, row: &Checked, wins: bool, taken: bool, power: bool) {
        if wins {
            ours.given_name = row.given.clone();
            ours.family_name = row.family.clone();
        }
        if row.known_as.is_some() && (wins || ours.known_as.is_none()) {
            ours.known_as.clone_from(&row.known_as);
        }
        if row.row.contract.is_some() && (wins || ours.contract.is_none()) {
            ours.contract = row.row.contract;
        }
        let begin = row.posts.iter().filter_map(|(_, post)| post.begin).min();
        if begin.is_some() && (wins || ours.starts_on.is_none()) {
            ours.starts_on = begin;
        }
        let other = row.email.is_some() && row.email != ours.email;
        if other && (wins || ours.email.is_none()) {
            if taken {
                self.note("A new e-mail address that somebody else here has: the old one stays.");
            } else if power {
                self.note("A new e-mail address for somebody with more rights than plain staff: change it by hand.");
            } else {
                ours.email.clone_from(&row.email);
            }
        }
    }

    /// The roles with those of the row: plain staff, never more.
    fn roles(&self, held: &[HeldRole], row: &Checked) -> Result<Vec<HeldRole>, StoreError> {
        let mut roles = held.to_vec();
        let mut kept: HashSet<HeldRoleId> = HashSet::new();
        for (school, post) in &row.posts {
            let same = |held: &&mut HeldRole| {
                held.role == Role::Staff && held.school == *school && !held.over(self.today)
            };
            if let Some(held) = roles.iter_mut().find(same) {
                if self.mode == Mode::FileWins {
                    held.ends_on = post.end.or(held.ends_on);
                    held.starts_on = post.begin.or(held.starts_on);
                }
                kept.insert(held.id.clone());
                continue;
            }
            let new = HeldRole {
                id: self.store.fresh()?,
                role: Role::Staff,
                school: school.clone(),
                starts_on: Some(post.begin.unwrap_or(self.today)),
                ends_on: post.end,
            };
            kept.insert(new.id.clone());
            roles.push(new);
        }
        for held in &mut roles {
            let covered = held
                .school
                .as_ref()
                .is_some_and(|school| self.places.covers(school));
            if held.role == Role::Staff
                && covered
                && !held.over(self.today)
                && !kept.contains(&held.id)
            {
                held.ends_on = Some(self.last_day(held.starts_on));
            }
        }
        // The oldest first, as they are read.
        roles.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(roles)
    }

    /// Who came from a roster, works only where this one speaks of, and is not in it.
    fn ended(&mut self, here: &[Person], present: &HashSet<PersonId>) -> Result<(), StoreError> {
        let brought = self.brought(KIND);
        for before in here {
            let gone = brought.contains(before.id.as_str()) && !present.contains(&before.id);
            if !gone || before.standing(self.today) == Standing::Left || before.ends_on.is_some() {
                continue;
            }
            let here_still = |held: &&HeldRole| !held.over(self.today);
            let covered = |held: &HeldRole| match &held.school {
                Some(school) => self.places.covers(school),
                None => false,
            };
            if !before.roles.iter().filter(here_still).any(covered) {
                continue;
            }
            if powerful(before, self.today) {
                self.note("Somebody with more rights than plain staff who is not in the roster any more: end their time by hand.");
                continue;
            }
            let everywhere = before.roles.iter().filter(here_still).all(covered);
            let mut after = before.clone();
            if everywhere {
                let last = self.last_day(before.details.starts_on);
                after = people::ended(before, Some(last), self.today);
            } else {
                for held in &mut after.roles {
                    if covered(held) && !held.over(self.today) {
                        held.ends_on = Some(self.last_day(held.starts_on));
                    }
                }
            }
            self.changes.push(Planned {
                record_kind: KIND,
                record: before.id.to_string(),
                happening: if everywhere {
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
                    after: Some(state(&after)?),
                    hints: Vec::new(),
                },
            });
        }
        Ok(())
    }
}

/// Whether somebody holds a role beyond plain staff, now or later.
fn powerful(person: &Person, today: Date) -> bool {
    let beyond = |held: &HeldRole| held.role != Role::Staff && !held.over(today);
    person.roles.iter().any(beyond)
}

fn hints(posts: &[Post]) -> Vec<String> {
    let hinted = posts.iter().filter_map(|post| post.suggested_role);
    let mut hints: Vec<String> = hinted.map(|role| role.id().to_owned()).collect();
    hints.dedup();
    hints
}
