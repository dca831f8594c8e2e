//! An invented school, and the lists of the project.

use std::path::Path;
use std::sync::LazyLock;

use policy::source::Source;
use policy::vocabulary::Vocabulary;
use screen::{Index, Known, Lists, Pupil, School, Staff};

/// Given and family name, year, class, team; parted by commas, `|` between several names.
const PUPILS: &str = include_str!("../data/pupils.csv");
const STAFF: &str = include_str!("../data/staff.csv");

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

pub(crate) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let text = read("vocabulary.toml");
    Vocabulary::load(Source::new("vocabulary.toml", &text)).expect("the vocabulary")
});

/// The names and texts of the lists in `screening/`.
pub(crate) fn files() -> Vec<(String, String)> {
    let folder = root().join("screening");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("screening/")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name.ends_with(".toml") && name != "clauses.toml")
        .map(|name| {
            let path = format!("screening/{name}");
            let text = read(&path);
            (path, text)
        })
        .collect();
    files.sort();
    files
}

pub(crate) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let files = files();
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    match Lists::load(&sources, &VOCABULARY) {
        Ok(lists) => lists,
        Err(faults) => panic!("{faults}"),
    }
});

pub(crate) fn names(cell: &str) -> Vec<String> {
    let names = cell.split('|').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

pub(crate) static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let pupils = PUPILS.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        Pupil {
            id: format!("{} {}", cells[0], cells[1]),
            given: names(cells[0]),
            family: names(cells[1]),
            year: cells[2].parse().ok(),
            classes: names(cells[3]),
            teams: names(cells[4]),
        }
    });
    let staff = STAFF.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        Staff {
            id: format!("{} {}", cells[0], cells[1]),
            given: names(cells[0]),
            family: names(cells[1]),
        }
    });
    Known {
        pupils: pupils.collect(),
        staff: staff.collect(),
        schools: vec![School {
            id: "oakfield".to_owned(),
            names: vec!["Oakfield Academy".to_owned(), "Oakfield".to_owned()],
            domains: vec!["oakfield.example.sch.uk".to_owned()],
            addresses: vec!["12 Mill Lane, Norbury, NB3 4XY".to_owned()],
            telephones: vec!["01632 960123".to_owned()],
            handles: vec!["OakfieldAcademy".to_owned()],
            classes: Vec::new(),
            teams: vec!["eco council".to_owned()],
        }],
    }
});

pub(crate) static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&KNOWN, &LISTS));
