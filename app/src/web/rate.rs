//! How many requests one client may make: a token bucket for each client. Where several nodes serve one database, each
//! gives out its share, so that a client has no more of all of them together than of one.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::client::ClientAddress;
use super::problem::{Kind, Problem};
use super::{App, Limits};

/// After how many requests the addresses that have been quiet long enough are forgotten, so that
/// the table does not grow with every address ever seen.
const REQUESTS_BETWEEN_SWEEPS: u32 = 10_000;

type Buckets = RateLimiter<
    IpAddr,
    DashMapStateStore<IpAddr>,
    DefaultClock,
    governor::middleware::NoOpMiddleware,
>;

/// The allowances of all clients; cheap to clone, shared by all requests.
#[derive(Clone)]
pub(super) struct Allowance {
    app: App,
    whole: (NonZeroU32, NonZeroU32),
    share: Arc<RwLock<Share>>,
    since_sweep: Arc<AtomicU32>,
}

/// This node's share, among so many.
struct Share {
    nodes: u32,
    buckets: Arc<Buckets>,
}

impl Share {
    fn of((rate, burst): (NonZeroU32, NonZeroU32), nodes: u32) -> Self {
        let part = |whole: NonZeroU32| {
            NonZeroU32::new(whole.get().div_ceil(nodes)).unwrap_or(NonZeroU32::MIN)
        };
        let quota = Quota::per_second(part(rate)).allow_burst(part(burst));
        let clock = DefaultClock::default();
        let buckets = Arc::new(RateLimiter::dashmap_with_clock(quota, clock));
        Self { nodes, buckets }
    }
}

impl Allowance {
    pub(super) fn new(app: App, limits: &Limits) -> Self {
        let whole = (limits.requests_per_second, limits.burst_requests);
        let share = Share::of(whole, app.operation().live_nodes());
        Self {
            app,
            whole,
            share: Arc::new(RwLock::new(share)),
            since_sweep: Arc::default(),
        }
    }

    /// The buckets of this node's share; new and full ones when a node came or went.
    fn buckets(&self) -> Arc<Buckets> {
        let nodes = self.app.operation().live_nodes();
        let share = self.share.read().unwrap_or_else(PoisonError::into_inner);
        if share.nodes == nodes {
            return Arc::clone(&share.buckets);
        }
        drop(share);
        let mut share = self.share.write().unwrap_or_else(PoisonError::into_inner);
        if share.nodes != nodes {
            *share = Share::of(self.whole, nodes);
        }
        Arc::clone(&share.buckets)
    }

    /// Takes one request of a client's allowance, or says how long to wait for the next.
    fn take(&self, client: IpAddr) -> Result<(), Duration> {
        let buckets = self.buckets();
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) >= REQUESTS_BETWEEN_SWEEPS {
            self.since_sweep.store(0, Ordering::Relaxed);
            buckets.retain_recent();
        }
        let taken = buckets.check_key(&client);
        taken.map_err(|until| until.wait_time_from(buckets.clock().now()))
    }
}

/// Refuses a client that asks too often, saying when to come back.
pub(super) async fn limit(
    State(allowance): State<Allowance>,
    request: Request,
    next: Next,
) -> Response {
    match allowance.take(ClientAddress::of(request.extensions()).network()) {
        Ok(()) => next.run(request).await,
        Err(wait) => Problem::new(Kind::TooManyRequests)
            .retry_after(wait)
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::clock::Clock as Time;
    use crate::policies::Policies;

    #[test]
    fn a_node_gives_out_its_share_of_the_allowance() {
        let policies = Arc::new(Policies::load(None).unwrap());
        let app = App::new(policies, Time::fixed(jiff::civil::date(2026, 11, 20))).unwrap();
        let limits = Limits {
            body_bytes: 1,
            request_timeout: Duration::from_secs(1),
            requests_per_second: NonZeroU32::MIN,
            burst_requests: NonZeroU32::new(10).unwrap(),
        };
        let allowance = Allowance::new(app.clone(), &limits);
        let granted = |address: [u8; 4]| {
            let client = IpAddr::V4(Ipv4Addr::from(address));
            (0..20).filter(|_| allowance.take(client).is_ok()).count()
        };
        assert_eq!(granted([192, 0, 2, 1]), 10);
        app.operation().set_live_nodes(3);
        assert_eq!(granted([192, 0, 2, 2]), 4);
        app.operation().set_live_nodes(1);
        assert_eq!(granted([192, 0, 2, 3]), 10);
    }
}
