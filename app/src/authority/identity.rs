//! What is known of a request before its handler runs, and the extractors that read it.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;

use super::{Actor, Permit};
use crate::store::TrustId;
use crate::web::problem::{Kind, Problem};

/// Whose site this is and who is asking. Put into the request by sign-in, once.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The trust, known from the host; none before the installation is set up.
    pub trust: Option<TrustId>,
    /// The trust's name.
    pub trust_name: String,
    /// Whether the trust holds demonstration data.
    pub demonstration: bool,
    /// Whether asking and reading need a sign-in here.
    pub reading_needs_sign_in: bool,
    /// Who is asking, if they have signed in.
    pub actor: Option<Actor>,
}

tokio::task_local! {
    /// The identity of the request that this task answers, for the layout around every page.
    static CURRENT: Identity;
}

impl Identity {
    /// Answers a request; meanwhile [`Identity::current`] is this one.
    pub(crate) async fn during<F: Future>(self, answer: F) -> F::Output {
        CURRENT.scope(self, answer).await
    }

    /// The identity of the request that is being answered; nobody's, outside of one.
    pub(crate) fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let identity = parts.extensions.get::<Identity>();
        identity
            .and_then(|identity| identity.actor.clone())
            .ok_or_else(|| Problem::new(Kind::SignInFirst))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let identity = parts.extensions.get::<Identity>();
        Ok(identity.and_then(|identity| identity.actor.clone()))
    }
}

impl<S: Sync> FromRequestParts<S> for Permit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Only a route listed with `Access::May` has one.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::new(Kind::Forbidden))
    }
}

impl From<super::Denied> for Problem {
    fn from(_: super::Denied) -> Self {
        Self::new(Kind::Forbidden)
    }
}
