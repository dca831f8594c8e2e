//! Invented schools and people with which everything can be tried. They are marked on every page
//! and go again in one step.

mod invented;
mod links;
mod load;
mod names;
mod page;
mod remove;
#[cfg(test)]
mod tests;

pub(crate) use links::{Holder, holders, link};
pub(crate) use load::load;
pub(crate) use page::routes;
pub(crate) use remove::remove;

use crate::authority::Denied;
use crate::cases::CaseError;
use crate::consent::ConsentError;
use crate::jobs::QueueError;
use crate::ledger::LedgerError;
use crate::people::{NotAName, PeopleError};
use crate::pupils::PupilsError;
use crate::randomness::NoRandomness;
use crate::schools::SchoolsError;
use crate::schools::calendar::CalendarFault;
use crate::store::StoreError;

/// The name of the invented trust.
pub(crate) const TRUST: &str = invented::TRUST;

/// What could not be done with the demonstration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemonstrationError {
    /// It is there already.
    #[error("the demonstration is loaded already")]
    Loaded,
    /// Real people are there, and nobody was told.
    #[error(
        "real people are in this trust: the demonstration would stand beside them. Say that this is meant"
    )]
    RealPeople,
    /// There is nothing to remove.
    #[error("no demonstration is loaded here")]
    NotLoaded,
    /// Nobody could look after the trust any more.
    #[error(
        "nobody real is an administrator of this trust yet. Add a person and give them the role of trust administrator first"
    )]
    NoRealAdministrator,
    /// Real records name invented ones.
    #[error(
        "real people or pupils belong to an invented school, or are led by somebody invented. Move them first"
    )]
    Tied,
    /// A policy that one of its schools follows is not there.
    #[error("the demonstration needs the policy '{0}', which this installation does not have")]
    NoPolicy(&'static str),
    /// An invented consent cannot be entered.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// An invented case cannot be erased.
    #[error(transparent)]
    Cases(#[from] CaseError),
    /// An invented name is none.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// The invented calendar is none.
    #[error(transparent)]
    Calendar(#[from] CalendarFault),
    /// The person has no right to it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A school was refused.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
    /// A person was refused.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A pupil was refused.
    #[error(transparent)]
    Pupils(#[from] PupilsError),
    /// A message was refused.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}
