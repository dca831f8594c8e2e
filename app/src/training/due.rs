//! Who must take which course.

use jiff::civil::Date;
use register::FieldKind;

use super::{COURSE, REGISTER};
use crate::authority::{Actor, Role};
use crate::cases::{self, CaseError, Engine, InForce};
use crate::people::{HeldRole, Person};
use crate::store::{Query, SchoolId};

/// A course, and who must take it at a school.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Course {
    pub(super) id: String,
    pub(super) says: String,
    roles: Vec<Role>,
}

/// The courses of a school today, in the order of the register.
pub(super) async fn courses(
    query: &mut impl Query,
    engine: &Engine,
    school: &SchoolId,
    today: Date,
) -> Result<Vec<Course>, CaseError> {
    let rules = cases::in_force(query, &engine.registers(), REGISTER, Some(school), today).await?;
    let field = rules.register().field(COURSE);
    let values = match field.map(|field| &field.kind) {
        Some(FieldKind::Choice(values)) => values.as_slice(),
        _ => &[],
    };
    let course = |value: &register::ChoiceValue| Course {
        id: value.id.clone(),
        says: value.says.clone(),
        roles: who(&rules, &value.id),
    };
    Ok(values.iter().map(course).collect())
}

/// The setting `who_COURSE` names them.
fn who(rules: &InForce, course: &str) -> Vec<Role> {
    let setting = format!("who_{}", course.replace('-', "_"));
    let roles = rules.settings.roles(&setting).iter();
    roles.filter_map(|role| Role::named(role)).collect()
}

impl Course {
    /// Whether somebody must take it at a school: by a role that they hold there on that day. Whoever holds another
    /// role there but a governor's is of the staff too.
    pub(super) fn is_for(&self, person: &Person, school: &SchoolId, day: Date) -> bool {
        let here = |held: &&HeldRole| held.school.as_ref() == Some(school) && !held.over(day);
        let governs = |role: Role| matches!(role, Role::Governor | Role::ChairOfGovernors);
        person.roles.iter().filter(here).any(|held| {
            self.roles.iter().any(|role| match role {
                Role::Staff => !governs(held.role),
                Role::Governor => governs(held.role),
                other => *other == held.role,
            })
        })
    }
}

/// What the program acts as.
pub(super) fn program(trust: &crate::store::TrustId) -> Actor {
    Actor::operator(trust.clone())
}
