//! Routes that say who may use them.

use axum::RequestExt as _;
use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use super::{Action, Identity, Means, Place};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// Who may use a route.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Access {
    /// Everybody, always.
    Open,
    /// Everybody, unless the trust wants a sign-in for asking and reading.
    Reading,
    /// Whoever has signed in, for what is their own.
    SignedIn,
    /// Whoever may do this; at the school in the path where it names one as `{school}`, otherwise
    /// anywhere, and the handler asks its permit about the record.
    May(Action),
    /// Whoever may do this for the whole trust.
    MayEverywhere(Action),
}

/// A route as the matrix lists it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, as in `/schools/{school}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// The routes of a feature.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<App>,
    listed: Vec<Route>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET (and HEAD).
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    /// Answers POST.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    /// Answers DELETE.
    #[must_use]
    pub fn delete<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let on = on(MethodFilter::DELETE, handler);
        self.add(Method::DELETE, path, access, on)
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        handler: MethodRouter<App>,
    ) -> Self {
        let guarded = handler.route_layer(from_fn(move |request: Request, next: Next| {
            guard(access, request, next)
        }));
        self.router = self.router.route(path, guarded);
        self.listed.push(Route {
            method,
            path,
            access,
        });
        self
    }

    /// Adds another feature's routes.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.listed.extend(other.listed);
        self
    }

    /// The routes, listed.
    #[must_use]
    pub fn listed(&self) -> &[Route] {
        &self.listed
    }

    /// What axum serves.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Lets a request through to its handler, or says why not.
async fn guard(access: Access, mut request: Request, next: Next) -> Response {
    match admitted(access, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admitted(access: Access, request: &mut Request) -> Result<(), Problem> {
    let identity = request.extensions().get::<Identity>().cloned();
    let identity = identity.unwrap_or_default();
    let signed_in = identity
        .actor
        .as_ref()
        .ok_or_else(|| Problem::new(Kind::SignInFirst));
    match access {
        Access::Open => Ok(()),
        Access::Reading if !identity.reading_needs_sign_in => Ok(()),
        Access::Reading => signed_in.map(|_| ()),
        // What is a person's own is for the person: a program with their token may not so much
        // as make itself another.
        Access::SignedIn => match signed_in?.means {
            Means::Token(_) => Err(Problem::new(Kind::Forbidden)),
            Means::Session { .. } | Means::Operator => Ok(()),
        },
        Access::May(action) | Access::MayEverywhere(action) => {
            let actor = signed_in?;
            let permit = actor
                .permit(action)
                .ok_or_else(|| Problem::new(Kind::Forbidden))?;
            if access == Access::MayEverywhere(action) {
                permit.at(Place::Trust)?;
            }
            if let Some(school) = school_of(request).await? {
                permit.at(Place::School(&school))?;
            }
            request.extensions_mut().insert(permit);
            Ok(())
        }
    }
}

/// The school that the path names.
async fn school_of(request: &mut Request) -> Result<Option<SchoolId>, Problem> {
    let params = request
        .extract_parts::<RawPathParams>()
        .await
        .map_err(|_| Problem::new(Kind::NotFound))?;
    let school = params.iter().find(|(name, _)| *name == "school");
    school
        .map(|(_, id)| id.parse().map_err(|_| Problem::new(Kind::NotFound)))
        .transpose()
}
