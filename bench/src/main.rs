//! Measures deciding beside other engines on the same made rules, after checking that all of them agree; then the
//! real policies, and the exact comparison of two policies. Prints tables, and writes them to `results.json`.

mod against_brute;
mod agreement;
mod clock;
mod engines;
mod made;
mod real;
mod report;
mod timing;

use std::process::ExitCode;

use made::Made;
use report::Report;

/// What a part of the measurement ends with.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The situations that all engines must agree on.
const AGREED: usize = 10_000;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Outcome<()> {
    let mut report = Report::default();
    for rules in [60, 600] {
        let made = Made::new(rules, AGREED);
        let mut engines = timing::load(&made)?;
        report.note(agreement::check(&made, &mut engines)?);
        timing::time(&made, engines, &mut report)?;
    }
    against_brute::time(&Made::new(60, 0), &mut report)?;
    real::time(&mut report)?;
    report.write()
}
