//! Adding a person: a short form, the answers to check, and done.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};

use super::entry::Entry;
use super::list::place_name;
use super::{fault, places, role_choices, schools, to_person};
use crate::authority::{Permit, Place, Role};
use crate::people::{self, NewPerson, NewRole, may_give};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::Form;
use crate::web::form::{Answer, Asked, Button, Faults, Field, FormPage, Hidden};
use crate::web::problem::Problem;

type Schools = Vec<(SchoolId, String)>;

pub(super) async fn form(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let schools = schools(&mut app.store()?.read(&permit.actor().trust), app.today()).await?;
    let mut entry = Entry {
        role: Role::Staff.name().to_owned(),
        ..Entry::default()
    };
    if let [only] = places(&permit, &schools).as_slice() {
        entry.school.clone_from(&only.value);
    }
    app.render(&asked(&permit, &schools, &entry, &Faults::default()))
}

pub(super) async fn step(
    State(app): State<App>,
    permit: Permit,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let trust = &permit.actor().trust;
    let schools = schools(&mut store.read(trust), app.today()).await?;
    let mut faults = Faults::default();
    let again = |faults: &Faults| {
        let page = asked(&permit, &schools, &entry, faults);
        app.render(&page).map(Html::into_response)
    };
    if !entry.back.is_empty() {
        return again(&faults);
    }
    let Some(new) = read(&entry, &permit, &mut faults) else {
        return again(&faults);
    };
    if entry.step != "add" {
        return Ok(app.render(&checked(&entry, &new, &schools)).into_response());
    }
    let mut tx = store.begin(trust).await?;
    match people::add(&mut tx, &permit, new).await {
        Ok(person) => {
            tx.commit().await?;
            Ok(to_person(&person.id, "added").into_response())
        }
        Err(error) => {
            let (field, what) = fault(error)?;
            faults.add(field, what);
            again(&faults)
        }
    }
}

fn read(entry: &Entry, permit: &Permit, faults: &mut Faults) -> Option<NewPerson> {
    let details = entry.read(faults);
    let school = entry.place(faults);
    let role = entry.role(faults);
    let (details, school, role) = (details?, school?, role?);
    let place = school.as_ref().map_or(Place::Trust, Place::School);
    if permit.at(place).is_err() {
        faults.add("school", "Choose where they work.");
        return None;
    }
    if role != Role::Staff && !may_give(permit.actor(), role, place) {
        faults.add(
            "role",
            "You cannot give this role there. Choose another, or ask your trust.",
        );
        return None;
    }
    let role = NewRole {
        role,
        school,
        starts_on: None,
        ends_on: None,
    };
    Some(NewPerson {
        details,
        ends_on: None,
        role,
        demonstration: false,
    })
}

fn asked(permit: &Permit, schools: &Schools, entry: &Entry, faults: &Faults) -> FormPage {
    let places = places(permit, schools);
    let may_give = |role: &Role| {
        let anywhere = |choice: &crate::web::form::Choice| match choice.value.parse::<SchoolId>() {
            Ok(school) if choice.value != "trust" => {
                may_give(permit.actor(), *role, Place::School(&school))
            }
            _ => may_give(permit.actor(), *role, Place::Trust),
        };
        *role == Role::Staff || places.iter().any(anywhere)
    };
    let roles = role_choices(Role::ALL.into_iter().filter(may_give));
    let mut fields = entry.fields(faults);
    let place = Field::new(Asked::Select, "school", "Where they work");
    fields.push(place.items(places).value(&entry.school).faulted(faults));
    let role = Field::new(Asked::Select, "role", "Their role there")
        .hint("You can give more roles later.");
    fields.push(role.items(roles).value(&entry.role).faulted(faults));
    FormPage {
        title: "Add a person".to_owned(),
        back: "/people".to_owned(),
        action: "/people/add".to_owned(),
        lead: vec![
            "For many people at once, import a list instead. Adding a person sends them nothing: \
             they can be invited to sign in afterwards."
                .to_owned(),
        ],
        fields,
        hidden: vec![Hidden::new("step", "check")],
        button: "Continue".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}

fn checked(entry: &Entry, new: &NewPerson, schools: &Schools) -> FormPage {
    let mut summary = Entry::answers(&new.details);
    summary.push(Answer {
        question: "Where they work",
        answer: place_name(new.role.school.as_ref(), schools),
    });
    summary.push(Answer {
        question: "Role",
        answer: new.role.role.label().to_owned(),
    });
    let mut hidden = entry.hidden();
    hidden.push(Hidden::new("step", "add"));
    FormPage {
        title: "Check what you entered".to_owned(),
        caption: "Add a person".to_owned(),
        back: "/people".to_owned(),
        action: "/people/add".to_owned(),
        summary,
        hidden,
        button: "Add this person".to_owned(),
        second: Some(Button {
            name: "back",
            value: "yes",
            text: "Change these answers",
        }),
        ..FormPage::default()
    }
}
