//! Signing in with a provider, by OpenID Connect: discovery, authorisation code with PKCE, state
//! and nonce.

mod flow;
mod outbound;
mod page;
mod record;
mod settings_page;

#[cfg(test)]
pub(in crate::sign_in) use outbound::Outbound;
pub(super) use page::routes;
pub(super) use record::{Shown, list};
pub(super) use settings_page::routes as settings_routes;
#[cfg(test)]
pub(crate) use {page::StrangerPage, settings_page::SettingsPage};
