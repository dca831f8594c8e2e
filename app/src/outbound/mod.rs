//! Requests of the program to others: providers of sign-in, platforms that are published on. They go to public addresses
//! only, unless somebody allowed a private network: the address that was checked is the one that is connected to, and
//! redirects are not followed. What is sent to whom is set up by an administrator, never by what came from outside.

mod public;
#[cfg(test)]
pub(crate) mod testing;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use publish::{Http, NoAnswer};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use self::public::is_public;

type Request = axum::http::Request<Vec<u8>>;
type Response = axum::http::Response<Vec<u8>>;

/// How long a connection may take, and a provider to answer: somebody waits before the page.
const SHORT: Duration = Duration::from_secs(8);
/// How long a platform may take to answer: it may be sent pictures.
const LONG: Duration = Duration::from_secs(30);
/// No answer is larger.
const LARGEST: usize = 1024 * 1024;

/// Somebody who cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboundError {
    #[error("{0} is not an address that begins with https://")]
    Address(Uri),
    #[error("{0} leads to a private network, which is not allowed")]
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
    #[error("no connection came about in time")]
    Unanswered,
    #[error("no answer came in time")]
    Late,
}

impl OutboundError {
    /// Whether the request, or a part of it, may have arrived.
    fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Http(_) | Self::Body | Self::Late)
    }
}

/// Which private addresses may be asked, and by plain HTTP.
#[derive(Clone, Debug)]
enum Private {
    None,
    Any,
    Within(Arc<[IpNet]>),
}

impl Private {
    fn holds(&self, address: IpAddr) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::Within(networks) => {
                let address = address.to_canonical();
                networks.iter().any(|network| network.contains(&address))
            }
        }
    }
}

/// Asks others.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    private: Private,
    patience: Duration,
}

impl Outbound {
    /// To a provider of sign-in. `private_network` also allows plain HTTP there.
    pub(crate) fn to_provider(private_network: bool) -> Self {
        let private = match private_network {
            true => Private::Any,
            false => Private::None,
        };
        Self {
            private,
            patience: SHORT,
        }
    }

    /// To platforms, on the internet or within these networks.
    pub(crate) fn to_platforms(networks: &[IpNet]) -> Self {
        Self {
            private: Private::Within(networks.into()),
            patience: LONG,
        }
    }

    pub(crate) async fn send(self, request: Request) -> Result<Response, OutboundError> {
        let uri = request.uri().clone();
        let wrong = || OutboundError::Address(uri.clone());
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if !matches!(self.private, Private::None) => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().ok_or_else(wrong)?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let unanswered = |_| OutboundError::Unanswered;
        let connected = timeout(SHORT, self.connected(&host, port, secure, &uri));
        let stream = connected.await.map_err(unanswered)??;
        if !secure {
            return self.answer(stream, request).await;
        }
        let name = ServerName::try_from(host).map_err(|_| wrong())?;
        let tls = TlsConnector::from(Arc::new(tls()?));
        let stream = timeout(SHORT, tls.connect(name, stream)).await;
        self.answer(stream.map_err(unanswered)??, request).await
    }

    async fn connected(
        &self,
        host: &str,
        port: u16,
        secure: bool,
        uri: &Uri,
    ) -> Result<TcpStream, OutboundError> {
        let address = self.checked(host, port).await?;
        // In the open only where that was allowed.
        if !secure && !self.private.holds(address.ip()) {
            return Err(OutboundError::Address(uri.clone()));
        }
        Ok(TcpStream::connect(address).await?)
    }

    async fn answer(
        &self,
        stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
        request: Request,
    ) -> Result<Response, OutboundError> {
        let answer = timeout(self.patience, exchange(stream, request)).await;
        answer.map_err(|_| OutboundError::Late)?
    }

    /// An address of the host that may be asked.
    async fn checked(&self, host: &str, port: u16) -> Result<SocketAddr, OutboundError> {
        let mut private = false;
        for address in lookup_host((host, port)).await? {
            if self.private.holds(address.ip()) || is_public(address.ip()) {
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
    request: Request,
) -> Result<Response, OutboundError> {
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
    Ok(Response::from_parts(parts, body))
}

impl Http for Outbound {
    async fn send(&self, request: Request) -> Result<Response, NoAnswer> {
        self.clone().send(request).await.map_err(|error| {
            let why = error.to_string();
            match error.may_have_arrived() {
                true => NoAnswer::Lost(why),
                false => NoAnswer::NotSent(why),
            }
        })
    }

    async fn pause(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(outbound: Outbound, address: &str) -> Result<Response, NoAnswer> {
        let request = axum::http::Request::get(address).body(Vec::new()).unwrap();
        Http::send(&outbound, request).await
    }

    #[tokio::test]
    async fn a_private_network_is_asked_only_where_it_is_allowed() {
        let networks: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        for refused in [
            "http://127.0.0.1:9/",
            "https://127.0.0.1:9/",
            "https://localhost:9/",
            "https://[::1]:9/",
            "ftp://127.0.0.1/",
            "http://8.8.8.8/",
        ] {
            let answer = asked(Outbound::to_platforms(&networks), refused).await;
            let Err(NoAnswer::NotSent(why)) = answer else {
                panic!("{refused}: {answer:?}");
            };
            let said = why.contains("private network") || why.contains("begins with https");
            assert!(said, "{refused}: {why}");
        }
    }

    #[tokio::test]
    async fn what_may_have_arrived_is_told_from_what_did_not() {
        let here: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap()];
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let cut = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
        });
        let lost = asked(Outbound::to_platforms(&here), &address).await;
        assert!(matches!(lost, Err(NoAnswer::Lost(_))), "{lost:?}");
        cut.await.unwrap();
        let gone = asked(Outbound::to_platforms(&here), &address).await;
        assert!(matches!(gone, Err(NoAnswer::NotSent(_))), "{gone:?}");
    }
}
