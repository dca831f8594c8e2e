//! Custody of log-ins to official accounts.
//!
//! A log-in lies sealed under the trust's key of custody. It is opened in one place only ([`custody::opened`]), which
//! wants [`JustProved`](crate::sign_in::JustProved): proof that a person has shown within five minutes who they are. Only
//! a request of theirs gives one, so no job, command or API token can open a log-in. Who may is who the head named for
//! the account; each opening is a record with its reason. Jobs open publishing tokens alone ([`token_for_job`]).
//!
//! What is to be done about a log-in (lodge it, change it) is a case in the register `credential`.

mod custody;
mod error;
mod kept;
mod page;
mod publishing;
#[cfg(test)]
mod publishing_tests;
mod rotation;
mod school;
mod secret;
#[cfg(test)]
mod tests;
mod typing;
mod view;
mod watch;

pub use error::CredentialError;
pub use secret::PublishingToken;

pub(crate) use custody::{RewrapError, rewrap, wrapped_by};
pub(crate) use kept::{Connection, forget, states};
pub(crate) use view::{forget as forget_view, seen_by, states as view_states};
#[cfg(test)]
pub(crate) use {page::LogInPage, page::OpenPage, page::ShownPage, school::SchoolPage};

use crate::authority::Routes;
use crate::cases::{CaseId, Engine};
use crate::jobs::{Every, JobContext, Registry};
use crate::store::{Query, StoreError};

/// How often the program looks at log-ins, in minutes: one that somebody knows in vain does not wait.
const EVERY: u32 = 1;

pub(crate) fn routes() -> Routes {
    page::routes()
        .merge(typing::routes())
        .merge(publishing::routes())
        .merge(school::routes())
}

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine) -> Registry {
    Registry::new().recurring::<watch::Watch>(Every::Minutes(EVERY), engine.clone())
}

/// Where the token of an account is good; none where none is lodged, or the program has no client for its platform.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn connection(
    query: &mut impl Query,
    account: &CaseId,
) -> Result<Option<Connection>, StoreError> {
    let kept = kept::of(query, account, kept::PUBLISHING).await?;
    Ok(kept.and_then(|kept| kept.connection))
}

/// The token with which a job publishes on an account; none where none is lodged, or it was revoked.
///
/// # Errors
/// Where the store fails, or what is kept does not open.
pub async fn token_for_job(
    job: &JobContext,
    account: &CaseId,
) -> Result<Option<PublishingToken>, CredentialError> {
    custody::token(job, account).await
}

/// Whether a token is lodged with which a job could publish on an account.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn has_token(
    query: &mut impl Query,
    account: &CaseId,
) -> Result<bool, StoreError> {
    Ok(kept::of(query, account, kept::PUBLISHING).await?.is_some())
}
