//! The registers that come with the program: they load, and carry out what the policies name them for.

use std::path::{Path, PathBuf};

use policy::library::{Library, Sources};
use policy::source::Source;
use register::{Catalogue, Names, PolicyClauses};

/// The roles of the program.
pub(crate) const ROLES: [&str; 12] = [
    "staff",
    "line-manager",
    "head",
    "senior-leader",
    "safeguarding-lead",
    "data-protection-officer",
    "hr",
    "it",
    "publisher",
    "governor",
    "chair-of-governors",
    "trust-administrator",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The files of a folder that end in `.toml`, but for some.
fn files(folder: &str, but: &[&str]) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".toml") && !but.contains(&name.as_str()))
        .collect();
    names.sort();
    let read = |name: String| {
        let path = format!("{folder}/{name}");
        let text = read(&path);
        (path, text)
    };
    names.into_iter().map(read).collect()
}

pub(crate) fn library() -> Library {
    let policies = files("policies", &["law.toml"]);
    let policies: Vec<Source<'_>> = policies.iter().map(|(n, t)| Source::new(n, t)).collect();
    Library::load(Sources {
        vocabulary: Source::new("vocabulary.toml", &read("vocabulary.toml")),
        law: Source::new("law.toml", &read("policies/law.toml")),
        platforms: Source::new("platforms.toml", &read("platforms.toml")),
        policies: &policies,
    })
    .unwrap()
}

fn clauses(library: &Library) -> Vec<PolicyClauses<'_>> {
    let policies = library.tables().iter().map(|table| table.policy());
    policies
        .map(|policy| PolicyClauses {
            id: &policy.id,
            clauses: policy
                .clauses
                .iter()
                .map(|c| c.reference.as_str())
                .collect(),
        })
        .collect()
}

pub(crate) fn catalogue(library: &Library) -> Catalogue {
    let policies = clauses(library);
    let names = Names {
        roles: &ROLES,
        vocabulary: library.vocabulary(),
        policies: &policies,
    };
    let registers = files("registers", &[]);
    let sources: Vec<Source<'_>> = registers.iter().map(|(n, t)| Source::new(n, t)).collect();
    match Catalogue::load(&sources, &names) {
        Ok(catalogue) => catalogue,
        Err(faults) => panic!("{faults}"),
    }
}

/// Each register answers, by a part of its file, for every clause that a policy names it for, and for no other.
#[test]
fn every_clause_that_names_a_register_is_carried_out_by_a_part_of_it() {
    let library = library();
    let catalogue = catalogue(&library);
    let carried: Vec<(String, &str, &str)> = catalogue.carried_out().collect();
    let mut wrong = Vec::new();
    for policy in library.tables().iter().map(|table| table.policy()) {
        for clause in &policy.clauses {
            for mechanism in clause
                .carried_by
                .iter()
                .filter_map(|m| m.strip_prefix("register:"))
            {
                let register = catalogue.register(mechanism);
                let said = |(name, of, reference): &(String, &str, &str)| {
                    name.strip_prefix("register:") == Some(mechanism)
                        && *of == policy.id
                        && *reference == clause.reference
                };
                if register.is_some() && !carried.iter().any(said) {
                    wrong.push(format!(
                        "registers/{mechanism}.toml says nothing of {} {}: {}",
                        policy.id, clause.reference, clause.says
                    ));
                }
            }
        }
    }
    for (register, policy, reference) in &carried {
        let of = library.table(policy).map(|table| table.policy());
        let clause = of.and_then(|p| p.clauses.iter().find(|c| c.reference == *reference));
        if clause.is_none_or(|c| !c.carried_by.contains(register)) {
            wrong.push(format!(
                "{register} claims {policy} {reference}, which is carried out otherwise"
            ));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
