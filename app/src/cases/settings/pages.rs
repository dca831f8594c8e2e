//! The pages on which a school changes a register's settings.

use policy::words::capitalised;
use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use register::Register;
use serde::{Deserialize, Serialize};

use super::store;
use super::words::{line, named, read, words};
use crate::authority::{Access, Action, Permit, Routes};
use crate::cases::rules::own_settings;
use crate::schools;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `cases/settings/registers.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SettingsListPage {
    school: String,
    school_id: String,
    registers: Vec<RegisterLine>,
}

#[derive(Debug, Serialize)]
struct RegisterLine {
    id: String,
    plural: String,
    changed: usize,
}

/// `cases/settings/settings.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SettingsPage {
    school: String,
    school_id: String,
    register: String,
    register_id: String,
    version: i64,
    settings: Vec<SettingLine>,
    past: Vec<PastLine>,
    /// What would change, where it is to be confirmed.
    alters: Vec<String>,
    /// What was typed, to be sent again on confirmation.
    typed: Vec<(String, String)>,
    done: String,
}

#[derive(Debug, Serialize)]
pub(super) struct SettingLine {
    pub(super) id: String,
    pub(super) says: String,
    pub(super) kind: &'static str,
    pub(super) now: String,
    pub(super) value: String,
    pub(super) choices: Vec<RoleChoice>,
    pub(super) policy: String,
    pub(super) clause: Option<String>,
    pub(super) source: Option<String>,
    pub(super) own: bool,
    pub(super) error: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct RoleChoice {
    pub(super) role: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

#[derive(Debug, Serialize)]
struct PastLine {
    version: i64,
    at: String,
    by: Option<String>,
    values: Vec<String>,
}

impl Page for SettingsListPage {
    const TEMPLATE: &'static str = "cases/settings/registers.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |registers: Vec<RegisterLine>| Self {
            school: "Ash Primary".into(),
            school_id: "ash".into(),
            registers,
        };
        let line = |changed: usize| RegisterLine {
            id: "approach".into(),
            plural: "Approaches".into(),
            changed,
        };
        vec![page(vec![line(0), line(1), line(2)]), page(Vec::new())]
    }
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "cases/settings/settings.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |kind: &'static str, full: bool| SettingLine {
            id: "receives".into(),
            says: "Who receives a report".into(),
            kind,
            now: "Head".into(),
            value: "5 school days".into(),
            choices: match kind {
                "roles" => vec![RoleChoice {
                    role: "head",
                    label: "Head",
                    chosen: full,
                }],
                _ => Vec::new(),
            },
            policy: "Head".into(),
            clause: full.then(|| "8.3.2.c".into()),
            source: full.then(|| "Usual practice.".into()),
            own: full,
            error: full.then(|| "Choose at least one role".into()),
        };
        let page = |full: bool| Self {
            school: "Ash Primary".into(),
            school_id: "ash".into(),
            register: "Approaches".into(),
            register_id: "approach".into(),
            version: 1,
            settings: ["roles", "yes-no", "span"]
                .map(|kind| line(kind, full))
                .into(),
            past: match full {
                true => vec![PastLine {
                    version: 1,
                    at: "20 November 2026".into(),
                    by: Some("Kate Adeyemi".into()),
                    values: vec!["Who receives a report: Head".into()],
                }],
                false => Vec::new(),
            },
            alters: if full {
                vec!["Who receives a report: Head".into()]
            } else {
                Vec::new()
            },
            typed: if full {
                vec![("receives".into(), "head".into())]
            } else {
                Vec::new()
            },
            done: if full {
                "changed".into()
            } else {
                String::new()
            },
        };
        vec![page(true), page(false)]
    }
}

pub(in crate::cases) fn routes() -> Routes {
    let may = Access::May(Action::ManageRegisters);
    Routes::new()
        .get("/schools/{school}/registers", may, registers)
        .get("/schools/{school}/registers/{register}", may, settings)
        .post("/schools/{school}/registers/{register}", may, change)
}

async fn registers(
    State(app): State<App>,
    permit: Permit,
    Path(school): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let name = school_name(&mut reader, &school).await?;
    let mut lines = Vec::new();
    for register in app
        .registers()
        .registers()
        .iter()
        .filter(|register| !register.settings.is_empty())
    {
        lines.push(RegisterLine {
            id: register.id.clone(),
            plural: capitalised(&register.plural),
            changed: own_settings(&mut reader, &school, &register.id)
                .await?
                .len(),
        });
    }
    app.render(&SettingsListPage {
        school: name,
        school_id: school.to_string(),
        registers: lines,
    })
}

#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    done: String,
}

async fn settings(
    State(app): State<App>,
    permit: Permit,
    Path((school, register)): Path<(SchoolId, String)>,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let register = find(&app, &register)?;
    let mut page = page(&app, &permit, &school, &register).await?;
    page.done = shown.done;
    app.render(&page)
}

/// What was typed, as pairs; `version` and `confirmed` among them.
type Typed = Vec<(String, String)>;

async fn change(
    State(app): State<App>,
    permit: Permit,
    Path((school, register)): Path<(SchoolId, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let register = find(&app, &register)?;
    let mut page = page(&app, &permit, &school, &register).await?;
    let said = |name: &str| said(&typed, name);
    let mut values = BTreeMap::new();
    let mut faulted = false;
    for (line, setting) in page.settings.iter_mut().zip(&register.settings) {
        match read(setting, &said(&setting.id)) {
            Ok(value) => {
                let as_policy = words(&value) == line.policy;
                if !as_policy {
                    if words(&value) != line.now {
                        page.alters.push(format!(
                            "{}: {}, instead of {}",
                            setting.says,
                            words(&value),
                            line.now
                        ));
                    }
                    values.insert(setting.id.clone(), value);
                } else if line.own {
                    page.alters.push(format!(
                        "{}: {}, as the policy has it",
                        setting.says, line.policy
                    ));
                }
            }
            Err(why) => {
                line.error = Some(why);
                faulted = true;
            }
        }
    }
    if faulted {
        page.alters.clear();
        return Ok(app.render(&page)?.into_response());
    }
    if page.alters.is_empty() {
        return Ok(Redirect::to(&address(&school, &register, "same")).into_response());
    }
    if said("confirmed").first() != Some(&"yes") {
        page.typed = typed;
        return Ok(app.render(&page)?.into_response());
    }
    let seen = said("version")
        .first()
        .and_then(|text| text.parse().ok())
        .unwrap_or(-1);
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    store::change(&mut tx, &permit, &school, &register, seen, values).await?;
    tx.commit().await?;
    Ok(Redirect::to(&address(&school, &register, "changed")).into_response())
}

/// What was typed under a name.
fn said<'t>(typed: &'t Typed, name: &str) -> Vec<&'t str> {
    let values = typed.iter().filter(|(key, _)| key == name);
    values.map(|(_, value)| value.trim()).collect()
}

fn address(school: &SchoolId, register: &Register, done: &str) -> String {
    format!("/schools/{school}/registers/{}?done={done}", register.id)
}

fn find(app: &App, id: &str) -> Result<Register, Problem> {
    let registers = app.registers();
    registers
        .register(id)
        .cloned()
        .ok_or_else(|| Problem::new(Kind::NotFound))
}

async fn school_name(
    query: &mut impl crate::store::Query,
    school: &SchoolId,
) -> Result<String, Problem> {
    let found = schools::find(query, school).await?;
    let found = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(found.details.name.to_string())
}

async fn page(
    app: &App,
    permit: &Permit,
    school: &SchoolId,
    register: &Register,
) -> Result<SettingsPage, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let today = store.clock().today();
    let following = schools::policy_on(&mut reader, school, today).await?;
    let policy = following
        .map(|following| following.policy)
        .unwrap_or_default();
    let own = own_settings(&mut reader, school, &register.id).await?;
    let zone = store.clock().zoned().time_zone().clone();
    let past = store::past(&mut reader, school, &register.id)
        .await?
        .into_iter();
    Ok(SettingsPage {
        school: school_name(&mut reader, school).await?,
        school_id: school.to_string(),
        register: capitalised(&register.plural),
        register_id: register.id.clone(),
        version: store::latest(&mut reader, school, &register.id).await?,
        settings: register
            .settings
            .iter()
            .map(|setting| line(setting, &policy, own.get(&setting.id)))
            .collect(),
        past: past
            .map(|past| PastLine {
                version: past.version,
                at: moment(past.changed_at, &zone),
                by: past.changed_by,
                values: past
                    .values
                    .iter()
                    .map(|(id, value)| named(register, id, value))
                    .collect(),
            })
            .collect(),
        alters: Vec::new(),
        typed: Vec::new(),
        done: String::new(),
    })
}
