//! Which file is read how.

use policy::source::{Fault, Faults, Source};
use policy::vocabulary::Vocabulary;

use super::phrases::Compiler;
use super::{Lists, groups, kinds, links, names};

/// The name of a file without its folder and ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// Files that are read in a way of their own; every other holds phrases.
const OWN: [&str; 4] = ["kinds", "names", "words", "links"];

pub(super) fn load(files: &[Source<'_>], vocabulary: &Vocabulary) -> Result<Lists, Faults> {
    let mut faults = Vec::new();
    let mut find = |name: &str| {
        let found = files.iter().find(|file| stem(file.name) == name).copied();
        if found.is_none() {
            let what = "This file is missing among the screening lists.";
            faults.push(nowhere(&format!("{name}.toml"), what));
        }
        found
    };
    let [Some(told), Some(named), Some(words), Some(linked)] = OWN.map(&mut find) else {
        return Err(Faults(faults));
    };
    let told = keep(kinds::load(told, vocabulary), &mut faults);
    let named = keep(names::load(named), &mut faults);
    let linked = keep(links::load(linked), &mut faults);
    let groups = keep(groups::load(words), &mut faults).unwrap_or_default();
    let mut compiler = Compiler::new(&groups);
    for file in files.iter().filter(|file| !OWN.contains(&stem(file.name))) {
        let _read: Option<()> = keep(compiler.read(*file), &mut faults);
    }
    let phrases = compiler.finish();
    match (told, named, linked) {
        (Some((told, questions)), Some(names), Some(links)) if faults.is_empty() => Ok(Lists {
            told,
            questions,
            names,
            links,
            phrases,
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
