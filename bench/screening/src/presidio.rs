//! Microsoft Presidio over the same posts and roll, in a Python of one's own.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{Outcome, made};

const SCRIPT: &str = include_str!("presidio.py");

pub(crate) fn measure(pupils: usize, each: usize) -> Outcome<Vec<Value>> {
    let Some(python) = std::env::var_os("PROBITY_BENCH_PYTHON") else {
        println!("Presidio: not measured, PROBITY_BENCH_PYTHON names no Python that has it");
        return Ok(Vec::new());
    };
    let given = json!({ "posts": made::posts(each)?, "names": made::names(&made::known(pupils)?) });
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(stdin) = child.stdin.take() {
        serde_json::to_writer(stdin, &given)?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err("Presidio did not come to its end".into());
    }
    let text = String::from_utf8(output.stdout)?;
    let rows: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
    Ok(rows?)
}
