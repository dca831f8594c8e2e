//! Measures screening: the whole pipeline, bare searches for the same names (aho-corasick, daachorse) and Microsoft Presidio, over
//! the same posts and rolls, each in a process of its own, so that its memory is its own too.
//!
//! `bench-screening`: everything; Presidio where `PROBITY_BENCH_PYTHON` names a Python that has `presidio-analyzer`.
//! `bench-screening hostile MEGABYTES`: texts made to do harm.
//! `bench-screening ENGINE PUPILS DRAFTS`: one of them, with so many drafts in a post, as JSON.

mod engines;
mod hostile;
mod made;
mod presidio;

use std::process::{Command, ExitCode};

use serde_json::{Value, json};

/// What a part of the measurement ends with.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const ROLLS: [usize; 2] = [2_000, 60_000];
/// Drafts in a post: as they are, and four together, which is about as much as a post may hold.
const POSTS: [usize; 2] = [1, 4];
const ENGINES: [&str; 3] = ["probity", "aho-corasick", "daachorse"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [] => compare(),
        [hostile, megabytes] if hostile == "hostile" => harm(megabytes),
        [engine, pupils, each] => one(engine, pupils, each),
        _ => Err("bench-screening [ENGINE PUPILS DRAFTS]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn one(engine: &str, pupils: &str, each: &str) -> Outcome<()> {
    println!(
        "{}",
        engines::measure(engine, pupils.parse()?, each.parse()?)?
    );
    Ok(())
}

fn harm(megabytes: &str) -> Outcome<()> {
    hostile::measure(megabytes.parse()?)
}

fn compare() -> Outcome<()> {
    for (each, pupils) in POSTS
        .into_iter()
        .flat_map(|each| ROLLS.map(|pupils| (each, pupils)))
    {
        let posts = made::posts(each)?;
        let bytes: usize = posts.iter().map(String::len).sum();
        let average = bytes / posts.len().max(1);
        println!(
            "\n{} posts of {average} bytes on average, {pupils} pupils\n",
            posts.len()
        );
        let mut measured = Vec::new();
        for engine in ENGINES {
            let program = std::env::current_exe()?;
            let output = Command::new(program)
                .args([engine, &pupils.to_string(), &each.to_string()])
                .output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
            measured.push(serde_json::from_slice(&output.stdout)?);
        }
        measured.extend(presidio::measure(pupils, each)?);
        table(&measured);
    }
    Ok(())
}

fn table(measured: &[Value]) {
    let number = |row: &Value, key: &str| row.get(key).and_then(Value::as_f64).unwrap_or_default();
    let own = measured.first().map_or(0.0, |row| number(row, "a_second"));
    println!("| | posts a second | beside | made ready | memory at most | posts with a name |");
    println!("|---|---|---|---|---|---|");
    for row in measured {
        let a_second = number(row, "a_second");
        println!(
            "| {} | {:.0} | {:.3} | {:.0} ms | {:.0} MB | {:.0} |",
            row.get("engine")
                .and_then(Value::as_str)
                .unwrap_or_default(),
            a_second,
            own / a_second,
            number(row, "ready_ms"),
            number(row, "memory_kb") / 1024.0,
            number(row, "found"),
        );
    }
}

/// A measurement as JSON.
pub(crate) fn row(engine: &str, a_second: f64, ready_ms: f64, found: usize) -> Outcome<Value> {
    Ok(json!({
        "engine": engine, "a_second": a_second, "ready_ms": ready_ms, "found": found, "memory_kb": peak_kb()?,
    }))
}

/// The most memory that this process has had.
pub(crate) fn peak_kb() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let memory = most
        .and_then(|text| text.split_whitespace().next())
        .unwrap_or("0");
    Ok(memory.parse()?)
}
