//! The project's own data files.

use std::fs;
use std::path::Path;

use policy::library::{Library, Sources};
use policy::source::Source;

/// The text of a file below the project's root.
pub(crate) fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every policy file, by name.
pub(crate) fn policies() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|n| n.ends_with(".toml") && n != "law.toml")
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            (
                format!("policies/{name}"),
                text(&format!("policies/{name}")),
            )
        })
        .collect()
}

/// Everything that the program builds in.
pub(crate) fn library() -> Library {
    let vocabulary = text("vocabulary.toml");
    library_of(Source::new("vocabulary.toml", &vocabulary), &policies())
}

/// The law and platforms with a vocabulary and policies of the test's own.
pub(crate) fn library_of(vocabulary: Source<'_>, policies: &[(String, String)]) -> Library {
    let (law, platforms) = (text("policies/law.toml"), text("platforms.toml"));
    let policies: Vec<Source<'_>> = policies
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    let sources = Sources {
        vocabulary,
        law: Source::new("policies/law.toml", &law),
        platforms: Source::new("platforms.toml", &platforms),
        policies: &policies,
    };
    Library::load(sources).unwrap_or_else(|f| panic!("{f}"))
}
