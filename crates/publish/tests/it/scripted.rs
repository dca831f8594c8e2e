//! A server that answers as both platforms do, but for one path where it fails as it is told.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nobody listens.
    Down,
    /// It listens and never answers.
    Slow,
    /// 429, to be asked again in 90 seconds.
    Limited,
    /// 500 with an error of its own.
    Broken,
    /// 502 from whatever stands before it.
    Gateway,
    /// 503, as while it is looked after.
    Closed,
    /// 200 and no JSON.
    Nonsense,
    /// 200 and JSON of another kind.
    OtherJson,
    /// 200 and half an answer.
    Truncated,
    /// The connection ends once the request was read.
    Cut,
    /// 401.
    Revoked,
    /// 302 to another server.
    Moved,
    /// 400, 422: what was sent is not taken.
    Refused,
    /// Nothing goes wrong.
    None,
}

const CID: &str = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";
const BLOB: &str = "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy";

/// Starts one that fails at requests whose line begins so; gives its address.
pub(crate) async fn start(at: &'static str, fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, at, fault));
        }
    });
    address
}

async fn serve(stream: TcpStream, at: &'static str, fault: Fault) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.unwrap();
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(said) = header.strip_prefix("content-length: ") {
            length = said.parse().unwrap();
        }
    }
    stream.read_exact(&mut vec![0; length]).await.unwrap();
    let faulty = line.starts_with(at);
    let reply = match if faulty { fault } else { Fault::None } {
        Fault::Slow => std::future::pending().await,
        Fault::Cut => return,
        fault => reply(fault, &line),
    };
    stream.write_all(reply.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

fn reply(fault: Fault, line: &str) -> String {
    let error = r#"{"error":"InvalidRequest","message":"no"}"#;
    let (status, headers, body) = match fault {
        Fault::Limited => (
            "429 Too Many Requests",
            "retry-after: 90\r\n",
            error.to_owned(),
        ),
        Fault::Broken => ("500 Internal Server Error", "", error.to_owned()),
        Fault::Gateway => ("502 Bad Gateway", "", "<html>".to_owned()),
        Fault::Closed => ("503 Service Unavailable", "", "<html>".to_owned()),
        Fault::Revoked => ("401 Unauthorized", "", error.to_owned()),
        Fault::Moved => (
            "302 Found",
            "location: http://elsewhere.example/\r\n",
            String::new(),
        ),
        Fault::Refused => ("422 Unprocessable Content", "", error.to_owned()),
        Fault::Nonsense => ("200 OK", "", "{]".to_owned()),
        Fault::OtherJson => ("200 OK", "", r#"{"colour":["blue"]}"#.to_owned()),
        _ => ("200 OK", "", right(line)),
    };
    let length = body.len();
    let sent = if fault == Fault::Truncated {
        body.get(..length / 2).unwrap_or_default()
    } else {
        &body
    };
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{sent}"
    )
}

/// What a server that is well answers.
fn right(line: &str) -> String {
    let did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    let has = |part: &str| line.contains(part);
    if has("createSession") {
        format!(r#"{{"accessJwt":"a","refreshJwt":"r","did":"{did}","handle":"school.test"}}"#)
    } else if has("uploadBlob") {
        format!(
            r#"{{"blob":{{"$type":"blob","ref":{{"$link":"{BLOB}"}},"mimeType":"image/png","size":70}}}}"#
        )
    } else if has("Record") {
        format!(r#"{{"uri":"at://{did}/app.bsky.feed.post/3k","cid":"{CID}","value":{{}}}}"#)
    } else if has("/api/v2/media") {
        r#"{"id":"7","url":"https://media.example/7.png"}"#.into()
    } else if has("GET /api/v1/accounts/1/statuses") {
        "[]".into()
    } else if has("verify_credentials") {
        r#"{"id":"1","acct":"school","url":"https://social.example/@school","name":"Probity"}"#
            .into()
    } else {
        r#"{"id":"9","uri":"https://a.example/9","url":"https://a.example/@s/9","created_at":"2026-09-01T08:30:00.000Z"}"#
            .into()
    }
}
