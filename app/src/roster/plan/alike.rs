//! Staff who may be the same person: another id and no e-mail address in common, but the same name and
//! either a school in common or the same staff number. A person says whether they are.

use std::collections::{HashMap, HashSet};

use super::staff::{Checked, KIND};
use super::{Asked, Merge, Planning};
use crate::people::{Person, folded};
use crate::store::{PersonId, StoreError};

/// A staff number has at least so many digits, and so few characters that it is no random id.
const NUMBER: (usize, usize) = (3, 12);

/// Whoever is here, by name.
pub(super) struct Alike<'a> {
    by_name: HashMap<String, Vec<&'a Person>>,
    numbers: HashMap<&'a str, HashSet<String>>,
}

impl<'a> Alike<'a> {
    pub(super) fn new(here: &'a [Person], links: &'a HashMap<(String, String), String>) -> Self {
        let mut by_name: HashMap<String, Vec<&Person>> = HashMap::new();
        for person in here {
            let details = &person.details;
            let family = details.family_name.as_str();
            let given = Some(details.given_name.as_str());
            let known_as = details.known_as.as_ref().map(|name| name.as_str());
            for name in names(given, known_as, family) {
                by_name.entry(name).or_default().push(person);
            }
        }
        let mut numbers: HashMap<&str, HashSet<String>> = HashMap::new();
        for ((kind, id), record) in links {
            if kind == KIND
                && let Some(number) = number(id)
            {
                numbers.entry(record).or_default().insert(number);
            }
        }
        Self { by_name, numbers }
    }

    /// The first person who may be the one of a row and is not spoken for.
    fn find(&self, row: &Checked, spoken_for: &HashSet<PersonId>) -> Option<&'a Person> {
        let known_as = row.known_as.as_ref().map(|name| name.as_str());
        let called = names(Some(row.given.as_str()), known_as, row.family.as_str());
        let named = called.iter().filter_map(|name| self.by_name.get(name));
        named.flatten().copied().find(|person| {
            !spoken_for.contains(&person.id)
                && (one_school(person, row) || self.one_number(person, row))
        })
    }

    fn one_number(&self, person: &Person, row: &Checked) -> bool {
        let of_row = number(&row.row.external_id);
        let of_person = self.numbers.get(person.id.as_str());
        of_row
            .zip(of_person)
            .is_some_and(|(number, numbers)| numbers.contains(&number))
    }
}

fn names<'n>(given: Option<&'n str>, known_as: Option<&'n str>, family: &str) -> HashSet<String> {
    let firsts = [given, known_as].into_iter().flatten();
    firsts
        .map(|first| folded(&format!("{first} {family}")))
        .collect()
}

fn one_school(person: &Person, row: &Checked) -> bool {
    let mut schools = person.roles.iter().filter_map(|held| held.school.as_ref());
    schools.any(|school| row.posts.iter().any(|(at, _)| at.as_ref() == Some(school)))
}

/// The digits of a staff number, however a system pads it: `E-00123` and `123` are one.
fn number(id: &str) -> Option<String> {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let (least, most) = NUMBER;
    (digits.len() >= least && id.chars().count() <= most).then(|| digits.to_owned())
}

impl Planning<'_> {
    /// Rows that no id and no address matched: new people, unless somebody says that they are one who is here.
    pub(super) fn unmatched(
        &mut self,
        rows: Vec<Checked>,
        alike: &Alike<'_>,
        present: &HashSet<PersonId>,
    ) -> Result<Vec<(PersonId, Merge)>, StoreError> {
        let mut spoken_for = present.clone();
        let mut offered = Vec::new();
        for row in rows {
            let Some(person) = alike.find(&row, &spoken_for) else {
                self.new_person(row)?;
                continue;
            };
            spoken_for.insert(person.id.clone());
            let same = self.answer(&row.row.external_id, &person.id) == Some(true);
            let merge = if same { Merge::Same } else { Merge::Apart };
            let instead_of = self.changes.len();
            self.new_person(row.clone())?;
            if same && let Some(new) = self.changes.last_mut() {
                new.merge = Some(Merge::Apart);
            }
            let asked = Asked::Name { instead_of };
            self.known_person(person, row, Some((merge, asked)), false)?;
            offered.push((person.id.clone(), merge));
        }
        Ok(offered)
    }

    /// Whoever was found to be the same person has not left.
    pub(super) fn stay(&mut self, offered: &[(PersonId, Merge)]) {
        let same: HashSet<&str> = offered
            .iter()
            .filter(|(_, merge)| *merge == Merge::Same)
            .map(|(id, _)| id.as_str())
            .collect();
        for change in &mut self.changes {
            if change.asked.is_none() && same.contains(change.record.as_str()) {
                change.merge = Some(Merge::Apart);
            }
        }
    }
}
