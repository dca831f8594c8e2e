//! The project's own tasks. `cargo xtask demo` and `cargo xtask test --install` are all that a newcomer needs.

mod demo;
mod needs;
mod peers;
mod servers;
mod step;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "The project's own tasks",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build everything and serve a demonstration on 127.0.0.1:8080, with links to sign in as anybody there
    Demo {
        /// Address and port to serve on
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
    },
    /// Check and test everything: format, tidiness, lints, unit, property, acceptance and browser tests
    Test {
        /// Get what is missing: npm packages, and Chromium from the system's packages where that is allowed
        #[arg(long)]
        install: bool,
    },
    /// Test publishing against a real Bluesky server and a stand-in for Mastodon, which are too large for every day
    TestPeers {
        /// Get what is missing: npm and Python packages, some 900 MB in all
        #[arg(long)]
        install: bool,
    },
    /// The tests again with many more random cases, and every fuzz target for a while
    TestAll {
        /// Seconds for each fuzz target
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Fuzz the parsers
    Fuzz {
        /// Seconds for each target
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Start a PostgreSQL for tests run by hand, print its address and keep it until Ctrl-C
    Postgres,
    /// Measure deciding and comparing beside other engines
    Bench,
    /// Measure an installation beside the bare thing: its ledger, its pages, its start, its memory
    BenchInstallation {
        /// Events of the ledger
        #[arg(long, default_value_t = 1_000_000)]
        events: u64,
    },
    /// Measure home, lists, searches and a case over few cases and over many, on both engines
    BenchCases {
        /// How many cases, one installation for each
        #[arg(default_values_t = [10_000, 1_000_000])]
        counts: Vec<u64>,
    },
    /// Measure how well and how fast faces are found in pictures
    BenchFaces,
    /// Measure screening beside bare searches and Presidio, where `PROBITY_BENCH_PYTHON` names a Python that has it
    BenchScreening,
    /// Kill the program in the middle of its work, again and again, on both engines
    Kill {
        /// How often on each engine
        #[arg(long, default_value_t = 50)]
        times: u32,
    },
    /// Write the generated reference documents again
    Generate,
    /// Check what no compiler checks: file sizes, links, reasons for dependencies
    Tidy,
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Demo { listen } => demo::demo(&listen),
        Task::Test { install } => test::test(install),
        Task::TestPeers { install } => peers::test(install),
        Task::TestAll { seconds } => test::test_all(seconds),
        Task::Fuzz { seconds } => test::fuzz(seconds),
        Task::Postgres => servers::postgres(),
        Task::Bench => test::bench(),
        Task::BenchInstallation { events } => test::bench_installation(events),
        Task::BenchCases { counts } => test::bench_cases(&counts),
        Task::BenchFaces => test::bench_faces(),
        Task::BenchScreening => test::bench_screening(),
        Task::Kill { times } => test::kill(times),
        Task::Generate => test::generate(),
        Task::Tidy => tidy::tidy(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n{why}");
            ExitCode::FAILURE
        }
    }
}
