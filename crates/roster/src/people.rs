//! Users, their roles and their ties, from files of their own, put together into staff, pupils, parents and carers.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;

use crate::cells::{Column, Row};
use crate::contract::Contract;
use crate::error::Faults;
use crate::record::{Guardian, Note, Person, Post, Pupil, Roster, School};
use crate::role::Standing;
use crate::year::Year;

/// A row of users.csv.
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) known_as: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) contract: Option<Contract>,
    pub(crate) year: Option<Year>,
    pub(crate) roles: Vec<Role>,
}

/// A role of a user at a school.
pub(crate) struct Role {
    pub(crate) school: String,
    pub(crate) printed: String,
    pub(crate) standing: Standing,
    pub(crate) primary: bool,
    pub(crate) begin: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) year: Option<Year>,
}

/// What the files of an export say, as far as it has been read.
#[derive(Default)]
pub(crate) struct Gathered {
    schools: Vec<School>,
    school_ids: HashSet<String>,
    users: Vec<User>,
    by_id: HashMap<String, usize>,
    /// Rows left out on purpose: a role for such a user is left out too.
    passed: HashSet<String>,
    born: HashMap<String, Date>,
    classes: HashMap<String, String>,
    /// Two users who belong together, in either order.
    ties: BTreeSet<(String, String)>,
    notes: BTreeMap<String, u32>,
}

const TWICE: &str = "Each id stands once in this file: remove one of the rows.";

impl Gathered {
    pub(crate) fn school(
        &mut self,
        school: School,
        row: &Row<'_>,
        id: &Column,
        faults: &mut Faults,
    ) {
        if self.school_ids.insert(school.external_id.clone()) {
            self.schools.push(school);
        } else {
            faults.push(row.fault(id, "This id stands in an earlier row too.", TWICE));
        }
    }

    pub(crate) fn user(&mut self, user: User, row: &Row<'_>, id: &Column, faults: &mut Faults) {
        match self.by_id.entry(user.id.clone()) {
            Entry::Occupied(_) => {
                faults.push(row.fault(id, "This id stands in an earlier row too.", TWICE));
            }
            Entry::Vacant(place) => {
                place.insert(self.users.len());
                self.users.push(user);
            }
        }
    }

    /// A user who is left out, with their roles and ties.
    pub(crate) fn pass(&mut self, id: String, why: &str) {
        self.passed.insert(id);
        self.note(why);
    }

    pub(crate) fn note(&mut self, why: &str) {
        *self.notes.entry(why.to_owned()).or_default() += 1;
    }

    pub(crate) fn has_school(&self, id: &str) -> bool {
        self.school_ids.contains(id)
    }

    /// The id of a school that must be there.
    pub(crate) fn school_id(
        &self,
        row: &Row<'_>,
        column: &Column,
        faults: &mut Faults,
    ) -> Option<String> {
        let id = row.id(column, faults)?;
        if self.school_ids.contains(&id) {
            return Some(id);
        }
        faults.push(row.fault(
            column,
            format!("There is no organisation '{id}' in orgs.csv."),
            "Export orgs.csv again together with this file.",
        ));
        None
    }

    /// The id of a user who must be there; none also for a user who is left out.
    pub(crate) fn user_id(
        &self,
        row: &Row<'_>,
        column: &Column,
        faults: &mut Faults,
    ) -> Option<String> {
        let id = row.id(column, faults)?;
        if self.by_id.contains_key(&id) {
            return Some(id);
        }
        if !self.passed.contains(&id) {
            faults.push(row.fault(
                column,
                format!("There is no user '{id}' in users.csv."),
                "Export users.csv again together with this file.",
            ));
        }
        None
    }

    pub(crate) fn role(&mut self, user: &str, role: Role) {
        let user = self.by_id.get(user).and_then(|at| self.users.get_mut(*at));
        if let Some(user) = user {
            user.roles.push(role);
        }
    }

    pub(crate) fn born(&mut self, user: String, day: Date) {
        self.born.insert(user, day);
    }

    pub(crate) fn class(&mut self, user: String, title: String) {
        self.classes.entry(user).or_insert(title);
    }

    pub(crate) fn tie(&mut self, one: &str, other: &str) {
        let (first, second) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        self.ties.insert((first.to_owned(), second.to_owned()));
    }

    /// The roster, in which a user with several roles can be staff, parent and (a sixth-former who helps) pupil at once.
    pub(crate) fn roster(mut self) -> Roster {
        let mut roster = Roster {
            schools: std::mem::take(&mut self.schools),
            ..Roster::default()
        };
        let is =
            |user: &User, standing: Standing| user.roles.iter().any(|r| r.standing == standing);
        let mut charges: HashMap<&str, BTreeSet<String>> = HashMap::new();
        let find = |id: &str| self.by_id.get(id).and_then(|at| self.users.get(*at));
        for (one, other) in &self.ties {
            let (Some(one), Some(other)) = (find(one), find(other)) else {
                *self
                    .notes
                    .entry("A tie to somebody who is not in users.csv.".to_owned())
                    .or_default() += 1;
                continue;
            };
            for (carer, pupil) in [(one, other), (other, one)] {
                if is(carer, Standing::Guardian) && is(pupil, Standing::Pupil) {
                    charges
                        .entry(&carer.id)
                        .or_default()
                        .insert(pupil.id.clone());
                }
            }
        }
        for user in &self.users {
            let mut used = false;
            let posts = posts(user);
            if !posts.is_empty() {
                roster.staff.push(person(user, posts));
                used = true;
            }
            if let Some(pupil) = pupil(user, &self.born, &self.classes) {
                roster.pupils.push(pupil);
                used = true;
            }
            if is(user, Standing::Guardian) {
                let pupils = charges.remove(user.id.as_str()).unwrap_or_default();
                roster.guardians.push(guardian(user, pupils));
                used = true;
            }
            if !used {
                *self
                    .notes
                    .entry("A user without a role at a school.".to_owned())
                    .or_default() += 1;
            }
        }
        roster.notes = self
            .notes
            .into_iter()
            .map(|(what, rows)| Note { what, rows })
            .collect();
        roster
    }
}

fn posts(user: &User) -> Vec<Post> {
    let mut posts: Vec<Post> = Vec::new();
    let mut roles: Vec<&Role> = user.roles.iter().collect();
    roles.sort_by_key(|role| !role.primary);
    for role in roles {
        let Standing::Staff(suggested_role) = role.standing else {
            continue;
        };
        let post = Post {
            school: role.school.clone(),
            printed_role: role.printed.clone(),
            suggested_role,
            begin: role.begin,
            end: role.end,
        };
        if !posts.contains(&post) {
            posts.push(post);
        }
    }
    posts
}

fn person(user: &User, posts: Vec<Post>) -> Person {
    Person {
        external_id: user.id.clone(),
        given: user.given.clone(),
        family: user.family.clone(),
        known_as: user.known_as.clone(),
        email: user.email.clone(),
        username: user.username.clone(),
        contract: user.contract,
        posts,
        enabled: user.enabled,
    }
}

/// A pupil is at one school: where their primary role is, else their first.
fn pupil(
    user: &User,
    born: &HashMap<String, Date>,
    classes: &HashMap<String, String>,
) -> Option<Pupil> {
    let mut roles = user.roles.iter().filter(|r| r.standing == Standing::Pupil);
    let first = roles.clone().next()?;
    let role = roles.find(|r| r.primary).unwrap_or(first);
    Some(Pupil {
        external_id: user.id.clone(),
        given: user.given.clone(),
        family: user.family.clone(),
        known_as: user.known_as.clone(),
        year: user.year.or(role.year),
        class: classes.get(&user.id).cloned(),
        born: born.get(&user.id).copied(),
        school: role.school.clone(),
    })
}

fn guardian(user: &User, pupils: BTreeSet<String>) -> Guardian {
    Guardian {
        external_id: user.id.clone(),
        given: user.given.clone(),
        family: user.family.clone(),
        email: user.email.clone(),
        phone: user.phone.clone(),
        pupils: pupils.into_iter().collect(),
    }
}
