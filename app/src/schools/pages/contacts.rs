//! Whom a school turns to, and the contacts outside it.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::one::ContactLine;
use super::{Choice, SchoolName, school_here};
use crate::authority::{Access, Action, Permit, Routes};
use crate::people::Email;
use crate::schools::faults::Faults;
use crate::schools::{
    Contact, ContactDetails, ContactId, ContactRole, OutsideContact, add_contact, contacts,
    outside, remove_contact,
};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `schools/contacts.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ContactsPage {
    school: SchoolName,
    contacts: Vec<ContactLine>,
}

/// `schools/contact-add.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ContactAddPage {
    school: SchoolName,
    form: ContactForm,
    roles: Vec<Choice>,
    faults: Faults,
}

/// `schools/contact-remove.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ContactRemovePage {
    school: SchoolName,
    contact: ContactLine,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct ContactForm {
    role: String,
    name: String,
    organisation: String,
    email: String,
    phone: String,
}

/// The fewest digits of a telephone number.
const PHONE_DIGITS: usize = 3;

impl ContactForm {
    fn read(&self) -> Result<ContactDetails, Faults> {
        let mut faults = Faults::default();
        let role = ContactRole::named(&self.role);
        let role = faults.need("role", role, "Choose what this contact is for");
        let name = faults.text("name", &self.name, "Enter the name of a person or team");
        let own = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let organisation =
            faults.optional("organisation", &self.organisation, "This is too long", own);
        let email_says = "Enter an e-mail address like name@example.com";
        let email = faults.optional("email", &self.email, email_says, |text| {
            text.parse::<Email>().ok()
        });
        let phone_says = "Enter a telephone number like 01632 960 001";
        let phone = faults.optional("phone", &self.phone, phone_says, |text| {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let known = |c: char| c.is_ascii_digit() || " +()-".contains(c);
            let right = digits >= PHONE_DIGITS && text.len() <= 40 && text.chars().all(known);
            right.then(|| text.to_owned())
        });
        if faults.none() && email.is_none() && phone.is_none() {
            faults.add("email", "Enter an e-mail address or a telephone number");
        }
        match (role, name) {
            (Some(role), Some(name)) if faults.none() => Ok(ContactDetails {
                role,
                name,
                organisation,
                email: email.map(|email| email.to_string()),
                phone,
            }),
            _ => Err(faults),
        }
    }
}

impl Page for ContactsPage {
    const TEMPLATE: &'static str = "schools/contacts.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |contacts| Self {
            school: SchoolName::sample(),
            contacts,
        };
        let contacts = vec![ContactLine::sample(true), ContactLine::sample(false)];
        vec![page(contacts), page(Vec::new())]
    }
}

impl Page for ContactAddPage {
    const TEMPLATE: &'static str = "schools/contact-add.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let faults = ContactForm::default().read().err().unwrap_or_default();
        let page = |faults| Self::new(SchoolName::sample(), ContactForm::default(), faults);
        vec![page(Faults::default()), page(faults)]
    }
}

impl Page for ContactRemovePage {
    const TEMPLATE: &'static str = "schools/contact-remove.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let school = SchoolName::sample();
        let contact = ContactLine::sample(true);
        vec![Self { school, contact }]
    }
}

impl ContactAddPage {
    fn new(school: SchoolName, form: ContactForm, faults: Faults) -> Self {
        let choice = |role: &ContactRole| Choice::new(role.name(), role.label());
        Self {
            school,
            form,
            roles: ContactRole::ALL.iter().map(choice).collect(),
            faults,
        }
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::May(Action::ManageSchools);
    Routes::new()
        .get("/schools/{school}/contacts", access, list)
        .get("/schools/{school}/contacts/add", access, add_form)
        .post("/schools/{school}/contacts/add", access, add_sent)
        .get(
            "/schools/{school}/contacts/{contact}/remove",
            access,
            remove_form,
        )
        .post(
            "/schools/{school}/contacts/{contact}/remove",
            access,
            remove_sent,
        )
}

async fn list(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let contacts = contacts(&mut reader, &id, app.today()).await?;
    app.render(&ContactsPage {
        school: SchoolName::of(&school),
        contacts: contacts.into_iter().map(ContactLine::of).collect(),
    })
}

async fn add_form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (_, school) = school_here(&app, &permit, &id).await?;
    let (name, form) = (SchoolName::of(&school), ContactForm::default());
    app.render(&ContactAddPage::new(name, form, Faults::default()))
}

async fn add_sent(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<ContactForm>,
) -> Result<Response, Problem> {
    let (_, school) = school_here(&app, &permit, &id).await?;
    match form.read() {
        Err(faults) => {
            let page = ContactAddPage::new(SchoolName::of(&school), form, faults);
            Ok(app.render(&page)?.into_response())
        }
        Ok(details) => {
            let mut tx = app.store()?.begin(&permit.actor().trust).await?;
            add_contact(&mut tx, &permit, &id, details).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("/schools/{id}/contacts")).into_response())
        }
    }
}

async fn the_contact(
    app: &App,
    permit: &Permit,
    (school, contact): &(SchoolId, ContactId),
) -> Result<(SchoolName, OutsideContact), Problem> {
    let (mut reader, found) = school_here(app, permit, school).await?;
    let all = outside(&mut reader, school).await?;
    let contact = all.into_iter().find(|one| one.id == *contact);
    let contact = contact.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok((SchoolName::of(&found), contact))
}

async fn remove_form(
    State(app): State<App>,
    permit: Permit,
    Path(ids): Path<(SchoolId, ContactId)>,
) -> Result<Html<String>, Problem> {
    let (school, contact) = the_contact(&app, &permit, &ids).await?;
    let contact = ContactLine::of(Contact {
        outside: Some(contact.id),
        details: contact.details,
    });
    app.render(&ContactRemovePage { school, contact })
}

async fn remove_sent(
    State(app): State<App>,
    permit: Permit,
    Path(ids): Path<(SchoolId, ContactId)>,
) -> Result<Redirect, Problem> {
    let (_, contact) = the_contact(&app, &permit, &ids).await?;
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    remove_contact(&mut tx, &permit, &contact).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/schools/{}/contacts", ids.0)))
}
