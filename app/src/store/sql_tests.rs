//! Every SQL text of the program, read from its source and held to the rules of the store.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use super::schema_tests::INSTALLATION_TABLES;

/// A statement and the file it stands in.
pub(super) struct Statement {
    file: PathBuf,
    pub(super) text: String,
}

/// Every string of the program's own source, tests left out, that begins like a statement.
pub(super) fn statements() -> Vec<Statement> {
    let mut found = Vec::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    visit(&source, &mut found);
    assert!(found.len() > 10, "the statements are not found");
    found
}

fn visit(folder: &Path, found: &mut Vec<Statement>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                visit(&path, found);
            }
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && name != "testing.rs" {
            let source = std::fs::read_to_string(&path).unwrap();
            let program = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
            strings(program.parse().unwrap(), &mut |text| {
                if is_statement(&text) {
                    let file = path.clone();
                    found.push(Statement { file, text });
                }
            });
        }
    }
}

fn strings(tokens: TokenStream, give: &mut dyn FnMut(String)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => strings(group.stream(), give),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    give(text.value());
                }
            }
            _ => {}
        }
    }
}

fn is_statement(text: &str) -> bool {
    [
        "SELECT ",
        "INSERT INTO ",
        "UPDATE ",
        "DELETE FROM ",
        "WITH ",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// Whether a statement names a table or column, as a whole word.
pub(super) fn names(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|part| part == word)
}

/// Words after `FROM`, `JOIN`, `INTO` and `UPDATE`.
fn tables(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]))
        .map(|pair| pair[1].trim_matches(|c| c == '(' || c == ')' || c == ','))
        .filter(|name| !name.is_empty() && *name != "SELECT" && *name != "SET")
        .collect()
}

/// The trust is named as `$1`, or comes first in an insert of many rows, where the store fills it
/// in for each of them.
fn names_the_trust(text: &str) -> bool {
    let inserts = text.starts_with("INSERT INTO");
    let many = !text.contains("VALUES") && !text.contains("SELECT") && text.contains(" (trust, ");
    text.contains("trust = $1") || (inserts && (many || text.contains("$1")))
}

/// The engines' own tables, which say what tables there are.
fn is_catalogue(table: &str) -> bool {
    let catalogues = [
        "sqlite_master",
        "sqlite_stat1",
        "pragma_index_",
        "pg_catalog.",
        "information_schema.",
    ];
    catalogues
        .iter()
        .any(|catalogue| table.starts_with(catalogue))
}

#[test]
fn every_statement_names_the_trust() {
    // The trust itself is found by host, before anybody is known.
    let not_keyed = |table: &&str| {
        INSTALLATION_TABLES.contains(table) || *table == "trust" || is_catalogue(table)
    };
    for statement in statements() {
        // A backup is of all trusts, whole tables at a time.
        if statement.file.ends_with("store/dump.rs") {
            continue;
        }
        let tables = tables(&statement.text);
        // The beginning of one whose tables stand in pieces of their own.
        if tables.is_empty() && statement.text.ends_with("FROM (") {
            continue;
        }
        // A statement that asks whether a connection lives names no table.
        if tables.is_empty() && !statement.text.contains("FROM") {
            continue;
        }
        let installation = !tables.is_empty() && tables.iter().all(not_keyed);
        assert!(
            installation || names_the_trust(&statement.text),
            "{}: {}",
            statement.file.display(),
            statement.text
        );
    }
}
