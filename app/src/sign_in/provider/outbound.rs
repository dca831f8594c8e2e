//! Requests to a provider. They go to public addresses only, unless the administrator allowed the
//! school's own network: the address that was checked is the one that is connected to, and
//! redirects are not followed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use openidconnect::{HttpRequest, HttpResponse};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a provider may take to answer.
const TIME: Duration = Duration::from_secs(8);
/// No answer of a provider is larger.
const LARGEST: usize = 1024 * 1024;

/// A provider that cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(in crate::sign_in) enum OutboundError {
    #[error("{0} is not an address that begins with https://")]
    Address(Uri),
    #[error("{0} leads to a private network, which is not allowed for this provider")]
    Private(String),
    #[error("{0} was not found")]
    NotFound(String),
    #[error("no connection: {0}")]
    Io(#[from] std::io::Error),
    #[error("no secure connection: {0}")]
    Tls(#[from] rustls::Error),
    #[error("no request could be made: {0}")]
    Http(#[from] hyper::Error),
    #[error("the answer is too large or broke off")]
    Body,
    #[error("no answer came in time")]
    Late,
}

/// Asks providers.
#[derive(Clone, Debug)]
pub(in crate::sign_in) struct Outbound {
    private_network: bool,
}

impl Outbound {
    /// `private_network` also allows plain HTTP there.
    pub(in crate::sign_in) fn new(private_network: bool) -> Self {
        Self { private_network }
    }

    pub(in crate::sign_in) async fn send(
        self,
        request: HttpRequest,
    ) -> Result<HttpResponse, OutboundError> {
        let answer = timeout(TIME, self.answer(request)).await;
        answer.map_err(|_| OutboundError::Late)?
    }

    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let uri = request.uri().clone();
        let wrong = || OutboundError::Address(uri.clone());
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if self.private_network => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().ok_or_else(wrong)?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let stream = TcpStream::connect(self.checked(&host, port).await?).await?;
        if !secure {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(host).map_err(|_| wrong())?;
        let tls = TlsConnector::from(Arc::new(tls()?));
        exchange(tls.connect(name, stream).await?, request).await
    }

    /// An address of the host that may be asked.
    async fn checked(&self, host: &str, port: u16) -> Result<SocketAddr, OutboundError> {
        let mut private = false;
        for address in lookup_host((host, port)).await? {
            if self.private_network || is_public(address.ip()) {
                return Ok(address);
            }
            private = true;
        }
        let host = host.to_owned();
        Err(match private {
            true => OutboundError::Private(host),
            false => OutboundError::NotFound(host),
        })
    }
}

/// The machine's own certificates: a school may have one of its own.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

async fn exchange(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
    request: HttpRequest,
) -> Result<HttpResponse, OutboundError> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    if let Some(host) = parts
        .uri
        .authority()
        .and_then(|host| host.as_str().parse().ok())
    {
        parts.headers.insert(header::HOST, host);
    }
    if let Some(path) = parts.uri.path_and_query() {
        parts.uri = Uri::from(path.clone());
    }
    let request = axum::http::Request::from_parts(parts, Full::new(Bytes::from(body)));
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LARGEST).collect().await;
    driver.abort();
    let body = body.map_err(|_| OutboundError::Body)?.to_bytes().to_vec();
    Ok(HttpResponse::from_parts(parts, body))
}

/// Whether an address belongs to the internet at large.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || matches!(
            (a, b, c),
            (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
        )
        || a >= 240;
    !special
}

/// Global unicast, without the ranges that lead on to IPv4 addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2002, ..] | [0x2001, 0 | 0xdb8, ..] => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn only_public_addresses_are_public() {
        for public in [
            "8.8.8.8",
            "20.190.128.1",
            "2603:1006:2000::1",
            "2a00:1450:4009:81f::200d",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }
}
