//! The web server: puts the features' routes together behind one set of guards.
//!
//! A feature gives its [`Routes`], each with who may use it; its handlers return a page through [`App::render`] or a
//! [`Problem`]. Everything else (headers, limits, errors as pages or JSON, logging) is done here,
//! once, for all of them.

mod about;
mod assets;
mod body;
pub(crate) mod client;
pub mod dates;
pub mod extract;
pub mod form;
#[cfg(test)]
mod golden;
mod guards;
pub(crate) mod heavy;
mod kind;
mod log;
mod manifest;
pub mod page;
pub mod paging;
pub mod problem;
pub(crate) mod qr;
mod rate;
pub mod server;
mod templates;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod upload;
pub mod work;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use ipnet::IpNet;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use policy::coverage::Carriers;
use policy::library::Library;
use register::Catalogue;

use crate::attachments::Attachments;
use crate::authority::{Actor, Routes};
use crate::cases::{self, Engine, Panel, Seen};
use crate::clock::Clock;
use crate::mail::Mailer;
use crate::operation::{self, Operation};
use crate::outbound::Outbound;
use crate::policies::{Policies, PoliciesError};
use crate::settings::ProviderSettings;
use crate::setup::{self, SetupCode};
use crate::store::{Store, Tx};
use crate::{
    accounts, administration, api, ask, attestation, audit, compare, consent, credentials,
    demonstration, document_control, export, home, jobs, leavers, messages, overview, people,
    personnel, platforms, policies, posts, pupils, quiz, retention, roster, schools, screening,
    sign_in, subject_access, tokens, training,
};
use problem::{Kind, Problem};
pub use templates::TemplateError;
use templates::Templates;

/// What every handler can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    templates: Arc<Templates>,
    policies: Arc<Policies>,
    clock: Clock,
    store: Option<Store>,
    attachments: Option<Attachments>,
    https: bool,
    mailer: Mailer,
    operation: Arc<Operation>,
    setup_code: Option<SetupCode>,
    providers: Arc<[ProviderSettings]>,
    platforms: Outbound,
}

impl App {
    /// The site over these policies. Fails only where an embedded template is wrong, which the
    /// tests would have shown.
    pub fn new(policies: Arc<Policies>, clock: Clock) -> Result<Self, TemplateError> {
        let templates = Arc::new(Templates::embedded()?);
        Ok(Self {
            templates,
            policies,
            clock,
            store: None,
            attachments: None,
            https: false,
            mailer: Mailer::none(),
            operation: Arc::default(),
            setup_code: None,
            providers: Arc::default(),
            platforms: Outbound::to_platforms(&[]),
        })
    }

    /// The same site with a store behind it. `https` says whether people reach it by HTTPS, so
    /// that the session's cookie is sent that way only.
    #[must_use]
    pub fn with_store(self, store: Store, https: bool) -> Self {
        let store = Some(store);
        Self {
            store,
            https,
            ..self
        }
    }

    /// The same site with a place for files.
    #[must_use]
    pub fn with_attachments(self, attachments: Attachments) -> Self {
        let attachments = Some(attachments);
        Self {
            attachments,
            ..self
        }
    }

    /// The files that belong to records. A site that only serves policies takes none.
    pub(crate) fn attachments(&self) -> Result<&Attachments, Problem> {
        self.attachments
            .as_ref()
            .ok_or_else(|| Problem::new(Kind::NotFound).detail("This site takes no files."))
    }

    /// The same site with a mail server, if one is set up.
    #[must_use]
    pub fn with_mailer(self, mailer: Mailer) -> Self {
        Self { mailer, ..self }
    }

    /// The mail server, if one is set up: for pages to know whether a letter will go.
    #[must_use]
    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// The same site with the providers of sign-in that stand in the settings.
    #[must_use]
    pub fn with_providers(self, providers: &[ProviderSettings]) -> Self {
        let providers = providers.into();
        Self { providers, ..self }
    }

    pub(crate) fn providers(&self) -> &[ProviderSettings] {
        &self.providers
    }

    /// The same site, with servers to publish on within these private networks too.
    #[must_use]
    pub fn with_private_platforms(self, networks: &[IpNet]) -> Self {
        let platforms = Outbound::to_platforms(networks);
        Self { platforms, ..self }
    }

    /// The same site, with another way to platforms.
    #[cfg(test)]
    pub(crate) fn with_platforms(self, platforms: Outbound) -> Self {
        Self { platforms, ..self }
    }

    /// The way to platforms that are published on.
    pub(crate) fn platforms(&self) -> &Outbound {
        &self.platforms
    }

    /// The same site, with the state of the node that serves it.
    #[must_use]
    pub fn with_operation(self, operation: Arc<Operation>) -> Self {
        Self { operation, ..self }
    }

    /// The state of this node.
    #[must_use]
    pub fn operation(&self) -> &Arc<Operation> {
        &self.operation
    }

    /// The same site before it is set up: whoever has the code sets it up.
    #[must_use]
    pub(crate) fn with_setup_code(self, code: SetupCode) -> Self {
        let setup_code = Some(code);
        Self { setup_code, ..self }
    }

    pub(crate) fn setup_code(&self) -> Option<&SetupCode> {
        self.setup_code.as_ref()
    }

    pub(crate) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// The store. A site that only serves policies has none, and nothing to sign in to.
    pub fn store(&self) -> Result<&Store, Problem> {
        self.store.as_ref().ok_or_else(|| {
            Problem::new(Kind::NotFound)
                .detail("This site serves policies only; it keeps no records.")
        })
    }

    pub(crate) fn store_if_any(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// A path of the site as others reach it: under the site's own address, or the one that the browser used.
    pub(crate) fn address(&self, headers: &HeaderMap, path: &str) -> String {
        if let Some(site) = &self.operation.public_url {
            return site.of(path);
        }
        let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
        let scheme = if self.https { "https" } else { "http" };
        host.map_or_else(
            || path.to_owned(),
            |host| format!("{scheme}://{host}{path}"),
        )
    }

    /// Whether people reach the site by HTTPS.
    #[must_use]
    pub fn https(&self) -> bool {
        self.https
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The policies in force at this moment.
    #[must_use]
    pub fn library(&self) -> Arc<Library> {
        self.policies.library()
    }

    /// The engine of cases, over the registers in force.
    pub(crate) fn engine(&self) -> Engine {
        Engine::new(Arc::clone(&self.policies))
    }

    /// What another feature shows on the page of a case: here alone they meet.
    pub(crate) async fn beside_case(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        seen: &Seen,
    ) -> Result<Option<Panel>, Problem> {
        if let Some(panel) = subject_access::panel(actor, seen).or_else(|| posts::panel(seen)) {
            return Ok(Some(panel));
        }
        if seen.case.closed_at.is_some() {
            return Ok(None);
        }
        match leavers::panel(tx, actor, seen).await? {
            Some(panel) => Ok(Some(panel)),
            None => match consent::panel(tx, actor, seen).await? {
                Some(panel) => Ok(Some(panel)),
                None => Ok(accounts::panel(tx, seen).await?),
            },
        }
    }

    /// The registers in force at this moment.
    #[must_use]
    pub fn registers(&self) -> Arc<Catalogue> {
        self.policies.registers()
    }

    /// What there is to carry clauses out with at this moment.
    #[must_use]
    pub fn carriers(&self) -> Arc<Carriers> {
        self.policies.carriers()
    }

    /// Why the latest edit of the school's own policy files is not in force, if it is not.
    #[must_use]
    pub fn refused(&self) -> Option<Arc<PoliciesError>> {
        self.policies.refused()
    }

    /// Today.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.clock.today()
    }

    /// The site over the built-in policies, on a fixed day.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let policies = Arc::new(Policies::load(None).unwrap());
        Self::new(policies, Clock::fixed(jiff::civil::date(2026, 11, 20))).unwrap()
    }
}

/// What a client may ask of the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest request body, in bytes.
    pub body_bytes: usize,
    /// How long a request may take before it is given up.
    pub request_timeout: Duration,
    /// Requests a second that one client address may keep up.
    pub requests_per_second: NonZeroU32,
    /// Requests that one client address may make at once before the rate holds.
    pub burst_requests: NonZeroU32,
}

/// The whole site. Serve it with the peer's address as connection info (as [`server::serve`]
/// does): without one, a request counts against one common allowance.
pub fn router(app: App, limits: &Limits) -> Router {
    guarded(routes().into_router(), app, limits)
}

/// Every route of the site with who may use it. Only files and the health check stand beside it.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .merge(ask::routes())
        .merge(policies::routes())
        .merge(document_control::routes())
        .merge(compare::routes())
        .merge(people::routes())
        .merge(platforms::routes())
        .merge(pupils::routes())
        .merge(api::routes())
        .merge(about::routes())
        .merge(administration::routes())
        .merge(consent::routes())
        .merge(audit::routes())
        .merge(cases::routes())
        .merge(accounts::routes())
        .merge(posts::routes())
        .merge(credentials::routes())
        .merge(personnel::routes())
        .merge(retention::routes())
        .merge(subject_access::routes())
        .merge(overview::routes())
        .merge(tokens::routes())
        .merge(sign_in::routes())
        .merge(jobs::routes())
        .merge(attestation::routes())
        .merge(training::routes())
        .merge(quiz::routes())
        .merge(screening::routes())
        .merge(home::routes())
        .merge(messages::routes())
        .merge(roster::routes())
        .merge(export::routes())
        .merge(schools::routes())
        .merge(setup::routes())
        .merge(demonstration::routes())
}

/// The features' routes behind the guards. The first layer named is the innermost.
fn guarded(features: Router<App>, app: App, limits: &Limits) -> Router {
    let files = app.attachments().map_or(0, Attachments::largest_bytes);
    let most = body::Most {
        any_bytes: limits.body_bytes,
        files_bytes: usize::try_from(files).unwrap_or(usize::MAX),
    };
    let limited = features
        .fallback(|| async { Problem::new(Kind::NotFound) })
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(most, body::limit))
        .layer(from_fn_with_state(app.clone(), sign_in::identify))
        .layer(from_fn_with_state(
            rate::Allowance::new(app.clone(), limits),
            rate::limit,
        ));
    let in_time =
        TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limits.request_timeout);
    Router::new()
        .merge(assets::routes())
        .merge(limited)
        .layer(guards::same_origin())
        .layer(in_time)
        .layer(CatchPanicLayer::custom(problem::from_panic))
        .layer(from_fn_with_state(app.clone(), problem::present))
        // Programs read these: their answers stay as short as they are.
        .merge(operation::routes().layer(in_time))
        .layer(from_fn_with_state(app.clone(), guards::https_only))
        .layer(from_fn_with_state(app.clone(), guards::headers))
        .layer(from_fn_with_state(app.clone(), log::requests))
        .layer(from_fn_with_state(app.clone(), client::address))
        .with_state(app)
}
