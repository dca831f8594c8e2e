//! Signing in, and knowing again who has.
//!
//! Whoever proves who they are gets a session: a row of the store, known by a cookie that holds a
//! secret. [`identify`] turns the cookie into an [`Identity`](crate::authority::Identity) before
//! any handler runs.

mod account;
mod again;
mod client;
mod code;
mod cookie;
mod desk;
mod entering;
mod entry;
mod factor;
mod forget;
mod forgot;
mod form;
mod identify;
mod known;
mod letters;
mod link_page;
mod links;
mod me;
mod next;
mod password;
mod provider;
mod second_step;
pub(crate) mod secret;
mod session;
mod sessions_page;
#[cfg(test)]
mod tests;
mod tries;
mod who;

pub(crate) use again::JustProved;
pub use again::recent;
pub use cookie::SESSION_COOKIE;
pub(crate) use forget::forget;
pub(crate) use identify::identify;
pub(crate) use links::{INVITATION, RESET};
pub use links::{LinkKind, make_link};
pub(crate) use session::end_sessions;
pub use session::{Method, NewSession, open_session};
pub(crate) use who::{Person, people, person, person_by_email, roles_of};
#[cfg(test)]
pub(crate) use {
    again::AgainPage, code::CodePage, desk::DeskPage, desk::HandedOverPage, entry::SignInPage,
    forgot::ForgotPage, link_page::LinkPage, me::MePage, me::PasswordPage, me::RecoveryCodesPage,
    me::SecondFactorPage, provider::ProviderPage, provider::SettingsPage, provider::StrangerPage,
    second_step::SecondStepPage, sessions_page::SessionsPage,
};

use crate::authority::Routes;

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(entry::routes())
        .merge(second_step::routes())
        .merge(link_page::routes())
        .merge(code::routes())
        .merge(again::routes())
        .merge(me::routes())
        .merge(sessions_page::routes())
        .merge(desk::routes())
        .merge(forgot::routes())
        .merge(provider::routes())
        .merge(provider::settings_routes())
        .merge(provider::role_routes())
}
