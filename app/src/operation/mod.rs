//! Keeping the program running: whether it is well, what it measures, which nodes there are, and what is wrong with an
//! installation.
//!
//! - [`Operation`] is the state of one running node, in every handler's reach.
//! - `/healthz` says whether this node works, `/readyz` whether it should be sent requests, `/metrics` what it has
//!   done. They stand before the rate limit and need no sign-in.
//! - [`Node`] tells the other nodes of one database that this one lives; the general rate limit is shared out among
//!   those that do.

pub mod doctor;
mod health;
mod measures;
mod nodes;
pub mod service_manager;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::routing::get;
use ipnet::IpNet;
use tokio::sync::Mutex;

pub use nodes::Node;

use crate::randomness::Randomness;
use crate::settings::{PublicUrl, Secret, Settings};
use crate::web::App;
use crate::web::client::Proxies;
use measures::Measures;

/// The state of a running node.
#[derive(Debug)]
pub struct Operation {
    /// Whom to believe about the client's address.
    pub(crate) proxies: Proxies,
    /// What was measured since the start.
    pub(crate) measures: Measures,
    /// Names this start of the program in the ids of requests.
    pub(crate) start: String,
    /// The address at which people reach the site.
    pub(crate) public_url: Option<PublicUrl>,
    readers: Vec<IpNet>,
    token: Option<Secret>,
    live_nodes: AtomicU32,
    stopping: AtomicBool,
    pulse: Mutex<Option<health::Pulse>>,
}

impl Default for Operation {
    fn default() -> Self {
        Self {
            proxies: Proxies::default(),
            measures: Measures::default(),
            start: "0".to_owned(),
            public_url: None,
            readers: Vec::new(),
            token: None,
            live_nodes: AtomicU32::new(1),
            stopping: AtomicBool::new(false),
            pulse: Mutex::default(),
        }
    }
}

impl Operation {
    /// A node with these settings that has just started.
    #[must_use]
    pub fn new(settings: &Settings, randomness: &Randomness) -> Self {
        let mut start = [0; 4];
        // Only the ids of requests would repeat those of an earlier start.
        randomness.fill(&mut start).ok();
        Self {
            proxies: Proxies::new(settings.trusted_proxies.clone(), settings.forwarded_header),
            start: data_encoding::HEXLOWER.encode(&start),
            public_url: settings.public_url.clone(),
            readers: settings.metrics_readers.clone(),
            token: settings.metrics_token.clone(),
            ..Self::default()
        }
    }

    /// How many nodes share the work, this one included.
    #[must_use]
    pub fn live_nodes(&self) -> u32 {
        self.live_nodes.load(Ordering::Relaxed).max(1)
    }

    pub(crate) fn set_live_nodes(&self, count: u32) {
        self.live_nodes.store(count, Ordering::Relaxed);
    }

    /// From now on `/readyz` says that no more requests should come.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// What stands beside the features' routes: no sign-in, no rate limit.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::healthy))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(measures::metrics))
}
