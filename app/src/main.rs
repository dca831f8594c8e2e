//! The `probity` program. Everything it does is in the library.

use std::process::ExitCode;

use clap::Parser as _;
use probity::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("probity: {error}");
            ExitCode::FAILURE
        }
    }
}
