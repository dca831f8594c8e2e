//! API tokens: a program acts for a person, within a scope that person chose from their own
//! rights, until a day. The token is shown once; the store knows its hash.

mod others;
mod pages;
mod store;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use pages::{IssuedPage, NewPage, RevokePage, TokensPage};
pub(crate) use store::actor_of;
pub use store::states;
pub(crate) use store::{erase_all, forget, working};

use crate::authority::Routes;

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    pages::routes().merge(others::routes())
}
