//! Every credential that is refused is listed with the test that proves it: the list names tests
//! that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The functions of the files in a folder of tests.
fn functions(path: &Path, found: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            functions(&entry.unwrap().path(), found);
        }
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    let module = path.file_stem().unwrap().to_string_lossy();
    for (_, rest) in text
        .match_indices("async fn ")
        .map(|(at, found)| text.split_at(at + found.len()))
    {
        let name = rest.split('(').next().unwrap();
        found.insert(format!("{module}::{name}"));
    }
}

#[test]
fn the_list_of_refused_credentials_names_tests_that_are_there() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut there = BTreeSet::new();
    functions(&app.join("src/sign_in/tests"), &mut there);
    functions(&app.join("src/tokens/tests.rs"), &mut there);
    let list = app.join("../docs/reference/refused-credentials.md");
    let list = fs::read_to_string(list).unwrap();
    let rows: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    assert!(rows.len() > 25, "the list is not read");
    for row in rows {
        let proof = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        for name in proof.split(", ") {
            let name = name.trim_matches('`');
            assert!(there.contains(name), "no test {name}: {row}");
        }
    }
}
