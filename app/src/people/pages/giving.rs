//! Giving and taking roles.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::entry::place;
use super::list::role_at;
use super::{fault, places, role_choices, schools, to_person};
use crate::authority::{Permit, Role};
use crate::people::{self, NewRole, Person, may_give};
use crate::store::{HeldRoleId, PersonId, SchoolId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Answer, Asked, Choice, DateTyped, Faults, Field, FormPage};
use crate::web::problem::{Kind, Problem};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Giving {
    role: String,
    school: String,
    starts_day: String,
    starts_month: String,
    starts_year: String,
    ends_day: String,
    ends_month: String,
    ends_year: String,
}

impl Giving {
    fn starts(&self) -> DateTyped {
        DateTyped {
            day: self.starts_day.clone(),
            month: self.starts_month.clone(),
            year: self.starts_year.clone(),
        }
    }

    fn ends(&self) -> DateTyped {
        DateTyped {
            day: self.ends_day.clone(),
            month: self.ends_month.clone(),
            year: self.ends_year.clone(),
        }
    }

    fn read(&self, permit: &Permit, faults: &mut Faults) -> Option<NewRole> {
        let role = Role::named(&self.role);
        if role.is_none() {
            faults.add("role", "Choose a role.");
        }
        let school = place(&self.school, faults);
        let starts_on = faults.take("starts", self.starts().read());
        let ends_on = faults.take("ends", self.ends().read());
        let new = NewRole {
            role: role?,
            school: school?,
            starts_on: starts_on?,
            ends_on: ends_on?,
        };
        if !may_give(permit.actor(), new.role, new.place()) {
            let told = "You cannot give this role there. Ask your trust’s administrator.";
            faults.add("role", told);
            return None;
        }
        Some(new)
    }
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, &permit, &id, app.today()).await?;
    let places = places(&permit, &schools(&mut reader, app.today()).await?);
    app.render(&asked(
        &person,
        places,
        &Giving::default(),
        &Faults::default(),
    ))
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Form(giving): Form<Giving>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let person = people::seen(&mut reader, &permit, &id, app.today()).await?;
    let mut faults = Faults::default();
    if let Some(new) = giving.read(&permit, &mut faults) {
        let mut tx = store.begin(&permit.actor().trust).await?;
        match people::give_role(&mut tx, &permit, &id, new).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(to_person(&id, "role-given").into_response());
            }
            Err(error) => {
                let (field, what) = fault(error)?;
                faults.add(field, what);
            }
        }
    }
    let places = places(&permit, &schools(&mut reader, app.today()).await?);
    Ok(app
        .render(&asked(&person, places, &giving, &faults))
        .into_response())
}

fn asked(person: &Person, places: Vec<Choice>, giving: &Giving, faults: &Faults) -> FormPage {
    let fields = [
        Field::new(Asked::Select, "role", "Role")
            .items(role_choices(Role::ALL))
            .value(&giving.role),
        Field::new(Asked::Select, "school", "Where")
            .items(places)
            .value(&giving.school),
        Field::new(Asked::Date, "starts", "From (optional)")
            .hint("From today, if you leave this empty.")
            .date(giving.starts()),
        Field::new(Asked::Date, "ends", "Up to and with (optional)")
            .hint("For good, if you leave this empty.")
            .date(giving.ends()),
    ];
    FormPage {
        title: "Give a role".to_owned(),
        caption: person.name(),
        back: format!("/people/{}", person.id),
        action: format!("/people/{}/roles/give", person.id),
        lead: vec![
            "With a role comes what its holders may see and do. Nobody can give a role to \
             themselves, and only the trust appoints heads, chairs of governors and data \
             protection officers."
                .to_owned(),
        ],
        fields: fields
            .into_iter()
            .map(|field| field.faulted(faults))
            .collect(),
        button: "Give this role".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path((id, role)): Path<(PersonId, HeldRoleId)>,
) -> Result<Html<String>, Problem> {
    let page = confirming(&app, &permit, &id, &role, String::new()).await?;
    app.render(&page)
}

pub(super) async fn take(
    State(app): State<App>,
    permit: Permit,
    Path((id, role)): Path<(PersonId, HeldRoleId)>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match people::take_role(&mut tx, &permit, &id, &role).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(to_person(&id, "role-taken").into_response())
        }
        Err(error) => {
            drop(tx);
            let (_, what) = fault(error)?;
            let page = confirming(&app, &permit, &id, &role, what).await?;
            Ok(app.render(&page).into_response())
        }
    }
}

async fn confirming(
    app: &App,
    permit: &Permit,
    id: &PersonId,
    role: &HeldRoleId,
    error: String,
) -> Result<FormPage, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, permit, id, app.today()).await?;
    let held = person.roles.iter().find(|held| held.id == *role);
    let held = held.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let schools: Vec<(SchoolId, String)> = schools(&mut reader, app.today()).await?;
    Ok(FormPage {
        title: "Take this role away".to_owned(),
        caption: person.name(),
        back: format!("/people/{id}"),
        action: format!("/people/{id}/roles/{role}/take"),
        warning: "They lose what the role lets them see and do at once.".to_owned(),
        summary: vec![Answer {
            question: "Role",
            answer: role_at(held, &schools),
        }],
        button: "Take this role away".to_owned(),
        destructive: true,
        error,
        ..FormPage::default()
    })
}
