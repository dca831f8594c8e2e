//! The server over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use probity::web::server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::site::site;

/// How long these tests give a client for the head of its request.
const HEAD_TIME: Duration = Duration::from_millis(300);

async fn start() -> (
    SocketAddr,
    oneshot::Sender<()>,
    JoinHandle<std::io::Result<()>>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { stopped.await.unwrap_or_default() };
    (
        address,
        stop,
        tokio::spawn(server::serve(listener, site(100), HEAD_TIME, stopped)),
    )
}

async fn healthy(address: SocketAddr) -> bool {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    connection.write_all(request).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("ok")
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_an_answer_the_client_can_read() {
    let (address, _stop, _serving) = start().await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    let body = vec![b'x'; 10_000_000];
    let head = format!(
        "POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("/problems#too-large"));
    assert!(healthy(address).await);
}

#[tokio::test]
async fn a_connection_that_sends_rubbish_leaves_the_server_serving() {
    let (address, _stop, _serving) = start().await;
    for rubbish in [
        &b"\x16\x03\x01\x02\x00\x01"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST",
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(rubbish).await.unwrap();
        drop(connection);
        assert!(healthy(address).await);
    }
}

#[tokio::test]
async fn a_server_told_to_stop_stops() {
    let (address, stop, serving) = start().await;
    assert!(healthy(address).await);
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_client_that_never_ends_the_head_of_its_request_is_cut_off() {
    let (address, _stop, _serving) = start().await;
    for head in [
        &b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "[..],
        // Nothing at all, and nothing after a request that was answered.
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(head).await.unwrap();
        // Ends when the server closes the connection.
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert_eq!(
            answer.contains(" 200 "),
            head.ends_with(b"\r\n\r\n"),
            "{answer}"
        );
    }
    assert!(healthy(address).await);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let (address, _stop, _serving) = start().await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n",
        "x".repeat(500_000)
    );
    connection.write_all(head.as_bytes()).await.ok();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.ok();
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    assert!(healthy(address).await);
}
