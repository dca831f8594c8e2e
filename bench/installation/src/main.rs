//! Measures an installation. `cargo run --release -- EVENTS` says how many events are verified
//! (1,000,000 where nothing is said); PostgreSQL is measured where `PROBITY_TEST_POSTGRES` names one
//! whose database may be filled.

mod ledger;

use std::process::ExitCode;

/// What a part of the measurement ends with.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Events that are verified.
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
    let events = std::env::args().nth(1);
    let events = events.map_or(Ok(EVENTS), |text| text.parse())?;
    ledger::measure(events).await
}
