//! How many requests one client may make: a token bucket for each client address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::Limits;
use super::problem::{Kind, Problem};

/// After how many requests the addresses that have been quiet long enough are forgotten, so that
/// the table does not grow with every address ever seen.
const REQUESTS_BETWEEN_SWEEPS: u32 = 10_000;

type Buckets<C> =
    RateLimiter<IpAddr, DashMapStateStore<IpAddr>, C, governor::middleware::NoOpMiddleware>;

/// The allowances of all clients; cheap to clone, shared by all requests.
#[derive(Clone)]
pub(super) struct Allowance {
    buckets: Arc<Buckets<DefaultClock>>,
    since_sweep: Arc<AtomicU32>,
}

impl Allowance {
    pub(super) fn new(limits: &Limits) -> Self {
        let quota =
            Quota::per_second(limits.requests_per_second).allow_burst(limits.burst_requests);
        Self {
            buckets: Arc::new(RateLimiter::dashmap_with_clock(
                quota,
                DefaultClock::default(),
            )),
            since_sweep: Arc::default(),
        }
    }
}

/// Refuses a client that asks too often, saying when to come back.
pub(super) async fn limit(
    State(allowance): State<Allowance>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
        client(peer.0.ip())
    });
    if allowance.since_sweep.fetch_add(1, Ordering::Relaxed) >= REQUESTS_BETWEEN_SWEEPS {
        allowance.since_sweep.store(0, Ordering::Relaxed);
        allowance.buckets.retain_recent();
    }
    match allowance.buckets.check_key(&client) {
        Ok(()) => next.run(request).await,
        Err(until) => {
            let wait = until.wait_time_from(allowance.buckets.clock().now());
            Problem::new(Kind::TooManyRequests)
                .retry_after(wait)
                .into_response()
        }
    }
}

/// One client: an IPv4 address, or the /64 network that one IPv6 customer is given whole.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::client;

    #[test]
    fn one_client_is_an_ipv4_address_or_an_ipv6_network() {
        let of = |text: &str| client(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
