//! Prints what was measured as it comes, and keeps it for `results.json`.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Outcome;
use crate::clock::{ROUNDS, Time};

#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    notes: Vec<String>,
    tables: Vec<Table>,
}

#[derive(Debug, Serialize)]
struct Table {
    title: String,
    times: Vec<Time>,
}

impl Report {
    pub(crate) fn note(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    /// A table of times; each is set against the first, which is Probity's.
    pub(crate) fn table(&mut self, title: &str, times: Vec<Time>) {
        println!("\n{title} (thread CPU time, best and median of {ROUNDS} rounds)");
        let first = times.first().map_or(1.0, |t| t.best_ns);
        for time in &times {
            println!(
                "  {:<44} {:>10} {:>10} {:>9.1}x",
                time.name,
                shown(time.best_ns),
                shown(time.median_ns),
                time.best_ns / first
            );
        }
        let title = title.to_owned();
        self.tables.push(Table { title, times });
    }

    pub(crate) fn write(&self) -> Outcome<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("results.json");
        fs::write(&path, serde_json::to_string_pretty(self)?)?;
        println!("\nWritten to {}.", path.display());
        Ok(())
    }
}

/// A time in the unit that reads best.
pub(crate) fn shown(ns: f64) -> String {
    match ns {
        0.0..100.0 => format!("{ns:.1} ns"),
        100.0..1e3 => format!("{ns:.0} ns"),
        1e3..1e6 => format!("{:.2} us", ns / 1e3),
        1e6..1e9 => format!("{:.2} ms", ns / 1e6),
        _ => format!("{:.2} s", ns / 1e9),
    }
}
