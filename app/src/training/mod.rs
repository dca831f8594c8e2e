//! Training: who must take which course, by role, as the settings of the register `training` say; who has and who has
//! not; and cases that the program opens by itself when a course falls due.
//!
//! By itself it asks those who start and those whose training has run out, each once. Whoever never had a course is
//! asked when somebody says so on the page of their school: everybody whom it asks gets a message.

mod due;
mod open;
mod pages;
mod stand;
#[cfg(test)]
mod tests;

use jiff::civil::{Time, time};

pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{CoveragePage, SchoolsPage};

use crate::cases::Engine;
use crate::jobs::{Every, Registry};

/// The register in which training is kept.
const REGISTER: &str = "training";
/// The field that says which course.
const COURSE: &str = "course";
/// The course for those who start: nobody takes it again.
const INDUCTION: &str = "induction";
/// The state of training whose time is over.
const PAST: &str = "past";
/// When the program looks what has fallen due.
const AT: Time = time(5, 45, 0, 0);

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<open::FallDue>(Every::Day(AT), engine.clone())
}
