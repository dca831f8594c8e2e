//! From start to the first answer, and memory at rest.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

use crate::client::{answer, request};
use crate::installed::Installed;
use crate::Outcome;

const ROUNDS: usize = 7;

pub(crate) async fn measure(program: &Path, installed: &Installed) -> Outcome<()> {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let (mut child, address) = installed.serve(program)?;
        let mut connection = TcpStream::connect(&address).await?;
        let first = request(&address, "/me/tokens", &installed.cookie);
        answer(&mut connection, &first).await?;
        times.push(started.elapsed());
        tokio::time::sleep(Duration::from_secs(2)).await;
        memory = memory.max(resident_kib(child.id())?);
        child.kill()?;
        child.wait()?;
    }
    times.sort_unstable();
    let median = times.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("| with {} ledger events | |\n|---|---|", installed.events);
    println!("| start to first answer (median of {ROUNDS}) | {:.0} ms |", median.as_secs_f64() * 1e3);
    println!("| memory at rest (most of {ROUNDS}) | {:.1} MB |\n", memory as f64 / 1024.0);
    Ok(())
}

/// The resident memory of a process, in KiB, as Linux tells it.
fn resident_kib(process: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("Linux did not tell the memory")?.parse()?)
}
