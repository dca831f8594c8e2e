//! May this person do this to this? The one place that says.
//!
//! A feature gives its routes as [`Routes`], each with the [`Access`] it needs: there is no other
//! way onto the site, so a route without an answer to "who may?" does not compile. A handler gets
//! its [`Actor`] or its [`Permit`] from here, and the stores of the features ask for the permit.

mod action;
mod actor;
mod identity;
mod role;
mod routes;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use actor::{Actor, Denied, Means, Permit, Place};
pub use identity::Identity;
pub use role::{Held, Role};
pub use routes::{Access, Route, Routes};
