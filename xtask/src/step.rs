//! Runs one program after another and shows how far it has got.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What a task ends with: nothing, or a plain sentence that says what to do.
pub(crate) type Done = Result<(), String>;

/// The project's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn built() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Numbered steps with their times.
pub(crate) struct Steps {
    total: usize,
    done: Vec<(String, Duration)>,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: Vec::new(),
        }
    }

    /// Runs one step, saying what it is and how long it took.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Done) -> Done {
        let (number, total) = (self.done.len() + 1, self.total);
        eprintln!("[{number}/{total}] {name}");
        let start = Instant::now();
        let result = step();
        let state = if result.is_ok() { "done" } else { "FAILED" };
        let time = start.elapsed();
        eprintln!("[{number}/{total}] {name}: {state} in {}", shown(time));
        self.done.push((name.to_owned(), time));
        result
    }

    /// Every step's time, the longest first.
    pub(crate) fn times(&self) {
        let mut steps = self.done.clone();
        steps.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        for (name, time) in steps {
            eprintln!("{:>12}  {name}", shown(time));
        }
    }
}

fn shown(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// `cargo`, in the project's root.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a program to its end; an error says how it was called.
pub(crate) fn run(command: &mut Command) -> Done {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|e| format!("{program} could not be started: {e}"))?;
    if status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
    Err(format!("'{program} {}' failed.", arguments.join(" ")))
}
