//! The schools of a trust: what they are, whom to turn to, when they are open, and which policy
//! each follows.

pub mod calendar;
mod kinds;

pub use kinds::{DfeNumber, Nation, Phase, Urn};
