//! Posts on official accounts: written, screened, approved by somebody else, put out when they are due, kept as the world
//! saw them, corrected and taken down.
//!
//! The life of a post is its case's, in the register `post`. This feature keeps what a register cannot: to which accounts
//! it goes and what became of each ([`sending`], the door for whatever sends), the pupils whom it shows or names, its
//! pictures, and the emergency stop ([`hold`]). Consent is asked about in one place, `consent_at`.

mod consent_at;
mod error;
mod faces;
mod hold;
mod leave;
mod may_go;
mod narrowed;
mod pages;
mod photo;
mod pictures;
mod platform;
mod pupils;
mod screened;
mod sealing;
mod send;
pub(crate) mod sending;
#[cfg(test)]
pub(crate) mod tests;
mod told;
mod watch;

pub(crate) use error::PostError;
pub(crate) use faces::{forget as forget_face, states as face_states};
pub(crate) use hold::states as hold_states;
pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{
    CalendarPage, EditorPage, FacesPage, PicturesPage, PostPage, PublishedPage, PupilsPage,
    RepliesPage, SendingPage, StopPage,
};
pub(crate) use pictures::{forget as forget_picture, states as picture_states};
pub(crate) use pupils::{forget as forget_pupil, states as pupil_states};

use crate::attachments::Attachments;
use crate::cases::{Engine, Panel, PanelGroup, PanelItem, Seen};
use crate::consent::Narrowed;
use crate::jobs::{Every, Registry};
use crate::outbound::Outbound;

/// The register in which a post is a case.
pub(crate) const REGISTER: &str = "post";
/// How often the program looks what is due, in minutes.
const EVERY: u32 = 1;

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine, files: &Attachments, outbound: &Outbound) -> Registry {
    with(engine, &send::Way::new(engine, files, outbound))
}

fn with(engine: &Engine, way: &send::Way) -> Registry {
    Registry::new()
        .job::<Narrowed>(engine.clone())
        .merge(send::kinds(way))
        .recurring::<watch::Watch>(Every::Minutes(EVERY), engine.clone())
}

/// The way to the page of a post, on the page of its case; nothing on any other.
pub(crate) fn panel(seen: &Seen) -> Option<Panel> {
    if seen.case.register != REGISTER || seen.outline {
        return None;
    }
    let item = PanelItem {
        says: "How it reads, who is in it, and what became of it".to_owned(),
        note: String::new(),
        act: Some((
            "See the post".to_owned(),
            format!("/posts/{}", seen.case.id),
        )),
    };
    Some(Panel {
        title: "The post".to_owned(),
        lead: Vec::new(),
        groups: vec![PanelGroup {
            title: "On its own page",
            items: vec![item],
        }],
    })
}
