//! The schools of a trust: what they are, whom to turn to, when they are open, and which policy
//! each follows.

pub mod calendar;
mod contacts;
mod error;
pub(crate) mod faults;
mod following;
mod kinds;
pub(crate) mod pages;
mod school;
#[cfg(test)]
mod tests;
mod trust;

pub use contacts::{
    Contact, ContactDetails, ContactId, ContactRole, OutsideContact, add_contact, contacts,
    outside, remove_contact,
};
pub use error::SchoolsError;
pub use following::{
    Following, FollowingId, adopt, policies_of, policy_on, remove as remove_following, withdraw,
};
pub use kinds::{DfeNumber, Nation, Phase, Urn};
pub use school::{
    School, SchoolDetails, add, all, change, close, find, only_school_of, remove as remove_school,
    within,
};
pub use trust::{
    Reading, Trust, TrustSettings, add_trust, change_trust, mark_demonstration, trust,
};

pub(crate) use pages::routes;
