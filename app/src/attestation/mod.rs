//! Who has read and signed the policy: a school asks its people to sign a version, everybody has a case in the register
//! `attestation`, whoever joins is asked too, and leaders see who has not.
//!
//! A round is begun by a person, never by itself: everybody whom it asks gets a message.

mod pages;
mod round;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{RoundPage, SchoolsPage};
pub(crate) use store::states;

use jiff::civil::{Time, time};

use crate::cases::Engine;
use crate::jobs::{Every, Registry};

/// The register that people sign in.
const REGISTER: &str = "attestation";
/// When those who joined are asked.
const AT: Time = time(5, 30, 0, 0);

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<round::Ask>(Every::Day(AT), engine.clone())
}
