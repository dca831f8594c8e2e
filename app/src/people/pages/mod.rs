//! The pages about people.

mod add;
mod change;
mod choosing;
mod delegation;
mod ending;
mod entry;
mod erasing;
mod giving;
mod history;
mod list;
mod manager;
mod me;
mod shown;
#[cfg(test)]
mod tests;

pub(crate) use erasing::{Erased, Erasing, form as erasing_form};

use axum::response::Redirect;
use jiff::civil::Date;
use serde::Deserialize;

use super::PeopleError;
use crate::authority::{Access, Action, Permit, Role, Routes};
use crate::store::{Query, SchoolId, StoreError};
use crate::web::form::Choice;

#[cfg(test)]
pub(crate) use {choosing::ChoosePage, list::ListPage, me::MePage, shown::PersonPage};

pub(crate) fn routes() -> Routes {
    let view = Access::May(Action::ViewPeople);
    let manage = Access::May(Action::ManagePeople);
    let give = Access::May(Action::GiveRoles);
    let delegate = Access::May(Action::Delegate);
    let erase = Access::May(Action::Erase);
    Routes::new()
        .get("/people", view, list::list)
        .get("/people/add", manage, add::form)
        .post("/people/add", manage, add::step)
        .get("/people/{person}", view, shown::show)
        .get("/people/{person}/change", manage, change::form)
        .post("/people/{person}/change", manage, change::save)
        .get("/people/{person}/end", manage, ending::form)
        .post("/people/{person}/end", manage, ending::save)
        .get("/people/{person}/manager", manage, manager::form)
        .post("/people/{person}/manager", manage, manager::save)
        .get("/people/{person}/roles/give", give, giving::form)
        .post("/people/{person}/roles/give", give, giving::save)
        .get("/people/{person}/roles/{role}/take", give, giving::confirm)
        .post("/people/{person}/roles/{role}/take", give, giving::take)
        .get(
            "/people/{person}/delegations/{delegation}/revoke",
            give,
            delegation::confirm_for,
        )
        .post(
            "/people/{person}/delegations/{delegation}/revoke",
            give,
            delegation::revoke_for,
        )
        .get("/people/{person}/erase", erase, erasing::confirm)
        .post("/people/{person}/erase", erase, erasing::save)
        .get("/me", Access::SignedIn, me::show)
        .get("/me/delegate", delegate, delegation::form)
        .post("/me/delegate", delegate, delegation::save)
        .get(
            "/me/delegations/{delegation}/revoke",
            delegate,
            delegation::confirm,
        )
        .post(
            "/me/delegations/{delegation}/revoke",
            delegate,
            delegation::revoke,
        )
}

/// What was just done, told once on the page that follows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Done {
    Added,
    Changed,
    Ended,
    Stays,
    RoleGiven,
    RoleTaken,
    Erased,
    Delegated,
    Revoked,
}

impl Done {
    const fn says(self) -> &'static str {
        match self {
            Self::Added => "The person was added",
            Self::Changed => "The change was saved",
            Self::Ended => "The last day was saved",
            Self::Stays => "The last day was taken back",
            Self::RoleGiven => "The role was given",
            Self::RoleTaken => "The role was taken away",
            Self::Erased => "What was held of this person was erased",
            Self::Delegated => "Your roles were handed over for these days",
            Self::Revoked => "The handover was taken back",
        }
    }
}

/// The query of a page that may follow an action.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    done: Option<Done>,
}

impl After {
    fn says(&self) -> &'static str {
        self.done.map_or("", Done::says)
    }
}

/// To a person's page, where it says what was done.
fn to_person(id: &crate::store::PersonId, done: &str) -> Redirect {
    Redirect::to(&format!("/people/{id}?done={done}"))
}

/// The schools of the trust that are open, by name.
pub(crate) async fn schools(
    query: &mut impl Query,
    today: Date,
) -> Result<Vec<(SchoolId, String)>, StoreError> {
    let all = crate::schools::all(query).await?;
    let open = all.into_iter().filter(|school| school.is_open(today));
    Ok(open
        .map(|school| (school.id, school.details.name))
        .collect())
}

/// Where the permit holds, to choose from: schools, and the whole trust (an empty value is a
/// choice that was not made, so the trust has the value `trust`).
fn places(permit: &Permit, schools: &[(SchoolId, String)]) -> Vec<Choice> {
    use crate::authority::Place;
    let here = |school: &&(SchoolId, String)| permit.at(Place::School(&school.0)).is_ok();
    let mut places: Vec<Choice> = schools
        .iter()
        .filter(here)
        .map(|(id, name)| Choice::new(id.as_str(), name))
        .collect();
    if permit.at(Place::Trust).is_ok() {
        places.push(Choice::new("trust", "The whole trust"));
    }
    places
}

/// Roles to choose from.
fn role_choices(roles: impl IntoIterator<Item = Role>) -> Vec<Choice> {
    roles
        .into_iter()
        .map(|role| Choice::new(role.name(), role.label()))
        .collect()
}

/// The field of a form to which an error belongs and what it says; any other error is a problem.
fn fault(error: PeopleError) -> Result<(&'static str, String), crate::web::problem::Problem> {
    use super::Refusal;
    let PeopleError::Refused(refusal) = error else {
        return Err(error.into());
    };
    let field = match refusal {
        Refusal::EmailTaken => "email",
        Refusal::NoSuchSchool | Refusal::OnlyAtTheTrust => "school",
        Refusal::HeldAlready => "role",
        Refusal::EndsBeforeItStarts | Refusal::DelegationDays => "ends",
        Refusal::DayOutOfBounds => "starts",
        Refusal::NoSuchManager | Refusal::ManagerCircle | Refusal::NoSuchDelegate => "chosen",
        _ => "",
    };
    Ok((field, refusal.to_string()))
}
