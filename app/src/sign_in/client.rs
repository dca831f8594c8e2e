//! From where a request comes.

use std::net::IpAddr;

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
        Ok(Self(ClientAddress::of(&parts.extensions).network()))
    }
}

/// A path of this site, at its public address; where that is not set, as whoever is asking reaches it.
pub(super) fn address(app: &App, headers: &HeaderMap, path: &str) -> String {
    if let Some(site) = &app.operation().public_url {
        return site.of(path);
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let scheme = if app.https() { "https" } else { "http" };
    match host {
        Some(host) => format!("{scheme}://{host}{path}"),
        None => path.to_owned(),
    }
}
