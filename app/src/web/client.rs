//! Who sent a request. Behind a reverse proxy the peer is the proxy, and the client's address stands in a header,
//! which anybody could send: it is believed only from a proxy that the settings trust.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::App;
use crate::settings::ForwardedBy;

/// The address of the client, in every request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The address of a request; unspecified where nobody knows it.
    #[must_use]
    pub(crate) fn of(request: &Extensions) -> Self {
        let found = request.get::<Self>().copied();
        found.unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// One client: an IPv4 address, or the /64 network that one IPv6 customer is given whole.
    #[must_use]
    pub(crate) fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
        }
    }
}

/// In requests that a trusted proxy passed on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ThroughProxy {
    /// Whether the client reached the proxy by HTTPS, if the proxy says so.
    pub(super) https: Option<bool>,
}

/// Which proxies are believed.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    networks: Vec<IpNet>,
    header: ForwardedBy,
}

impl Default for Proxies {
    fn default() -> Self {
        Self::new(Vec::new(), ForwardedBy::XForwardedFor)
    }
}

impl Proxies {
    /// The proxies of these networks, which give the client's address in this header.
    #[must_use]
    pub(crate) fn new(networks: Vec<IpNet>, header: ForwardedBy) -> Self {
        Self { networks, header }
    }

    fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The client behind a peer: the right-most address that is none of our proxies. What stands further left may
    /// have been sent by the client itself. Where an address cannot be read, the proxy that passed it on counts.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trust(client) {
            return client;
        }
        for hop in self.hops(headers).iter().rev() {
            let Some(address) = hop.address else {
                break;
            };
            client = address.to_canonical();
            if !self.trust(client) {
                break;
            }
        }
        client
    }

    /// Whether the client came by HTTPS, as the nearest proxy says it.
    fn https(&self, headers: &HeaderMap) -> Option<bool> {
        let said = match self.header {
            ForwardedBy::Forwarded => self.hops(headers).pop()?.protocol?,
            ForwardedBy::XForwardedFor => {
                let said =
                    lines(headers, &HeaderName::from_static("x-forwarded-proto")).next_back()?;
                said.rsplit(',').next()?.trim().to_owned()
            }
        };
        Some(said.eq_ignore_ascii_case("https"))
    }

    fn hops(&self, headers: &HeaderMap) -> Vec<Hop> {
        match self.header {
            ForwardedBy::XForwardedFor => {
                lines(headers, &HeaderName::from_static("x-forwarded-for"))
                    .flat_map(|line| line.split(','))
                    .map(|address| Hop {
                        address: address_of(address.trim()),
                        protocol: None,
                    })
                    .collect()
            }
            ForwardedBy::Forwarded => lines(headers, &header::FORWARDED)
                .flat_map(|line| unquoted(line, ','))
                .map(Hop::read)
                .collect(),
        }
    }
}

/// What one proxy says of whoever called it.
#[derive(Debug, Default)]
struct Hop {
    address: Option<IpAddr>,
    protocol: Option<String>,
}

impl Hop {
    /// Reads `for="[2001:db8::1]:4711";proto=https`.
    fn read(element: &str) -> Self {
        let mut hop = Self::default();
        for pair in unquoted(element, ';') {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "for" => hop.address = address_of(value),
                "proto" => hop.protocol = Some(value.to_owned()),
                _ => {}
            }
        }
        hop
    }
}

/// The parts between separators that do not stand between quotes.
fn unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

/// An address, perhaps with a port, perhaps in brackets.
fn address_of(text: &str) -> Option<IpAddr> {
    let with_port = |text: &str| text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse()
        .ok()
        .or_else(|| with_port(text))
        .or_else(bracketed)
}

fn lines<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
) -> impl DoubleEndedIterator<Item = &'h str> {
    headers
        .get_all(name)
        .into_iter()
        .map(|line| line.to_str().unwrap_or_default())
}

/// Puts the [`ClientAddress`] into the request.
pub(super) async fn address(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(peer) = peer.map(|peer| peer.0.ip()) {
        let proxies = &app.operation().proxies;
        let client = ClientAddress(proxies.client(peer, request.headers()));
        request.extensions_mut().insert(client);
        if proxies.trust(peer) {
            let https = proxies.https(request.headers());
            request.extensions_mut().insert(ThroughProxy { https });
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn client(header: ForwardedBy, peer: &str, headers: &HeaderMap) -> String {
        let networks = ["10.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
        let proxies = Proxies::new(networks.into(), header);
        proxies.client(peer.parse().unwrap(), headers).to_string()
    }

    fn by_x(peer: &str, values: &[&str]) -> String {
        client(
            ForwardedBy::XForwardedFor,
            peer,
            &headers("x-forwarded-for", values),
        )
    }

    fn by_rfc(peer: &str, values: &[&str]) -> String {
        client(ForwardedBy::Forwarded, peer, &headers("forwarded", values))
    }

    #[test]
    fn a_peer_that_is_no_proxy_of_ours_is_the_client_whatever_it_says() {
        assert_eq!(by_x("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(by_rfc("192.0.2.7", &["for=198.51.100.1"]), "192.0.2.7");
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_of_ours_is_the_client() {
        assert_eq!(by_x("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(by_x("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // The client sent the first one itself, to look like somebody else.
        assert_eq!(
            by_x("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.2.0.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            by_x("10.0.0.1", &["203.0.113.9", "198.51.100.1:4711"]),
            "198.51.100.1"
        );
        assert_eq!(by_x("::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(by_x("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_cannot_be_read_counts_as_the_proxy_that_passed_it_on() {
        assert_eq!(
            by_x("10.0.0.1", &["198.51.100.1, nonsense, 10.2.0.1"]),
            "10.2.0.1"
        );
        assert_eq!(by_x("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(by_rfc("10.0.0.1", &["for=_hidden"]), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_with_its_quotes_and_brackets() {
        let line =
            "for=203.0.113.9;by=a, For=\"[2001:db8:cafe::17]:4711\";proto=https;host=\"a,b;c\"";
        assert_eq!(by_rfc("10.0.0.1", &[line]), "2001:db8:cafe::17");
        assert_eq!(
            by_rfc("10.0.0.1", &["for=\"[2001:db8::1]\""]),
            "2001:db8::1"
        );
        // The header that is not in use is not read: a client may have sent it.
        let other = headers("x-forwarded-for", &["198.51.100.1"]);
        assert_eq!(
            client(ForwardedBy::Forwarded, "10.0.0.1", &other),
            "10.0.0.1"
        );
    }

    #[test]
    fn https_is_what_the_nearest_proxy_says() {
        let proxies = Proxies::new(
            vec!["10.0.0.0/8".parse().unwrap()],
            ForwardedBy::XForwardedFor,
        );
        let said = headers("x-forwarded-proto", &["http, https"]);
        assert_eq!(proxies.https(&said), Some(true));
        assert_eq!(proxies.https(&HeaderMap::new()), None);
    }

    #[test]
    fn one_client_is_an_ipv4_address_or_an_ipv6_network() {
        let of = |text: &str| ClientAddress(text.parse().unwrap()).network().to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
