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

/// Numbered steps with their times.
pub(crate) struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// Runs one step, saying what it is and how long it took.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Done) -> Done {
        self.done += 1;
        let (done, total) = (self.done, self.total);
        eprintln!("[{done}/{total}] {name}");
        let start = Instant::now();
        let result = step();
        let state = if result.is_ok() { "done" } else { "FAILED" };
        eprintln!(
            "[{done}/{total}] {name}: {state} in {}",
            shown(start.elapsed())
        );
        result
    }
}

fn shown(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
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
