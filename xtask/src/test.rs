//! `cargo xtask test` and the longer runs.

use std::env;
use std::process::Command;

use crate::needs;
use crate::servers::Running;
use crate::step::{Done, Steps, built, cargo, root, run};
use crate::tidy;

/// The folder of real policy documents on which the importer is tested, where somebody has one.
const DOCUMENTS: &str = "PROBITY_POLICY_DOCUMENTS";

pub(crate) fn test(install: bool) -> Done {
    let mut not_run = Vec::new();
    let mut steps = Steps::new(7);
    steps.run("What the tests need", || needed(install, &mut not_run))?;
    steps.run("Format", || run(&mut cargo(["fmt", "--all", "--check"])))?;
    steps.run("Tidiness", tidy::tidy)?;
    steps.run("Lints", || {
        run(&mut cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ]))
    })?;
    // It runs until the last test is over, and stops when this function is left.
    let mut running = None;
    steps.run("Servers to test against", || {
        running = Some(Running::start(&mut not_run)?);
        Ok(())
    })?;
    let mut tests = cargo(["test", "--workspace", "--", "--quiet"]);
    running
        .iter()
        .for_each(|servers| servers.name_to(&mut tests));
    steps.run("Unit, property, acceptance and server tests", || {
        run(&mut tests)
    })?;
    if env::var_os(DOCUMENTS).is_none() {
        not_run.push(format!(
            "import of real documents ({DOCUMENTS} names no folder)"
        ));
    }
    not_run.extend(running.iter().flat_map(Running::not_run));
    steps.run("Browser tests", || browser(&not_run, running.as_ref()))?;
    eprintln!();
    steps.times();
    eprintln!();
    for suite in &not_run {
        eprintln!("NOT RUN: {suite}");
    }
    eprintln!("Everything that was run has passed.");
    Ok(())
}

/// Gets what is missing, or names what cannot be run without it.
fn needed(install: bool, not_run: &mut Vec<String>) -> Done {
    needs::node()?;
    if install {
        needs::packages("app")?;
        needs::packages("e2e")?;
        needs::servers()?;
        if let Err(why) = needs::install_chromium() {
            not_run.push(format!("browser tests ({why})"));
        }
        return Ok(());
    }
    if !needs::has_packages("e2e") {
        not_run.push("browser tests (their npm packages are missing; --install gets them)".into());
    } else if needs::chromium().is_none() {
        not_run.push(
            "browser tests (Chromium is missing; --install gets it where that is allowed)".into(),
        );
    }
    Ok(())
}

fn browser(not_run: &[String], servers: Option<&Running>) -> Done {
    if not_run.iter().any(|suite| suite.starts_with("browser")) {
        eprintln!("      not run: see below");
        return Ok(());
    }
    let mut npm = playwright()?;
    if let Some(servers) = servers {
        servers.name_to(&mut npm);
    }
    run(&mut npm)
}

/// The browser tests of the debug program, as npm runs them.
fn playwright() -> Result<Command, String> {
    run(&mut cargo(["build", "--quiet", "--package", "probity"]))?;
    let mut npm = Command::new("npm");
    npm.args(["test", "--silent"])
        .current_dir(root().join("e2e"))
        .env("PROBITY_BIN", built().join("debug/probity"));
    if let Some(chromium) = needs::chromium() {
        npm.env("CHROMIUM", chromium);
    }
    Ok(npm)
}

pub(crate) fn test_all(seconds: u32) -> Done {
    let mut steps = Steps::new(4);
    steps.run("Every register in the browser", || {
        let mut npm = playwright()?;
        run(npm
            .args(["--", "registers", "--project=desk"])
            .env("PROBITY_TEST_WALKS", "all"))
    })?;
    steps.run("Tests with many more random cases", || {
        run(cargo(["test", "--workspace", "--release"])
            .env("PROPTEST_CASES", "20000")
            .env("PROBITY_TEST_WALKS", "all"))
    })?;
    steps.run("Tests of several nodes, which take their time", || {
        run(&mut cargo([
            "test",
            "--package",
            "probity",
            "--test",
            "it",
            "--release",
            "--",
            "--ignored",
            "--nocapture",
        ]))
    })?;
    steps.run("Fuzzing", || fuzz(seconds))
}

/// libFuzzer needs compiler switches that a stable toolchain hides; the fuzz targets alone are built with them.
pub(crate) fn fuzz(seconds: u32) -> Done {
    for target in [
        "policy_file",
        "register_file",
        "import",
        "language",
        "roster",
        "checkpoint",
        "screen",
    ] {
        let corpus = format!("fuzz/corpus/{target}");
        std::fs::create_dir_all(root().join(&corpus))
            .map_err(|e| format!("{corpus} could not be made: {e}"))?;
        let (seeds, time) = (
            format!("fuzz/seeds/{target}"),
            format!("-max_total_time={seconds}"),
        );
        let mut fuzz = cargo(["fuzz", "run", target, &corpus, &seeds, "--", &time]);
        run(fuzz.env("RUSTC_BOOTSTRAP", "1")).map_err(|why| {
            format!(
                "{why}\nFuzzing needs cargo-fuzz: 'cargo install cargo-fuzz', then run this again."
            )
        })?;
    }
    Ok(())
}

pub(crate) fn bench() -> Done {
    run(cargo(["run", "--release"]).current_dir(root().join("bench")))
}

/// The release program beside the bare thing, on SQLite and, where there is one, PostgreSQL.
pub(crate) fn bench_installation(events: u64) -> Done {
    measure_installation(&[events.to_string()])
}

/// Needs a PostgreSQL that `PROBITY_TEST_POSTGRES` names to measure both engines.
pub(crate) fn bench_cases(counts: &[u64]) -> Done {
    let counts = counts.iter().map(u64::to_string);
    let asked: Vec<String> = ["cases".to_owned()].into_iter().chain(counts).collect();
    measure_installation(&asked)
}

pub(crate) fn bench_faces() -> Done {
    run(&mut cargo([
        "run",
        "--release",
        "--package",
        "picture",
        "--example",
        "measure",
    ]))
}

/// The posts and the names are those of the tests.
pub(crate) fn bench_screening() -> Done {
    let folder = root().join("bench/screening");
    run(cargo(["run", "--release"]).current_dir(&folder))?;
    run(cargo(["run", "--release", "--", "hostile", "100"]).current_dir(folder))
}

fn measure_installation(asked: &[String]) -> Done {
    run(&mut cargo(["build", "--release", "--package", "probity"]))?;
    let program = built().join("release/probity").display().to_string();
    let folder = root().join("bench/installation");
    let mut bench = cargo(["run", "--release", "--", &program]);
    run(bench.args(asked).current_dir(folder))
}

/// Nothing that was acknowledged may be missing, however often the program is killed.
pub(crate) fn kill(times: u32) -> Done {
    run(cargo([
        "test",
        "--package",
        "probity",
        "--test",
        "it",
        "kill::",
        "--",
        "--nocapture",
        "--test-threads=1",
    ])
    .env("PROBITY_TEST_KILLS", times.to_string()))
}

pub(crate) fn generate() -> Done {
    run(
        cargo(["test", "--quiet", "--package", "probity", "reference"])
            .env("PROBITY_GENERATE", "1"),
    )?;
    run(cargo([
        "test",
        "--quiet",
        "--package",
        "screen",
        "the_published_figures",
    ])
    .env("PROBITY_GENERATE", "1"))
}
