//! Signing in, and knowing again who has.

mod identify;
mod session;
#[cfg(test)]
mod tests;

pub(crate) use identify::{cookie_name, identify};
pub use session::{Method, NewSession, SESSION_COOKIE, open_session};
