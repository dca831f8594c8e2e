//! Which file is read how.

use policy::source::{Fault, Faults, Source};
use policy::vocabulary::Vocabulary;

use super::{Lists, kinds, names};

/// The name of a file without its folder and ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

pub(super) fn load(files: &[Source<'_>], vocabulary: &Vocabulary) -> Result<Lists, Faults> {
    let mut faults = Vec::new();
    let mut told = None;
    let mut named = None;
    for file in files {
        match stem(file.name) {
            "kinds" => told = keep(kinds::load(*file, vocabulary), &mut faults),
            "names" => named = keep(names::load(*file), &mut faults),
            _ => faults.push(nowhere(
                file.name,
                "This file has no place among the screening lists.",
            )),
        }
    }
    for (name, there) in [
        ("kinds.toml", told.is_some()),
        ("names.toml", named.is_some()),
    ] {
        let given = files.iter().any(|file| stem(file.name) == stem(name));
        if !there && !given {
            faults.push(nowhere(name, "This file is missing."));
        }
    }
    match (told, named) {
        (Some((told, questions)), Some(names)) if faults.is_empty() => Ok(Lists {
            told,
            questions,
            names,
        }),
        _ => Err(Faults(faults)),
    }
}

fn keep<T>(read: Result<T, Faults>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|found| faults.extend(found.0)).ok()
}

fn nowhere(file: &str, what: &str) -> Fault {
    Fault {
        file: file.to_owned(),
        line: 1,
        column: 1,
        what: what.to_owned(),
        nearest: None,
    }
}
