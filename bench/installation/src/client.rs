//! A client that keeps its connections and asks again as soon as it is answered.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// Connections that ask at once.
pub(crate) const CONNECTIONS: usize = 16;

/// How one target did.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// How long each answer took.
    pub(crate) times: Vec<Duration>,
    pub(crate) elapsed: Duration,
}

impl Taken {
    pub(crate) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The time that so many of a hundred answers did not take longer than.
    pub(crate) fn percentile(&mut self, hundredth: usize) -> Duration {
        self.times.sort_unstable();
        let at = self.times.len() * hundredth / 100;
        self.times.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, mut other: Self) {
        self.times.append(&mut other.times);
        self.elapsed += other.elapsed;
    }
}

/// One request, written once and sent again and again.
pub(crate) fn request(address: &str, path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n").into_bytes()
}

/// Asks for so long over all connections.
pub(crate) async fn ask_for(time: Duration, address: &str, request: &[u8]) -> Outcome<Taken> {
    let started = Instant::now();
    let mut asking = Vec::new();
    for _ in 0..CONNECTIONS {
        let (address, request) = (address.to_owned(), request.to_vec());
        asking.push(tokio::spawn(async move {
            let mut connection = TcpStream::connect(&address).await?;
            connection.set_nodelay(true)?;
            let mut times = Vec::new();
            while started.elapsed() < time {
                let asked = Instant::now();
                answer(&mut connection, &request).await?;
                times.push(asked.elapsed());
            }
            Outcome::Ok(times)
        }));
    }
    let mut taken = Taken::default();
    for one in asking {
        taken.times.append(&mut one.await??);
    }
    taken.elapsed = started.elapsed();
    Ok(taken)
}

/// One whole answer, which must be a 200.
pub(crate) async fn answer(connection: &mut TcpStream, request: &[u8]) -> Outcome<()> {
    connection.write_all(request).await?;
    let mut read = Vec::with_capacity(32 * 1024);
    let (head, length) = loop {
        if connection.read_buf(&mut read).await? == 0 {
            return Err("the connection was closed".into());
        }
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(read.get(..end).unwrap_or_default()).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.ok_or("an answer without a length")?.parse()?;
            if !head.starts_with("http/1.1 200 ") {
                return Err(head.lines().next().unwrap_or_default().to_owned().into());
            }
            break (end + 4, length);
        }
    };
    while read.len() < head + length {
        if connection.read_buf(&mut read).await? == 0 {
            return Err("the answer was cut".into());
        }
    }
    Ok(())
}
