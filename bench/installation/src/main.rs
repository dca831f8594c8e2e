//! Measures an installation, each thing beside the bare one in the same run: appending to the
//! ledger and a plain insert, a signed-in page and a plain handler; then verifying, the time from
//! start to the first answer with a long ledger, and memory at rest.
//!
//! `bench-installation PROGRAM [EVENTS]`: the release program, and how many events its ledger gets
//! (1,000,000 where nothing is said). PostgreSQL is measured where `PROBITY_TEST_POSTGRES` names
//! one whose database may be filled.

mod client;
mod installed;
mod ledger;
mod pages;
mod start;

use std::path::PathBuf;
use std::process::ExitCode;

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
    let events = events.map_or(Ok(EVENTS), |text| text.parse())?;
    let installed = installed::Installed::with_events(events).await?;
    start::measure(&program, &installed).await?;
    pages::measure(&program, &installed).await?;
    ledger::measure(events).await
}
