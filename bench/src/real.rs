//! Probity on the real policies and the whole vocabulary.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use policy::compare;
use policy::library::{Library, Sources};
use policy::situation::{Situation, Stated};
use policy::source::Source;
use policy::table::Table;
use serde_json::Value as Json;

use crate::Outcome;
use crate::clock::{Timed, rounds};
use crate::report::Report;

/// The project's own data files.
struct Files {
    vocabulary: String,
    law: String,
    platforms: String,
    policies: Vec<(String, String)>,
}

impl Files {
    fn read() -> Outcome<Self> {
        let mut names: Vec<PathBuf> = fs::read_dir(root().join("policies"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Outcome<_>>()?;
        names.retain(|p| p.extension().is_some_and(|e| e == "toml") && !p.ends_with("law.toml"));
        names.sort();
        let read = |path: PathBuf| Ok((path.display().to_string(), fs::read_to_string(&path)?));
        let text = |name| fs::read_to_string(root().join(name));
        Ok(Self {
            vocabulary: text("vocabulary.toml")?,
            law: text("policies/law.toml")?,
            platforms: text("platforms.toml")?,
            policies: names.into_iter().map(read).collect::<Outcome<_>>()?,
        })
    }

    fn load(&self) -> Outcome<Library> {
        let policies = self.policies.iter();
        let policies: Vec<Source<'_>> = policies
            .map(|(name, text)| Source::new(name, text))
            .collect();
        Ok(Library::load(Sources {
            vocabulary: Source::new("vocabulary.toml", &self.vocabulary),
            law: Source::new("law.toml", &self.law),
            platforms: Source::new("platforms.toml", &self.platforms),
            policies: &policies,
        })?)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The situations of the acceptance table, as JSON texts.
fn situations() -> Outcome<Vec<String>> {
    let lines = fs::read_to_string(root().join("policies/situations.jsonl"))?;
    let given = lines.lines().map(|line| {
        let line: Json = serde_json::from_str(line)?;
        let given = line.get("given").ok_or("a line without 'given'")?;
        Ok(given.to_string())
    });
    given.collect()
}

/// Deciding the situations of the acceptance table under every real policy, loading all of them, and comparing any
/// two.
pub(crate) fn time(report: &mut Report) -> Outcome<()> {
    let files = Files::read()?;
    let library = files.load()?;
    let vocabulary = library.vocabulary();
    let texts = situations()?;
    let mut ready = Vec::new();
    for text in &texts {
        match Stated::read(vocabulary, text)? {
            Stated::Full { situation, .. } => ready.push(situation),
            Stated::Open(_) => return Err(format!("{text} leaves something open").into()),
        }
    }
    let rows = library.tables().iter().map(|t| t.rows().len());
    report.note(format!(
        "\nReal policies: {} attributes; {} situations with {} bytes of JSON on average; {} rows in {} policies.",
        vocabulary.attributes().len(),
        texts.len(),
        texts.iter().map(String::len).sum::<usize>() / texts.len().max(1),
        rows.sum::<usize>(),
        library.tables().len(),
    ));
    for table in library.tables() {
        decide(&library, table, &ready, &texts, report);
    }
    let load = Timed {
        name: "vocabulary, law, platforms and all policies".to_owned(),
        units: 1,
        run: Box::new(|| drop(black_box(files.load()))),
    };
    report.table("Real policies: loading from text", rounds(vec![load]));
    compare_all(&library, report);
    Ok(())
}

fn decide(
    library: &Library,
    table: &Table,
    ready: &[Situation],
    texts: &[String],
    report: &mut Report,
) {
    let vocabulary = library.vocabulary();
    let matches = || ready.iter().for_each(|s| drop(black_box(table.matches(s))));
    let verdict = || {
        for situation in ready {
            black_box(table.verdict(&table.matches(situation)));
        }
    };
    let decision = || {
        for situation in ready {
            black_box(table.decide(vocabulary, situation, &[]));
        }
    };
    let raw = || {
        for text in texts {
            if let Ok(Stated::Full { situation, assumed }) = Stated::read(vocabulary, text) {
                black_box(table.decide(vocabulary, &situation, &assumed));
            }
        }
    };
    let all: [(&str, Box<dyn FnMut() + '_>); 4] = [
        ("all matching rows, input ready", Box::new(matches)),
        ("verdict, input ready", Box::new(verdict)),
        ("whole decision, input ready", Box::new(decision)),
        ("whole decision from JSON", Box::new(raw)),
    ];
    let timed = all.into_iter().map(|(name, run)| Timed {
        name: name.to_owned(),
        units: ready.len(),
        run,
    });
    let title = format!("{}: {} rows", table.policy().short, table.rows().len());
    report.table(&title, rounds(timed.collect()));
}

/// The rows by pair of clauses, for every two policies.
fn compare_all(library: &Library, report: &mut Report) {
    let tables = library.tables();
    let mut all = Vec::new();
    for (at, a) in tables.iter().enumerate() {
        for b in tables.iter().skip(at + 1) {
            let found = compare::rows(a, b, library.vocabulary()).len();
            all.push(Timed {
                name: format!(
                    "{} and {}: {found} rows",
                    a.policy().short,
                    b.policy().short
                ),
                units: 1,
                run: Box::new(|| drop(black_box(compare::rows(a, b, library.vocabulary())))),
            });
        }
    }
    report.table("Real policies: rows by pair of clauses", rounds(all));
}
