//! The registers that somebody may open a case in, by the doors of the home page, and the forms they have begun.

use axum::extract::State;
use axum::response::Html;
use policy::words::capitalised;
use register::{Door, Register};
use serde::{Deserialize, Serialize};

use super::open::may_open;
use crate::authority::{Actor, Permit};
use crate::cases::{self, Draft};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/opening/registers.html`.
#[derive(Debug, Serialize)]
pub(crate) struct RegistersPage {
    search: String,
    drafts: Vec<DraftLine>,
    doors: Vec<DoorPart>,
    discarded: bool,
}

/// A form that was begun.
#[derive(Clone, Debug, Serialize)]
struct DraftLine {
    name: String,
    changed: String,
    carry_on: String,
    discard: String,
}

/// The registers behind one door.
#[derive(Debug, Serialize)]
struct DoorPart {
    heading: &'static str,
    registers: Vec<RegisterLine>,
}

/// A register.
#[derive(Debug, Serialize)]
struct RegisterLine {
    href: String,
    name: String,
    purpose: String,
}

impl Page for RegistersPage {
    const TEMPLATE: &'static str = "cases/opening/registers.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = RegisterLine {
            href: "/registers/declaration".into(),
            name: "Declaration of a relationship".into(),
            purpose: "Say whom you know.".into(),
        };
        let draft = DraftLine {
            name: "Declaration of a relationship".into(),
            changed: "20 November 2026 at 3:04pm".into(),
            carry_on: "/drafts/01j".into(),
            discard: "/discard-draft/01j".into(),
        };
        let empty = |search: &str| Self {
            search: search.into(),
            drafts: Vec::new(),
            doors: Vec::new(),
            discarded: false,
        };
        vec![
            Self {
                drafts: vec![draft],
                doors: vec![DoorPart {
                    heading: door_says(Door::Declare),
                    registers: vec![line],
                }],
                discarded: true,
                ..empty("")
            },
            empty("friend"),
            empty(""),
        ]
    }
}

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    discarded: Option<String>,
}

const DOORS: [Door; 5] = [
    Door::Ask,
    Door::Report,
    Door::Declare,
    Door::Request,
    Door::Keep,
];

const fn door_says(door: Door) -> &'static str {
    match door {
        Door::Ask => "Ask somebody",
        Door::Report => "Report something",
        Door::Declare => "Declare something",
        Door::Request => "Request something",
        Door::Keep => "Keep a record for the school",
    }
}

pub(super) async fn list(
    State(app): State<App>,
    permit: Permit,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Problem> {
    let (store, actor) = (app.store()?, permit.actor());
    let mut reader = store.read(&actor.trust);
    let registers = app.registers();
    let mut doors = Vec::new();
    for door in DOORS {
        let mut lines = Vec::new();
        let behind = registers
            .registers()
            .iter()
            .filter(|one| one.door == Some(door));
        for register in behind.filter(|register| is_meant(register, &wanted.q)) {
            if may_open_somewhere(&app, &mut reader, actor, register).await? {
                lines.push(RegisterLine {
                    href: format!("/registers/{}", register.id),
                    name: capitalised(&register.name),
                    purpose: register.purpose.clone(),
                });
            }
        }
        if !lines.is_empty() {
            doors.push(DoorPart {
                heading: door_says(door),
                registers: lines,
            });
        }
    }
    let drafts = match actor.person {
        Some(_) => cases::drafts(&mut reader, store, actor).await?,
        None => Vec::new(),
    };
    let zone = app.clock().zoned().time_zone().clone();
    let line = |draft: &Draft| {
        // A register that is gone leaves the draft to be discarded.
        let register = registers.register(&draft.register);
        DraftLine {
            name: register.map_or_else(|| draft.register.clone(), |one| capitalised(&one.name)),
            changed: moment(draft.changed_at, &zone),
            carry_on: register.map_or_else(String::new, |_| format!("/drafts/{}", draft.id)),
            discard: format!("/discard-draft/{}", draft.id),
        }
    };
    app.render(&RegistersPage {
        drafts: drafts.iter().map(line).collect(),
        search: wanted.q.trim().to_owned(),
        doors,
        discarded: wanted.discarded.is_some(),
    })
}

/// Whether every word of the search stands in the register's name or purpose.
fn is_meant(register: &Register, search: &str) -> bool {
    let text = format!("{} {} {}", register.name, register.plural, register.purpose).to_lowercase();
    search
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

async fn may_open_somewhere(
    app: &App,
    query: &mut crate::store::Reader,
    actor: &Actor,
    register: &Register,
) -> Result<bool, Problem> {
    let mut places: Vec<Option<&SchoolId>> = Vec::new();
    for held in &actor.roles {
        let place = held.school.as_ref();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    for place in places {
        let at = (register, place);
        if may_open(query, &app.engine(), actor, at, app.today()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
