//! A server that answers as both platforms do, remembers what was published, and fails as it is told.

#![allow(dead_code, reason = "each feature's tests use a part of it")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ipnet::IpNet;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::Outbound;

/// The only token that the platform takes.
pub(crate) const TOKEN: &str = "a-token-4711";
const CID: &str = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";
const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It never answers.
    Slow,
    /// It asks to wait 90 seconds.
    Limited,
    /// It answers 500.
    Broken,
    /// It answers 200 and nonsense.
    Nonsense,
    /// It answers half.
    Truncated,
    /// It ends the connection.
    Cut,
    /// The token counts no more.
    Revoked,
    /// It will not have it.
    Refused,
}

#[derive(Default)]
struct Memory {
    /// What stands: its key, and the text.
    posts: BTreeMap<String, String>,
    /// Idempotency keys, and the posts that they made.
    keys: BTreeMap<String, String>,
    /// How the lines of faulty requests begin, what is wrong with them, and whether they are carried out all the same.
    faults: Vec<(&'static str, Fault, bool)>,
    made: usize,
}

/// The server. It ends when this is dropped.
pub(crate) struct Platform {
    address: SocketAddr,
    memory: Arc<Mutex<Memory>>,
    serving: Option<AbortHandle>,
}

impl Platform {
    pub(crate) async fn start() -> Self {
        let mut platform = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            memory: Arc::default(),
            serving: None,
        };
        platform.up().await;
        platform
    }

    /// Listens, again at the same port.
    pub(crate) async fn up(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let memory = Arc::clone(&self.memory);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&memory)));
            }
        });
        self.serving = Some(serving.abort_handle());
    }

    /// Listens no more.
    pub(crate) async fn down(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
        // The port is free once the task is gone.
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The way to it, for a program that waits no longer than a test does.
    pub(crate) fn outbound() -> Outbound {
        let here: IpNet = "127.0.0.0/8".parse().unwrap();
        Outbound {
            patience: Duration::from_millis(300),
            ..Outbound::to_platforms(&[here])
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap()
    }

    /// Every request whose line begins so fails, after it was carried out or instead.
    pub(crate) fn fail(&self, at: &'static str, fault: Fault, carried_out: bool) {
        self.memory().faults.push((at, fault, carried_out));
    }

    /// Nothing fails any more.
    pub(crate) fn recover(&self) {
        self.memory().faults.clear();
    }

    /// Nothing stands there, and nothing ever did.
    pub(crate) fn forget(&self) {
        *self.memory() = Memory::default();
    }

    /// The texts that stand there.
    pub(crate) fn posts(&self) -> Vec<String> {
        self.memory().posts.values().cloned().collect()
    }

    /// How often a post was made, those that are gone with them.
    pub(crate) fn made(&self) -> usize {
        self.memory().made
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }
}

/// A request as it came.
struct Asked {
    line: String,
    headers: BTreeMap<String, String>,
    body: Value,
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        match header.trim().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Asked {
        line,
        headers,
        body,
    })
}

async fn serve(stream: TcpStream, memory: Arc<Mutex<Memory>>) {
    let mut stream = BufReader::new(stream);
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    let (fault, mut answer) = {
        let mut memory = memory.lock().unwrap();
        let faults = memory.faults.iter();
        let fault = faults.copied().find(|(at, ..)| asked.line.starts_with(at));
        match fault {
            Some((_, fault, false)) => (Some(fault), (200, json!({}))),
            Some((_, fault, true)) => (Some(fault), memory.answer(&asked)),
            None => (None, memory.answer(&asked)),
        }
    };
    let error = || json!({ "error": "InvalidRequest", "message": "no" });
    let mut headers = "";
    match fault {
        Some(Fault::Slow) => std::future::pending().await,
        Some(Fault::Cut) => return,
        Some(Fault::Limited) => {
            headers = "retry-after: 90\r\n";
            answer = (429, error());
        }
        Some(Fault::Broken) => answer = (500, error()),
        Some(Fault::Revoked) => answer = (401, error()),
        Some(Fault::Refused) => answer = (422, error()),
        _ => {}
    }
    let (status, body) = answer;
    let body = match fault {
        Some(Fault::Nonsense) => "{]".to_owned(),
        _ => body.to_string(),
    };
    let length = body.len() + usize::from(fault == Some(Fault::Truncated));
    let head = format!(
        "HTTP/1.1 {status} So\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    );
    // Whoever asked may be gone by now.
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.flush().await;
}

impl Memory {
    fn answer(&mut self, asked: &Asked) -> (u16, Value) {
        let no = || (401, json!({ "error": "AuthenticationRequired" }));
        let bearer = asked.headers.get("authorization").map(String::as_str);
        let has = |part: &str| asked.line.contains(part);
        if has("createSession") {
            return match asked.body["password"] == TOKEN {
                true => (
                    200,
                    json!({ "accessJwt": TOKEN, "refreshJwt": "r", "did": DID, "handle": "ash.bsky.social" }),
                ),
                false => no(),
            };
        }
        if bearer != Some(format!("Bearer {TOKEN}").as_str()) {
            return no();
        }
        match has("/xrpc/") {
            true => self.bluesky(asked),
            false => self.mastodon(asked),
        }
    }

    fn bluesky(&mut self, asked: &Asked) -> (u16, Value) {
        let record = |key: &str| json!({ "uri": format!("at://{DID}/app.bsky.feed.post/{key}"), "cid": CID, "value": {} });
        let key = asked.body["rkey"].as_str().unwrap_or_default().to_owned();
        if asked.line.contains("uploadBlob") {
            let link = "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy";
            let blob = json!({ "$type": "blob", "ref": { "$link": link }, "mimeType": "image/png", "size": 70 });
            return (200, json!({ "blob": blob }));
        }
        if asked.line.contains("putRecord") {
            if self.posts.contains_key(&key) {
                return (400, json!({ "error": "InvalidSwap" }));
            }
            let text = asked.body["record"]["text"].as_str().unwrap_or_default();
            self.posts.insert(key.clone(), text.to_owned());
            self.made += 1;
            return (200, record(&key));
        }
        if asked.line.contains("deleteRecord") {
            self.posts.remove(&key);
            return (200, json!({}));
        }
        let key = asked.line.split("rkey=").nth(1).unwrap_or_default();
        let key = key.split(['&', ' ']).next().unwrap_or_default();
        match self.posts.contains_key(key) {
            true => (200, record(key)),
            false => (400, json!({ "error": "RecordNotFound" })),
        }
    }

    fn mastodon(&mut self, asked: &Asked) -> (u16, Value) {
        let status = |id: &str| json!({ "id": id, "uri": format!("https://social.example/{id}"), "created_at": "2999-01-01T00:00:00.000Z" });
        let path = asked.line.split(' ').nth(1).unwrap_or_default();
        let last = path.rsplit('/').next().unwrap_or_default();
        if path.ends_with("verify_credentials") {
            let own = json!({ "id": "1", "acct": "ash", "url": "https://social.example/@ash", "name": "Probity" });
            return (200, own);
        }
        if path.starts_with("/api/v1/accounts/1/statuses") {
            let all: Vec<Value> = self.posts.keys().map(|id| status(id)).collect();
            let first = !path.contains("max_id");
            return (200, json!(if first { all } else { Vec::new() }));
        }
        if path.starts_with("/api/v2/media") {
            return (
                200,
                json!({ "id": "7", "url": "https://social.example/7.png" }),
            );
        }
        if asked.line.starts_with("POST /api/v1/statuses") {
            let key = asked
                .headers
                .get("idempotency-key")
                .cloned()
                .unwrap_or_default();
            let id = match self.keys.get(&key) {
                Some(id) => id.clone(),
                None => {
                    self.made += 1;
                    let id = self.made.to_string();
                    let text = asked.body["status"].as_str().unwrap_or_default();
                    self.posts.insert(id.clone(), text.to_owned());
                    self.keys.insert(key, id.clone());
                    id
                }
            };
            return (200, status(&id));
        }
        if asked.line.starts_with("DELETE") {
            return match self.posts.remove(last) {
                Some(_) => (200, status(last)),
                None => (404, json!({ "error": "Record not found" })),
            };
        }
        let id = path.split('/').nth(4).unwrap_or_default();
        match self.posts.get(id) {
            Some(text) => (200, json!({ "text": text })),
            None => (404, json!({ "error": "Record not found" })),
        }
    }
}
