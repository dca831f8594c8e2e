//! From where a request comes, and at which address its sender reaches this site.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::web::App;
use crate::web::client::ClientAddress;

/// An IPv4 address, or the /64 network that one IPv6 customer is given whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client(pub(super) IpAddr);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ClientAddress>();
        let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Ok(Self(address.map_or(nowhere, |address| address.network())))
    }
}

/// A path of this site, as whoever is asking reaches it: by the public address of the settings,
/// otherwise by the host that the browser names. It is shown to whoever asked, and told to a
/// provider, which takes only the addresses that were entered there; mail never holds it.
pub(super) fn address(app: &App, headers: &HeaderMap, path: &str) -> String {
    if let Some(site) = &app.operation().public_url {
        return site.of(path);
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    match host {
        Some(host) => format!("http://{host}{path}"),
        None => path.to_owned(),
    }
}
