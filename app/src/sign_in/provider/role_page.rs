//! The administrator's page of one provider, with the table that turns claims into roles.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::record::{self, Provider, ProviderId, Shown};
use super::roles::{self, Line, LineId};
use super::settings_page::RECENT;
use crate::authority::{Access, Action, Permit, Role, Routes};
use crate::people::{self, may_give};
use crate::sign_in::again::recent;
use crate::sign_in::client::address;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Answer, Asked, Choice, Faults, Field, FormPage};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// A claim's name, or a value of it, is no longer than this.
const LONGEST: usize = 200;
/// A table is no longer than this.
const LINES: usize = 500;

/// `sign_in/provider.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ProviderPage {
    provider: Shown,
    /// What the provider must be told.
    back: String,
    lines: Vec<ShownLine>,
    /// How many people hold roles that came from it.
    people: u64,
}

#[derive(Debug, Default, Serialize)]
struct ShownLine {
    id: String,
    claim: String,
    value: String,
    role: &'static str,
    place: String,
}

impl Page for ProviderPage {
    const TEMPLATE: &'static str = "sign_in/provider.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let provider = Shown {
            id: "01j".into(),
            name: "Microsoft".into(),
            issuer: "https://login.example/v2.0".into(),
            client_id: "abc".into(),
            source: None,
        };
        let line = ShownLine {
            id: "02j".into(),
            claim: "groups".into(),
            value: "heads".into(),
            role: "Head",
            place: "Ash Primary".into(),
        };
        let whole = Self {
            provider: Shown {
                source: Some("/etc/probity/probity.toml:3".into()),
                ..provider.clone()
            },
            back: "https://probity.example/sign-in/return/01j".into(),
            lines: vec![line],
            people: 1,
        };
        let empty = Self {
            provider,
            ..Self::default()
        };
        vec![empty, whole]
    }
}

pub(in crate::sign_in) fn routes() -> Routes {
    let may = Access::MayEverywhere(Action::ManageSettings);
    Routes::new()
        .get("/administration/sign-in/providers/{provider}", may, show)
        .get(
            "/administration/sign-in/providers/{provider}/roles/add",
            may,
            ask,
        )
        .post(
            "/administration/sign-in/providers/{provider}/roles/add",
            may,
            add,
        )
        .get(
            "/administration/sign-in/providers/{provider}/roles/{line}/remove",
            may,
            confirm,
        )
        .post(
            "/administration/sign-in/providers/{provider}/roles/{line}/remove",
            may,
            remove,
        )
}

/// The path of a provider's page.
pub(super) fn to(id: &ProviderId) -> String {
    format!("/administration/sign-in/providers/{id}")
}

async fn known(app: &App, permit: &Permit, id: &ProviderId) -> Result<Provider, Problem> {
    recent(app, permit.actor(), RECENT)?;
    let found = record::find(app, &permit.actor().trust, id).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such provider."))
}

/// Schools, open ones only if asked so, by name.
async fn schools(
    app: &App,
    permit: &Permit,
    open: bool,
) -> Result<Vec<(SchoolId, String)>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let all = crate::schools::all(&mut reader).await?;
    let wanted = all
        .into_iter()
        .filter(|school| !open || school.is_open(app.today()));
    Ok(wanted
        .map(|school| (school.id, school.details.name))
        .collect())
}

fn place(school: Option<&SchoolId>, schools: &[(SchoolId, String)]) -> String {
    let Some(school) = school else {
        return "The whole trust".to_owned();
    };
    let known = schools.iter().find(|(id, _)| id == school);
    known.map_or_else(
        || "A school that is gone".to_owned(),
        |(_, name)| name.clone(),
    )
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    let provider = known(&app, &permit, &id).await?;
    let schools = schools(&app, &permit, false).await?;
    let mut reader = app.store()?.read(&permit.actor().trust);
    let lines = roles::lines(&mut reader, &id).await?;
    let shown = |line: Line| ShownLine {
        id: line.id.to_string(),
        place: place(line.school.as_ref(), &schools),
        role: line.role.label(),
        claim: line.claim,
        value: line.value,
    };
    app.render(&ProviderPage {
        back: address(&app, &headers, &format!("/sign-in/return/{id}")),
        people: people::claiming(&mut reader, id.as_str(), app.today()).await?,
        lines: lines.into_iter().map(shown).collect(),
        provider: provider.into(),
    })
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    claim: String,
    value: String,
    role: String,
    school: String,
}

impl Given {
    /// What was typed in a field, if it is something and not too much.
    fn text(field: &'static str, text: &str, empty: &str, faults: &mut Faults) -> String {
        let text = text.trim();
        if text.is_empty() {
            faults.add(field, empty);
        } else if text.chars().count() > LONGEST {
            faults.add(field, format!("Enter {LONGEST} characters or fewer."));
        }
        text.to_owned()
    }

    fn read(
        &self,
        id: LineId,
        permit: &Permit,
        schools: &[(SchoolId, String)],
        faults: &mut Faults,
    ) -> Option<Line> {
        let claim = Self::text("claim", &self.claim, "Enter the name of the claim.", faults);
        let value = Self::text("value", &self.value, "Enter the value.", faults);
        let role = Role::named(&self.role);
        if role.is_none() {
            faults.add("role", "Choose a role.");
        }
        let school = match self.school.as_str() {
            "trust" => Some(None),
            chosen => {
                let found = schools.iter().find(|(id, _)| id.as_str() == chosen);
                found.map(|(id, _)| Some(id.clone()))
            }
        };
        if school.is_none() {
            faults.add("school", "Choose where they hold the role.");
        }
        let (role, school) = (role?, school?);
        if role == Role::TrustAdministrator && school.is_some() {
            let told = people::Refusal::OnlyAtTheTrust.to_string();
            faults.add("school", told);
        }
        let at = school.as_ref().map_or(
            crate::authority::Place::Trust,
            crate::authority::Place::School,
        );
        if !may_give(permit.actor(), role, at) {
            faults.add("role", "You cannot give this role there.");
        }
        faults.is_empty().then_some(Line {
            id,
            claim,
            value,
            role,
            school,
            made_by: permit.actor().person.clone(),
        })
    }
}

fn asked(
    provider: &Provider,
    schools: &[(SchoolId, String)],
    given: &Given,
    faults: &Faults,
) -> FormPage {
    let role = |role: Role| Choice::new(role.name(), role.label());
    let school = |(id, name): &(SchoolId, String)| Choice::new(id.as_str(), name);
    let mut places: Vec<Choice> = schools.iter().map(school).collect();
    places.push(Choice::new("trust", "The whole trust"));
    let fields = [
        Field::new(Asked::Text, "claim", "Claim")
            .hint("Its name in the ID token, such as groups or roles; realm_access.roles for one within another.")
            .value(&given.claim),
        Field::new(Asked::Text, "value", "Value")
            .hint("Exactly as the provider sends it. Entra ID sends a group by its object ID.")
            .value(&given.value),
        Field::new(Asked::Select, "role", "Role")
            .items(Role::ALL.into_iter().map(role).collect())
            .value(&given.role),
        Field::new(Asked::Select, "school", "Where")
            .items(places)
            .value(&given.school),
    ];
    FormPage {
        title: "Give a role to whom a claim names".to_owned(),
        caption: provider.name.clone(),
        back: to(&provider.id),
        action: format!("{}/roles/add", to(&provider.id)),
        lead: vec![
            "Whoever signs in with this provider and has the value gets the role, and loses it \
             when they sign in without. You get no role by what you enter here yourself."
                .to_owned(),
        ],
        fields: fields
            .into_iter()
            .map(|field| field.faulted(faults))
            .collect(),
        button: "Add".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}

async fn ask(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
) -> Result<Html<String>, Problem> {
    let provider = known(&app, &permit, &id).await?;
    let schools = schools(&app, &permit, true).await?;
    let given = Given {
        claim: "groups".to_owned(),
        ..Given::default()
    };
    app.render(&asked(&provider, &schools, &given, &Faults::default()))
}

async fn add(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let provider = known(&app, &permit, &id).await?;
    let schools = schools(&app, &permit, true).await?;
    let mut faults = Faults::default();
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    if let Some(line) = given.read(tx.fresh()?, &permit, &schools, &mut faults) {
        let table = roles::lines(&mut tx, &id).await?;
        if table.iter().any(|known| known.same(&line)) {
            faults.add("value", "This value gives that role there already.");
        } else if table.len() >= LINES {
            faults.add(
                "",
                "The table is full. Remove a line that is no longer needed.",
            );
        } else {
            roles::add(&mut tx, permit.actor(), &provider, &line).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&to(&id)).into_response());
        }
    }
    drop(tx);
    let page = app.render(&asked(&provider, &schools, &given, &faults))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn line(
    app: &App,
    permit: &Permit,
    provider: &ProviderId,
    id: &LineId,
) -> Result<Line, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let lines = roles::lines(&mut reader, provider).await?;
    let found = lines.into_iter().find(|line| line.id == *id);
    found.ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such line."))
}

async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path((id, chosen)): Path<(ProviderId, LineId)>,
) -> Result<Html<String>, Problem> {
    let provider = known(&app, &permit, &id).await?;
    let line = line(&app, &permit, &id, &chosen).await?;
    let schools = schools(&app, &permit, false).await?;
    let answer = |question, answer: String| Answer { question, answer };
    app.render(&FormPage {
        title: "Remove this line".to_owned(),
        caption: provider.name,
        back: to(&id),
        action: format!("{}/roles/{chosen}/remove", to(&id)),
        warning: "Whoever has the role by this line alone loses it when they next sign in with \
                  this provider."
            .to_owned(),
        summary: vec![
            answer("Claim", line.claim),
            answer("Value", line.value),
            answer("Role", line.role.label().to_owned()),
            answer("Where", place(line.school.as_ref(), &schools)),
        ],
        button: "Remove".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn remove(
    State(app): State<App>,
    permit: Permit,
    Path((id, chosen)): Path<(ProviderId, LineId)>,
) -> Result<Redirect, Problem> {
    known(&app, &permit, &id).await?;
    let line = line(&app, &permit, &id, &chosen).await?;
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    roles::remove(&mut tx, permit.actor(), &id, &line).await?;
    tx.commit().await?;
    Ok(Redirect::to(&to(&id)))
}
