//! Requests for one's own data, and for erasure: what is held about one person, gathered, looked through and given out.
//!
//! The case of the request, in the register [`REGISTER`], has the time line and the clock. A job [`gather`]s copies of
//! all that concerns the person; whoever answers decides about each ([`pages`]), and what they give is put into a
//! package with what is left out burnt in ([`package`]). [`sight`] says who sees which part. [`erasure`] shows what may be
//! erased now, and hands that to those who erase it.

mod collection;
mod deciding;
mod desk;
mod erasure;
mod error;
mod gather;
mod item;
mod job;
mod others;
mod package;
mod pages;
mod panel;
mod redact;
mod release;
mod rows;
mod sight;
#[cfg(test)]
pub(crate) mod tests;
mod whom;

pub(crate) use collection::{forget, states};
pub(crate) use desk::{choices, gather, package, requests};
pub(crate) use erasure::erase_about;
pub(crate) use error::AccessError;
pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{AccessCheckPage, AccessListPage, CollectionPage, ErasurePage, ItemPage};
pub(crate) use panel::panel;

use crate::attachments::Attachments;
use crate::authority::Action;
use crate::cases::Engine;
use crate::jobs::{Every, Registry};

/// The register of requests.
const REGISTER: &str = "subject-access";
/// The right of those who answer them.
pub(crate) const ACTION: Action = Action::AnswerSubjectAccess;
/// The step of the register with which a package is given out.
const RELEASE: &str = "release";
/// When packages whose time is over are removed.
const AT: jiff::civil::Time = jiff::civil::time(3, 45, 0, 0);

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine, attachments: &Attachments) -> Registry {
    Registry::new()
        .job::<job::Gather>((engine.clone(), attachments.clone()))
        .recurring::<job::Clear>(Every::Day(AT), ())
}
