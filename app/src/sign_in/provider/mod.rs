//! Signing in with a provider, by OpenID Connect: discovery, authorisation code with PKCE, state
//! and nonce.

mod claims;
mod flow;
mod page;
mod record;
mod role_page;
mod roles;
mod settings_page;

pub(super) use page::routes;
pub(super) use record::{Shown, list};
pub(super) use role_page::routes as role_routes;
pub(super) use settings_page::routes as settings_routes;
#[cfg(test)]
pub(crate) use {page::StrangerPage, role_page::ProviderPage, settings_page::SettingsPage};
