//! Measures an installation, each thing beside the bare one in the same run: appending to the
//! ledger and a plain insert, a signed-in page and a plain handler; then verifying, the time from
//! start to the first answer with a long ledger, and memory at rest.
//!
//! `bench-installation PROGRAM [EVENTS]`: the release program, and how many events its ledger gets
//! (1,000,000 where nothing is said). `bench-installation PROGRAM cases [COUNT]...`: home, lists,
//! searches and a case over so many cases. PostgreSQL is measured where `PROBITY_TEST_POSTGRES`
//! names a server that may be filled.

mod cases;
mod client;
mod installed;
mod ledger;
mod pages;
mod start;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use installed::Kept;

/// What a part of the measurement ends with.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Events of the ledger, where nothing else is said.
const EVENTS: u64 = 1_000_000;

#[tokio::main]
async fn main() -> ExitCode {
    match measure().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().map(PathBuf::from);
    let program = program.ok_or("name the release program to measure")?;
    let events = arguments.next();
    if events.as_deref() == Some("cases") {
        let counts = arguments.map(|text| text.parse()).collect::<Result<Vec<u64>, _>>()?;
        return over_cases(&program, &counts).await;
    }
    let events = events.map_or(Ok(EVENTS), |text| text.parse())?;
    let installed = installed::Installed::with_events(events).await?;
    start::measure(&program, &installed).await?;
    pages::measure(&program, &installed).await?;
    ledger::measure(events).await
}

async fn over_cases(program: &Path, counts: &[u64]) -> Outcome<()> {
    cases::measure(program, &Kept::Sqlite, counts).await?;
    match std::env::var("PROBITY_TEST_POSTGRES") {
        Ok(server) => cases::measure(program, &Kept::Postgres(server), counts).await,
        Err(_) => {
            println!("PostgreSQL: not measured, PROBITY_TEST_POSTGRES names none");
            Ok(())
        }
    }
}
