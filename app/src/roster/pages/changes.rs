//! The changes of a preview, page by page, from what to what.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::found;
use super::same_people::ON_A_PAGE;
use crate::authority::{Permit, Role};
use crate::people::Contract;
use crate::roster::Happening;
use crate::roster::import::ImportId;
use crate::roster::stage::{Kept, listed, schools_here};
use crate::schools::Phase;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// So many new schools are called by their names.
const SCHOOLS_AT_MOST: u32 = 1_000;

/// `roster/changes.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ChangesPage {
    href: String,
    heading: String,
    kind: String,
    happening: String,
    page: u32,
    next: bool,
    changes: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    name: String,
    left_out: bool,
    hints: Vec<String>,
    differences: Vec<Difference>,
}

/// What differs.
#[derive(Clone, Debug, Serialize)]
struct Difference {
    what: String,
    old: String,
    new: String,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "roster/changes.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let difference = Difference {
            what: "Known as".into(),
            old: String::new(),
            new: "Kate".into(),
        };
        let line = |left_out| Line {
            name: "Kate Adeyemi".into(),
            left_out,
            hints: vec!["Head".into()],
            differences: vec![difference.clone()],
        };
        let page = |page, changes| Self {
            href: "/roster/01j".into(),
            heading: "Staff: changed".into(),
            kind: "person".into(),
            happening: "change".into(),
            page,
            next: page == 2,
            changes,
        };
        vec![page(1, Vec::new()), page(2, vec![line(true), line(false)])]
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: String,
    change: Happening,
    page: Option<u32>,
}

pub(super) async fn changes(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    found(&app, &permit, &id).await?;
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let page = asked.page.unwrap_or(1).clamp(1, 100_000);
    let which = (asked.kind.as_str(), asked.change.name(), false);
    let window = ((page - 1) * ON_A_PAGE, ON_A_PAGE + 1);
    let mut kept = listed(store, trust, &id, which, window).await?;
    let next = kept.len() > ON_A_PAGE as usize;
    kept.truncate(ON_A_PAGE as usize);
    let schools = schools_here(&mut store.read(trust)).await?;
    let schools = schools
        .into_iter()
        .map(|school| (school.id.to_string(), school.name));
    let mut schools: HashMap<String, String> = schools.collect();
    let new = ("school", Happening::Add.name(), false);
    let new = listed(store, trust, &id, new, (0, SCHOOLS_AT_MOST)).await?;
    schools.extend(
        new.into_iter()
            .map(|change| (change.record, change.content.name)),
    );
    app.render(&ChangesPage {
        href: format!("/roster/{id}"),
        heading: heading(&asked.kind, asked.change),
        happening: asked.change.name().to_owned(),
        page,
        next,
        changes: kept
            .into_iter()
            .map(|change| line(change, &schools))
            .collect(),
        kind: asked.kind,
    })
}

fn heading(kind: &str, happening: Happening) -> String {
    let who = match kind {
        "school" => "Schools",
        "person" => "Staff",
        "pupil" => "Pupils",
        _ => "Parents and carers",
    };
    let what = match happening {
        Happening::Add => "to be added",
        Happening::Change => "to be changed",
        Happening::End => "to be ended",
        Happening::Return => "who come back",
        Happening::Link => "known by another id",
    };
    format!("{who} {what}")
}

fn line(change: Kept, schools: &HashMap<String, String>) -> Line {
    let (before, after) = (
        change.content.before.as_ref(),
        change.content.after.as_ref(),
    );
    let label = |hint: &String| Role::named(hint).map(|role| role.label().to_owned());
    Line {
        name: change.content.name.clone(),
        left_out: change.merge == Some(crate::roster::Merge::Apart),
        hints: change.content.hints.iter().filter_map(label).collect(),
        differences: differences(before, after, schools),
    }
}

/// The fields in which two states differ, in words.
fn differences(
    before: Option<&Json>,
    after: Option<&Json>,
    schools: &HashMap<String, String>,
) -> Vec<Difference> {
    let fields = [
        ("name", "Name"),
        ("urn", "URN"),
        ("dfe_number", "DfE number"),
        ("phase", "Phase"),
        ("given_name", "Given name"),
        ("family_name", "Family name"),
        ("known_as", "Known as"),
        ("email", "E-mail address"),
        ("contract", "Contract type"),
        ("phone", "Telephone number"),
        ("school", "School"),
        ("year", "Year group"),
        ("class", "Class"),
        ("born", "Date of birth"),
        ("starts_on", "First day"),
        ("ends_on", "Last day"),
        ("left_on", "Last day"),
        ("roles", "Works at"),
        ("pupils", "Responsible for"),
    ];
    let of = |state: Option<&Json>, field: &str| {
        let value = state.and_then(|state| state.get(field));
        value
            .map(|value| said(field, value, schools))
            .unwrap_or_default()
    };
    let difference = |(field, what): (&str, &str)| {
        let (old, new) = (of(before, field), of(after, field));
        (old != new).then(|| Difference {
            what: what.to_owned(),
            old,
            new,
        })
    };
    fields.into_iter().filter_map(difference).collect()
}

fn said(field: &str, value: &Json, schools: &HashMap<String, String>) -> String {
    let school = |id: &str| schools.get(id).cloned().unwrap_or_else(|| id.to_owned());
    match (field, value) {
        ("school", Json::String(id)) => school(id),
        ("pupils", Json::Array(pupils)) => match pupils.len() {
            1 => "1 pupil".to_owned(),
            n => format!("{n} pupils"),
        },
        ("phase", Json::String(phase)) => Phase::named(phase).map_or("", Phase::label).to_owned(),
        ("contract", Json::String(name)) => {
            Contract::named(name).map_or("", Contract::label).to_owned()
        }
        (_, Json::String(text)) => text.clone(),
        ("roles", Json::Array(roles)) => {
            let roles: Vec<String> = roles.iter().map(|held| role(held, &school)).collect();
            roles.join("; ")
        }
        _ => String::new(),
    }
}

fn role(held: &Json, school: &dyn Fn(&str) -> String) -> String {
    let text = |key: &str| held.get(key).and_then(Json::as_str);
    let name = text("role").and_then(Role::named).map_or("", Role::label);
    let place = text("school").map_or("the whole trust".to_owned(), school);
    let until = text("ends_on")
        .map(|day| format!(" until {day}"))
        .unwrap_or_default();
    format!("{name} at {place}{until}")
}
