//! Signing in, and knowing again who has.
//!
//! Whoever proves who they are gets a session: a row of the store, known by a cookie that holds a
//! secret. [`identify`] turns the cookie into an [`Identity`](crate::authority::Identity) before
//! any handler runs.

mod cookie;
mod entry;
mod identify;
mod link_page;
mod links;
mod next;
pub(crate) mod secret;
mod session;
#[cfg(test)]
mod tests;
mod who;

pub use cookie::SESSION_COOKIE;
pub(crate) use identify::identify;
pub use links::one_time_link;
pub(crate) use session::end_sessions;
pub use session::{Method, NewSession, open_session};
pub(crate) use who::{Person, people, person, person_by_email, roles_of};
#[cfg(test)]
pub(crate) use {entry::SignInPage, link_page::LinkPage};

use crate::authority::Routes;

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(entry::routes())
        .merge(link_page::routes())
}
