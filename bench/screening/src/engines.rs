//! Screening whole, and what only looks for the names as they stand on the roll.

use std::hint::black_box;

use aho_corasick::{AhoCorasick, MatchKind};
use daachorse::DoubleArrayAhoCorasick;
use policy::source::Source;
use policy::vocabulary::Vocabulary;
use rustix::time::{ClockId, clock_gettime};
use screen::{Draft, Index, Kind, Lists, screen};
use serde_json::Value;

use crate::{Outcome, made, row};

/// The best of so many rounds counts.
const ROUNDS: usize = 15;
/// The posts are gone through so often in a round.
const TIMES: usize = 10;

/// The CPU time of this thread in seconds.
fn now() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Posts a second and how many hold a name.
fn rounds<P>(posts: &[P], mut holds: impl FnMut(&P) -> bool) -> (f64, usize) {
    let mut best = f64::INFINITY;
    let mut found = 0;
    for _ in 0..ROUNDS {
        let start = now();
        for _ in 0..TIMES {
            found = posts.iter().filter(|post| black_box(holds(post))).count();
        }
        best = best.min(now() - start);
    }
    ((posts.len() * TIMES) as f64 / best, found)
}

pub(crate) fn measure(engine: &str, pupils: usize, each: usize) -> Outcome<Value> {
    let known = made::known(pupils)?;
    let posts = made::posts(each)?;
    match engine {
        "probity" => {
            let lists = lists()?;
            let start = now();
            let index = Index::new(&known, &lists);
            let ready = now() - start;
            drop(known);
            let drafts: Vec<Draft> = posts.iter().map(Draft::of).collect();
            let (a_second, found) = rounds(&drafts, |draft| {
                let screening = black_box(screen(draft, &index, &lists));
                screening
                    .findings
                    .iter()
                    .any(|finding| finding.kind == Kind::PupilFullName)
            });
            row(
                "Probity, everything that is screened for",
                a_second,
                ready * 1e3,
                found,
            )
        }
        "aho-corasick" => {
            let names = made::names(&known);
            drop(known);
            let start = now();
            let mut builder = AhoCorasick::builder();
            let builder = builder
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest);
            let search = builder.build(&names)?;
            let ready = now() - start;
            let (a_second, found) = rounds(&posts, |post| search.find_iter(post).count() > 0);
            row(
                "aho-corasick, full names as they stand",
                a_second,
                ready * 1e3,
                found,
            )
        }
        "daachorse" => {
            let names = made::names(&known);
            drop(known);
            let start = now();
            let search =
                DoubleArrayAhoCorasick::<u32>::new(&names).map_err(|why| why.to_string())?;
            let ready = now() - start;
            // It knows no case, so that each post is put in small letters first.
            let (a_second, found) = rounds(&posts, |post| {
                search.find_iter(post.to_lowercase().as_bytes()).count() > 0
            });
            row(
                "daachorse, full names as they stand",
                a_second,
                ready * 1e3,
                found,
            )
        }
        other => Err(format!("'{other}' is no engine here").into()),
    }
}

pub(crate) fn lists() -> Outcome<Lists> {
    let root = made::root();
    let text = std::fs::read_to_string(root.join("vocabulary.toml"))?;
    let vocabulary = Vocabulary::load(Source::new("vocabulary.toml", &text))
        .map_err(|faults| faults.to_string())?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("screening"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if name.ends_with(".toml") && name != "clauses.toml" {
            files.push((name, std::fs::read_to_string(path)?));
        }
    }
    files.sort();
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    Lists::load(&sources, &vocabulary).map_err(|faults| faults.to_string().into())
}
