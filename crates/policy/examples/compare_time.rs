//! Times the comparison of every two policies in `policies/`: `cargo run --release -p policy --example compare_time`.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use policy::compare;
use policy::library::{Library, Sources};
use policy::source::Source;

const ROUNDS: usize = 101;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let vocabulary = fs::read_to_string(root.join("vocabulary.toml"))?;
    let wanted: Vec<String> = env::args().skip(1).collect();
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("policies"))? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let chosen = wanted.is_empty() || wanted.contains(&name);
        if chosen && path.extension().is_some_and(|e| e == "toml") && name != "law" {
            files.push((format!("{name}.toml"), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    let sources: Vec<Source<'_>> = files.iter().map(|(n, t)| Source::new(n, t)).collect();
    let law = fs::read_to_string(root.join("policies/law.toml"))?;
    let platforms = fs::read_to_string(root.join("platforms.toml"))?;
    let library = Library::load(Sources {
        vocabulary: Source::new("vocabulary.toml", &vocabulary),
        law: Source::new("law.toml", &law),
        platforms: Source::new("platforms.toml", &platforms),
        policies: &sources,
    })?;
    println!(
        "{:<24} {:>6} {:>10} {:>8}",
        "policies", "pairs", "median µs", "best µs"
    );
    for (at, a) in library.tables().iter().enumerate() {
        for b in library.tables().iter().skip(at + 1) {
            let rows = compare::rows(a, b, library.vocabulary()).len();
            let mut times: Vec<u128> = (0..ROUNDS)
                .map(|_| {
                    let start = Instant::now();
                    black_box(compare::rows(
                        black_box(a),
                        black_box(b),
                        library.vocabulary(),
                    ));
                    start.elapsed().as_micros()
                })
                .collect();
            times.sort_unstable();
            let median = times.get(ROUNDS / 2).copied().unwrap_or_default();
            let names = format!("{} and {}", a.policy().id, b.policy().id);
            let best = times.first().copied().unwrap_or_default();
            println!("{names:<24} {rows:>6} {median:>10} {best:>8}");
        }
    }
    Ok(())
}
