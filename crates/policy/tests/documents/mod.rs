//! The five policies, and what is known of them.

pub(crate) mod layouts;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use policy::import::{Document, import};

const FOLDER_VARIABLE: &str = "PROBITY_POLICY_DOCUMENTS";
const LINES: &str = include_str!("../data/document_lines.tsv");

/// Words that only the text of that policy holds.
const KNOWN_BY: [(&str, &str); 5] = [
    ("yes", "YES Trust"),
    ("stivichall", "Stivichall"),
    ("cmat", "Chancery"),
    ("tlt", "The Learning Trust"),
    ("link", "The Link School"),
];

/// One norm of a document and where it stands.
pub(crate) struct Norm {
    pub(crate) reference: &'static str,
    pub(crate) line: usize,
    pub(crate) is_control: bool,
    /// The number printed for its clause.
    pub(crate) printed: Option<&'static str>,
    /// The number printed for the clause or section around it, where it has none itself.
    pub(crate) within: Option<&'static str>,
    pub(crate) modality: &'static str,
}

pub(crate) fn norms() -> HashMap<&'static str, Vec<Norm>> {
    let mut norms: HashMap<_, Vec<Norm>> = HashMap::new();
    for row in LINES.lines().skip(1) {
        let fields: Vec<&'static str> = row.split('\t').collect();
        let [document, reference, line, place, printed, within, modality] = fields[..] else {
            panic!("a row of seven fields: {row}");
        };
        let some = |field: &'static str| Some(field).filter(|field| !field.is_empty());
        norms.entry(document).or_default().push(Norm {
            reference,
            line: line.parse().expect("a line number"),
            is_control: place == "control",
            printed: some(printed),
            within: some(within),
            modality,
        });
    }
    norms
}

pub(crate) struct Imported {
    pub(crate) key: &'static str,
    pub(crate) text: String,
    pub(crate) document: Document,
}

/// The five documents, each known by its content, or none where no folder is named.
pub(crate) fn documents() -> Vec<Imported> {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else {
        println!("skipped: {FOLDER_VARIABLE} names no folder with the policy documents");
        return Vec::new();
    };
    let folder = Path::new(&folder);
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{FOLDER_VARIABLE}={}: {error}", folder.display()));
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry.expect("a folder that can be listed").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text file");
        let known = KNOWN_BY.iter().find(|(_, words)| text.contains(words));
        if let Some((key, _)) = known {
            let document = import(&text).unwrap_or_else(|error| panic!("{key}: {error}"));
            found.insert(
                *key,
                Imported {
                    key,
                    text,
                    document,
                },
            );
        }
    }
    assert_eq!(found.len(), KNOWN_BY.len(), "found only {:?}", found.keys());
    found.into_values().collect()
}
