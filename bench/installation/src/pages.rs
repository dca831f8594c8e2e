//! A signed-in page beside a bare axum handler that gives the same bytes, in turns.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{Taken, ask_for, request};
use crate::installed::Installed;
use crate::Outcome;

const TURN: Duration = Duration::from_secs(3);
const TURNS: usize = 5;

pub(crate) async fn measure(program: &Path, installed: &Installed) -> Outcome<()> {
    let (mut child, address) = installed.serve(program)?;
    let page = body(&address, &installed.cookie).await?;
    let bare = bare(page.clone()).await?;
    let (mut ours, mut asking, mut theirs) = (Taken::default(), Taken::default(), Taken::default());
    let signed_in = request(&address, "/me/tokens", &installed.cookie);
    let start = request(&address, "/", &installed.cookie);
    let plain = request(&bare, "/", "");
    for _ in 0..TURNS {
        ours.add(ask_for(TURN, &address, &signed_in).await?);
        asking.add(ask_for(TURN, &address, &start).await?);
        theirs.add(ask_for(TURN, &bare, &plain).await?);
    }
    child.kill()?;
    child.wait()?;
    println!("| {} bytes a page | requests a second | p50 | p99 |\n|---|---|---|---|", page.len());
    told("signed-in page (own tokens)", &mut ours);
    told("start page, signed in", &mut asking);
    told("bare axum handler", &mut theirs);
    Ok(())
}

fn told(what: &str, taken: &mut Taken) {
    println!(
        "| {what} | {:.0} | {:.2} ms | {:.2} ms |",
        taken.per_second(),
        taken.percentile(50).as_secs_f64() * 1e3,
        taken.percentile(99).as_secs_f64() * 1e3
    );
}

/// The page as it is sent, to give the bare handler the same to send.
async fn body(address: &str, cookie: &str) -> Outcome<String> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!(
        "GET /me/tokens HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no page")?;
    Ok(body.to_owned())
}

async fn bare(page: String) -> Outcome<String> {
    let handler = get(move || {
        let page = page.clone();
        async move { Html(page) }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", handler)).await });
    Ok(address)
}
