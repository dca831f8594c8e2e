//! Who people are to a case: what they may see and do, whom it waits for, who is told.

use std::collections::BTreeSet;

use jiff::civil::Date;
use register::life::{Who, acting_role};
use register::{FieldKind, Party};

use super::CaseError;
use super::case::{About, Case};
use super::rules::InForce;
use crate::authority::{Actor, Means, Role};
use crate::people;
use crate::sign_in;
use crate::store::{PersonId, Query, SchoolId, StoreError};
use crate::values;

/// Somebody as they stand to a case.
pub(super) async fn who(
    query: &mut impl Query,
    rules: &InForce,
    case: &Case,
    actor: &Actor,
    today: Date,
) -> Result<Who, CaseError> {
    let me = actor.person.as_ref();
    let subject = case.subject_person();
    let mut line_manager = None;
    let mut of_subject = Vec::new();
    if let Some(subject) = subject {
        let person = people::find(query, subject).await?;
        line_manager = person.and_then(|person| person.details.line_manager);
        let held = sign_in::roles_of(query, subject, today).await?;
        of_subject = here(&held, case.school.as_ref());
    }
    let mut who = Who {
        id: me.map(ToString::to_string).unwrap_or_default(),
        roles: here(&actor.roles, case.school.as_ref()),
        elsewhere: Vec::new(),
        opener: me.is_some() && me == case.opened_by.as_ref(),
        subject: me.is_some() && me == subject,
        handler: me.is_some() && me == case.handler.as_ref(),
        line_manager: me.is_some() && me == line_manager.as_ref(),
        named: Vec::new(),
        program: me.is_none() && matches!(actor.means, Means::Operator),
        of_subject,
    };
    who.named = named(rules, case, &who.id);
    if let Some(school) = &case.school {
        who.elsewhere = elsewhere(query, actor, school, &who.of_subject, today).await?;
    }
    Ok(who)
}

/// The names of the roles held at a school or the whole trust; at the trust alone where no school is named.
pub(super) fn here(held: &[crate::authority::Held], school: Option<&SchoolId>) -> Vec<String> {
    let here = held
        .iter()
        .filter(|held| held.school.is_none() || held.school.as_ref() == school);
    let roles: BTreeSet<&str> = here.map(|held| held.role.name()).collect();
    roles.into_iter().map(str::to_owned).collect()
}

/// The roles held at other schools that nobody but the case's own people holds at this one.
async fn elsewhere(
    query: &mut impl Query,
    actor: &Actor,
    school: &SchoolId,
    of_subject: &[String],
    today: Date,
) -> Result<Vec<String>, CaseError> {
    let mut roles = Vec::new();
    let others = actor
        .roles
        .iter()
        .filter(|held| held.school.as_ref().is_some_and(|at| at != school));
    for role in others.map(|held| held.role).collect::<BTreeSet<Role>>() {
        let acting = Role::named(acting_role(role.name(), of_subject)).unwrap_or(role);
        if holders(query, acting, Some(school), today).await?.len() < 2 {
            roles.push(role.name().to_owned());
        }
    }
    Ok(roles)
}

fn named(rules: &InForce, case: &Case, me: &str) -> Vec<String> {
    let named = case.answers.iter().filter(|(name, answers)| {
        let field = rules.register().field(name);
        field.is_some_and(|field| field.kind == FieldKind::Person)
            && answers.iter().any(|answer| answer == me)
    });
    named.map(|(name, _)| name.clone()).collect()
}

/// Those who hold a role at a school on a day, stand-ins included; those of the whole trust where nobody does, and
/// where no school is named.
pub(super) async fn holders(
    query: &mut impl Query,
    role: Role,
    school: Option<&SchoolId>,
    day: Date,
) -> Result<Vec<PersonId>, StoreError> {
    if let Some(school) = school {
        let rows = query
            .all(
                "SELECT h.person AS id FROM held_role h JOIN person p ON p.trust = h.trust AND p.id = h.person \
                 WHERE h.trust = $1 AND h.role = $2 AND h.school = $3 \
                   AND (h.starts_on IS NULL OR h.starts_on <= $4) AND (h.ends_on IS NULL OR h.ends_on >= $4) \
                   AND (p.ends_on IS NULL OR p.ends_on >= $4) \
                 UNION \
                 SELECT d.delegate AS id FROM delegation d JOIN held_role h \
                   ON h.trust = d.trust AND h.person = d.person AND h.school = d.school \
                 WHERE d.trust = $1 AND h.role = $2 AND h.school = $3 \
                   AND d.starts_on <= $4 AND d.ends_on >= $4 \
                   AND (h.starts_on IS NULL OR h.starts_on <= $4) AND (h.ends_on IS NULL OR h.ends_on >= $4) \
                 ORDER BY id",
                values![role, school, day],
            )
            .await?;
        if !rows.is_empty() {
            return rows.iter().map(|row| row.get("id")).collect();
        }
    }
    let rows = query
        .all(
            "SELECT DISTINCT h.person AS id FROM held_role h JOIN person p ON p.trust = h.trust AND p.id = h.person \
             WHERE h.trust = $1 AND h.role = $2 AND h.school IS NULL \
               AND (h.starts_on IS NULL OR h.starts_on <= $3) AND (h.ends_on IS NULL OR h.ends_on >= $3) \
               AND (p.ends_on IS NULL OR p.ends_on >= $3) ORDER BY id",
            values![role, day],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Those who hold a role at other schools of the trust on a day.
pub(super) async fn holders_elsewhere(
    query: &mut impl Query,
    role: Role,
    school: Option<&SchoolId>,
    day: Date,
) -> Result<Vec<PersonId>, StoreError> {
    let rows = query
        .all(
            "SELECT DISTINCT h.person AS id FROM held_role h JOIN person p ON p.trust = h.trust AND p.id = h.person \
             WHERE h.trust = $1 AND h.role = $2 AND h.school IS NOT NULL AND h.school <> $3 \
               AND (h.starts_on IS NULL OR h.starts_on <= $4) AND (h.ends_on IS NULL OR h.ends_on >= $4) \
               AND (p.ends_on IS NULL OR p.ends_on >= $4) ORDER BY id",
            values![role, school.map_or("", SchoolId::as_str), day],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// A party to a case: people by name, or whoever holds a role.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Side {
    /// This person.
    Person(PersonId),
    /// Whoever holds the role at the case's school.
    Role(Role),
}

/// The subject of a case: their line manager, and the roles that decide who acts in whose place.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    line_manager: Option<PersonId>,
    roles: Vec<String>,
}

impl Subject {
    pub(super) async fn of(
        query: &mut impl Query,
        case: &Case,
        today: Date,
    ) -> Result<Self, CaseError> {
        let Some(person) = case.subject_person() else {
            return Ok(Self::default());
        };
        let known = people::find(query, person).await?;
        let held = sign_in::roles_of(query, person, today).await?;
        Ok(Self {
            line_manager: known.and_then(|person| person.details.line_manager),
            roles: here(&held, case.school.as_ref()),
        })
    }

    /// The sides that a party stands for. Whoever a case is kept from is none of them.
    pub(super) fn sides(&self, rules: &InForce, case: &Case, party: &Party) -> Vec<Side> {
        let role = |name: &str| Role::named(acting_role(name, &self.roles)).map(Side::Role);
        let person = |person: Option<&PersonId>| person.cloned().map(Side::Person);
        let hidden = |side: &Side| {
            let subject = case.subject_person();
            let kept = rules.register().undisclosed && !case.disclosed;
            kept && matches!(side, Side::Person(person) if Some(person) == subject)
        };
        let sides: Vec<Side> = match party {
            Party::Role(name) => role(name).into_iter().collect(),
            Party::Setting(name) => rules
                .settings
                .roles(name)
                .iter()
                .filter_map(|name| role(name))
                .collect(),
            Party::Opener => person(case.opened_by.as_ref()).into_iter().collect(),
            Party::Subject => person(case.subject_person()).into_iter().collect(),
            Party::Handler => person(case.handler.as_ref()).into_iter().collect(),
            Party::LineManager => person(self.line_manager.as_ref()).into_iter().collect(),
            Party::Named(field) => {
                let answers = case.answers.get(field).into_iter().flatten();
                answers
                    .filter_map(|answer| answer.parse().ok().map(Side::Person))
                    .collect()
            }
            Party::Public | Party::Program => Vec::new(),
        };
        sides.into_iter().filter(|side| !hidden(side)).collect()
    }

    /// The role that acts in place of another on a case about this subject.
    pub(super) fn acting(&self, role: Role) -> Role {
        Role::named(acting_role(role.name(), &self.roles)).unwrap_or(role)
    }
}

/// The people who are on a side.
pub(super) async fn people_of(
    query: &mut impl Query,
    case: &Case,
    sides: &[Side],
    today: Date,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut people = BTreeSet::new();
    for side in sides {
        match side {
            Side::Person(person) => {
                people.insert(person.clone());
            }
            Side::Role(role) => people.extend(
                holders(query, *role, case.school.as_ref(), today)
                    .await?
                    .into_iter()
                    .filter(|person| case.subject_person() != Some(person)),
            ),
        }
    }
    Ok(people)
}

/// Whom a case is about, by its register.
pub(super) fn about(
    register: &register::Register,
    opener: Option<&PersonId>,
    answers: &register::value::Answers,
) -> Option<About> {
    match &register.subject {
        register::Subject::Opener => opener.cloned().map(About::Person),
        register::Subject::Nobody => None,
        register::Subject::Field(name) => {
            let kind = match register.field(name)?.kind {
                FieldKind::Pupil => "pupil",
                _ => "person",
            };
            About::read(kind, answers.get(name)?.first()?)
        }
    }
}
