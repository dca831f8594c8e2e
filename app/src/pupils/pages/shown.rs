//! One pupil, with or without what is sensitive.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::After;
use crate::authority::{Action, Permit, Place};
use crate::pupils::{self, Contacts, Guardian, Line, PupilId};
use crate::store::Reader;
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `pupils/pupil.html`.
#[derive(Serialize)]
pub(crate) struct PupilPage {
    done: &'static str,
    id: String,
    name: String,
    school: String,
    year: String,
    class: String,
    left: String,
    /// What is sensitive, where it was asked for.
    contacts: Option<Shown>,
    guardians: Vec<GuardianRow>,
    may_change: bool,
    may_erase: bool,
    /// Whether whoever looks sees who said what about pictures.
    keeps_consents: bool,
}

/// What is sensitive of a pupil.
#[derive(Serialize)]
struct Shown {
    known_as: String,
    born: String,
}

/// A parent or carer.
#[derive(Serialize)]
struct GuardianRow {
    id: String,
    name: String,
    email: String,
    phone: String,
}

impl Page for PupilPage {
    const TEMPLATE: &'static str = "pupils/pupil.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |full: bool| {
            let text = |text: &str| if full { text.to_owned() } else { String::new() };
            let guardian = |phone: &str| GuardianRow {
                id: "g1".to_owned(),
                name: "Grace Ofori".to_owned(),
                email: text("grace@home.example"),
                phone: phone.to_owned(),
            };
            Self {
                done: if full { "Saved" } else { "" },
                id: "u1".to_owned(),
                name: "Ama Ofori".to_owned(),
                school: "Ash Primary".to_owned(),
                year: text("7"),
                class: text("7B"),
                left: text("1 May 2026"),
                contacts: full.then(|| Shown {
                    known_as: "Ama".to_owned(),
                    born: "4 March 2015".to_owned(),
                }),
                guardians: match full {
                    true => vec![guardian("01632 960 001"), guardian("")],
                    false => Vec::new(),
                },
                may_change: full,
                may_erase: full,
                keeps_consents: full,
            }
        };
        let named = Self {
            guardians: page(true).guardians,
            ..page(false)
        };
        let empty = Self {
            contacts: Some(Shown {
                known_as: String::new(),
                born: String::new(),
            }),
            ..page(false)
        };
        vec![page(false), named, empty, page(true)]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let line = pupils::line(&mut reader, &permit, &id).await?;
    let guardians = named(&mut reader, &id).await?;
    app.render(&page(&permit, &line, None, guardians, after.says()))
}

/// The same page with date of birth and contacts; that they were read is recorded first.
pub(super) async fn show_contacts(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let line = pupils::line(&mut tx, &permit, &id).await?;
    let Contacts { pupil, guardians } = pupils::contacts(&mut tx, &permit, &id).await?;
    tx.commit().await?;
    let shown = Shown {
        known_as: pupil
            .details
            .known_as
            .map_or_else(String::new, |known_as| known_as.to_string()),
        born: pupil.details.born.map_or_else(String::new, day),
    };
    let row = |guardian: &Guardian| GuardianRow {
        id: guardian.id.to_string(),
        name: guardian.name(),
        email: guardian
            .details
            .email
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        phone: guardian.details.phone.clone().unwrap_or_default(),
    };
    let guardians = guardians.iter().map(row).collect();
    app.render(&page(&permit, &line, Some(shown), guardians, ""))
}

async fn named(reader: &mut Reader, id: &PupilId) -> Result<Vec<GuardianRow>, Problem> {
    let guardians = pupils::guardians_of(reader, id).await?;
    let row = |(id, name): (pupils::GuardianId, String)| GuardianRow {
        id: id.to_string(),
        name,
        email: String::new(),
        phone: String::new(),
    };
    Ok(guardians.into_iter().map(row).collect())
}

fn page(
    permit: &Permit,
    line: &Line,
    contacts: Option<Shown>,
    guardians: Vec<GuardianRow>,
    done: &'static str,
) -> PupilPage {
    let may = |action| permit.actor().may(action, Place::School(&line.school));
    PupilPage {
        done,
        id: line.id.to_string(),
        name: line.name.clone(),
        school: line.school_name.clone(),
        year: line.year.clone().unwrap_or_default(),
        class: line.class.clone().unwrap_or_default(),
        left: line.left_on.map_or_else(String::new, day),
        contacts,
        guardians,
        may_change: may(Action::ManagePupils),
        may_erase: may(Action::Erase),
        keeps_consents: may(Action::KeepConsents),
    }
}
