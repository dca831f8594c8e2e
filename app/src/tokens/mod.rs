//! API tokens: a program acts for a person, within a scope that person chose from their own
//! rights, until a day. The token is shown once; the store knows its hash.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{IssuedPage, NewPage, RevokePage, TokensPage};
pub(crate) use store::actor_of;
pub use store::states;
pub(crate) use store::{erase_all, forget};
