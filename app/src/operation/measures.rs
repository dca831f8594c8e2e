//! `/metrics`: what this node has done and what the store holds, as numbers without any personal data.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::Operation;
use crate::jobs;
use crate::store::{Query as _, Store, StoreError, TrustId};
use crate::values;
use crate::web::App;
use crate::web::client::ClientAddress;

/// The bounds of the groups of durations, in seconds.
const BOUNDS: [f64; 11] = [
    0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Answered {
    method: &'static str,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Took {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct JobState {
    state: &'static str,
}

#[derive(Clone, Debug)]
struct Durations;

impl MetricConstructor<Histogram> for Durations {
    fn new_metric(&self) -> Histogram {
        Histogram::new(BOUNDS)
    }
}

/// Everything that is measured.
#[derive(Debug)]
pub(crate) struct Measures {
    answered: Family<Answered, Counter>,
    took: Family<Took, Histogram, Durations>,
    jobs: Family<JobState, Gauge>,
    oldest_job: Gauge,
    sessions: Gauge,
    events: Gauge,
    nodes: Gauge,
    /// Locked while the numbers of the store are taken and written, so that they belong together.
    registry: Mutex<Registry>,
}

impl Default for Measures {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("probity");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        let measures = Self {
            answered: Family::default(),
            took: Family::new_with_constructor(Durations),
            jobs: Family::default(),
            oldest_job: Gauge::default(),
            sessions: Gauge::default(),
            events: Gauge::default(),
            nodes: Gauge::default(),
            registry: Mutex::default(),
        };
        registry.register("requests", "Requests answered", measures.answered.clone());
        registry.register_with_unit(
            "request_duration",
            "How long answering took",
            Unit::Seconds,
            measures.took.clone(),
        );
        registry.register("jobs", "Jobs in the queue by state", measures.jobs.clone());
        registry.register_with_unit(
            "oldest_due_job",
            "How long the job longest due has waited",
            Unit::Seconds,
            measures.oldest_job.clone(),
        );
        registry.register(
            "sessions",
            "Sessions that are open",
            measures.sessions.clone(),
        );
        registry.register(
            "ledger_events",
            "Entries of all ledgers",
            measures.events.clone(),
        );
        registry.register(
            "nodes",
            "Nodes that serve this database",
            measures.nodes.clone(),
        );
        Self {
            registry: Mutex::new(registry),
            ..measures
        }
    }
}

impl Measures {
    /// Counts a request. The route is the pattern, never the path; odd methods count as one.
    pub(crate) fn request(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        let (route, status) = (route.to_owned(), u32::from(status));
        let answered = Answered {
            method,
            route: route.clone(),
            status,
        };
        self.answered.get_or_create(&answered).inc();
        self.took
            .get_or_create(&Took { method, route })
            .observe(took.as_secs_f64());
    }

    async fn look(&self, store: &Store, nodes: u32) -> Result<(), StoreError> {
        let trusts = store
            .installation()
            .all("SELECT trust FROM trust", values![])
            .await?;
        let now = store.clock().now();
        let (mut sessions, mut events) = (0_u64, 0_u64);
        let (mut waiting, mut running, mut dead) = (0_u64, 0_u64, 0_u64);
        let mut oldest = None;
        for row in trusts {
            let trust: TrustId = row.get("trust")?;
            let mut read = store.read(&trust);
            let open = "SELECT COUNT(*) AS n FROM session WHERE trust = $1 AND expires_at > $2";
            sessions += read.count(open, values![now]).await?;
            let size = "SELECT size AS n FROM ledger_head WHERE trust = $1";
            events += read.count(size, values![]).await?;
            let queue = jobs::waiting(&mut read, now).await?;
            waiting += queue.waiting;
            running += queue.running;
            dead += queue.dead;
            oldest = [oldest, queue.due_since].into_iter().flatten().min();
        }
        for (state, count) in [("waiting", waiting), ("running", running), ("dead", dead)] {
            self.jobs
                .get_or_create(&JobState { state })
                .set(whole(count));
        }
        let waited = oldest.map_or(0, |since| now.duration_since(since).as_secs());
        self.oldest_job.set(waited);
        self.sessions.set(whole(sessions));
        self.events.set(whole(events));
        self.nodes.set(i64::from(nodes));
        Ok(())
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The numbers, for those who may read them.
pub(super) async fn metrics(State(app): State<App>, request: Request) -> Response {
    let operation = app.operation();
    if !may_read(
        operation,
        ClientAddress::of(request.extensions()),
        request.headers(),
    ) {
        let why = "The measures are read from the networks of the setting metrics.readers, or with the token of \
                   metrics.token.";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let measures = &operation.measures;
    let registry = measures.registry.lock().await;
    if let Some(store) = app.store_if_any()
        && let Err(error) = measures.look(store, operation.live_nodes()).await
    {
        tracing::error!(%error, "the store cannot be measured");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// By the token, or by network. A request that came through a proxy never counts by network: where the proxy stands on
/// this machine and is not named as one, everybody would seem to.
fn may_read(operation: &Operation, client: ClientAddress, headers: &HeaderMap) -> bool {
    if let Some(token) = &operation.token {
        let given = headers.get(header::AUTHORIZATION).map(|it| it.as_bytes());
        let given = given.and_then(|it| it.strip_prefix(b"Bearer "));
        // Hashes are compared, so that the time taken says nothing of the token.
        if given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(token.reveal())) {
            return true;
        }
    }
    let forwarded = [
        HeaderName::from_static("x-forwarded-for"),
        header::FORWARDED,
        header::VIA,
    ];
    let direct = !forwarded.iter().any(|name| headers.contains_key(name));
    let address = client.0.to_canonical();
    direct
        && operation
            .readers
            .iter()
            .any(|network| network.contains(&address))
}
