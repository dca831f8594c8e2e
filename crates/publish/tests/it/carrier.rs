//! Carries requests of these tests over plain HTTP, as the program does over TLS.

use std::sync::Mutex;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use publish::{Http, NoAnswer};
use tokio::net::{TcpListener, TcpStream};

/// What goes out.
pub(crate) struct Carrier {
    patience: Duration,
    /// Requests whose path ends with this go to a port where nobody listens.
    dead: Option<&'static str>,
    sent: Mutex<Vec<String>>,
}

impl Carrier {
    pub(crate) fn new() -> Self {
        Self {
            patience: Duration::from_secs(30),
            dead: None,
            sent: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn impatient(self) -> Self {
        Self {
            patience: Duration::from_millis(50),
            ..self
        }
    }

    pub(crate) fn dead_at(self, path: &'static str) -> Self {
        Self {
            dead: Some(path),
            ..self
        }
    }

    /// How often a path was asked.
    pub(crate) fn sent(&self, path: &str) -> usize {
        self.sent
            .lock()
            .unwrap()
            .iter()
            .filter(|sent| sent.ends_with(path))
            .count()
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        let not_sent = |why: std::io::Error| NoAnswer::NotSent(why.to_string());
        let lost = |why: hyper::Error| NoAnswer::Lost(why.to_string());
        let mut place = request.uri().authority().unwrap().to_string();
        let path = request.uri().path().to_owned();
        self.sent
            .lock()
            .unwrap()
            .push(format!("{} {path}", request.method()));
        if self.dead.is_some_and(|dead| path.ends_with(dead)) {
            // Free again once the listener is dropped.
            let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
            place = gone.local_addr().unwrap().to_string();
        }
        let stream = TcpStream::connect(&place).await.map_err(not_sent)?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(lost)?;
        tokio::spawn(connection);
        let (mut parts, body) = request.into_parts();
        parts.headers.insert("host", place.parse().unwrap());
        parts.uri = parts
            .uri
            .path_and_query()
            .unwrap()
            .as_str()
            .parse()
            .unwrap();
        let request = Request::from_parts(parts, Full::new(hyper::body::Bytes::from(body)));
        let answer = sender.send_request(request).await.map_err(lost)?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(lost)?.to_bytes().to_vec();
        Ok(Response::from_parts(parts, body))
    }
}

impl Http for Carrier {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, NoAnswer> {
        tokio::time::timeout(self.patience, self.exchange(request))
            .await
            .unwrap_or_else(|_| Err(NoAnswer::Lost("no answer came in time".into())))
    }

    /// Nothing that these tests wait for needs time.
    async fn pause(&self, _time: Duration) {}
}
