//! What a school changes of a register's settings: versioned, with what it alters said first. Cases that are open keep
//! the settings they were opened under.

mod pages;
mod store;
mod words;

pub(super) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{SettingsListPage, SettingsPage};
pub(crate) use store::states;
