//! A vocabulary, the law, the platforms and the policies written in it, loaded together.

use crate::language::Reader;
use crate::law::Law;
use crate::platforms::Platforms;
use crate::policy_file::Policy;
use crate::source::{Fault, Faults, Source, nearest};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

/// Everything a running program decides by.
#[derive(Debug, Clone)]
pub struct Library {
    vocabulary: Vocabulary,
    reader: Reader,
    law: Law,
    platforms: Platforms,
    tables: Vec<Table>,
}

/// The files of a library.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'t> {
    /// `vocabulary.toml`.
    pub vocabulary: Source<'t>,
    /// `law.toml`.
    pub law: Source<'t>,
    /// `platforms.toml`.
    pub platforms: Source<'t>,
    /// The policy files. Where two hold the same policy, the later one counts.
    pub policies: &'t [Source<'t>],
}

impl Library {
    /// Loads everything, all or nothing.
    ///
    /// # Errors
    /// Every fault of every file at once; the vocabulary's alone where it cannot be read.
    pub fn load(sources: Sources<'_>) -> Result<Self, Faults> {
        let vocabulary = Vocabulary::load(sources.vocabulary)?;
        let mut tables: Vec<Table> = Vec::new();
        let mut faults = Vec::new();
        let law = Law::load(sources.law, &vocabulary)
            .map_err(|found| faults.extend(found.0))
            .ok();
        let platforms = Platforms::load(sources.platforms, &vocabulary)
            .map_err(|found| faults.extend(found.0))
            .ok();
        for source in sources.policies {
            match Policy::load(*source, &vocabulary) {
                Ok(policy) => {
                    faults.extend(misnamed(*source, &policy));
                    faults.extend(
                        law.iter()
                            .flat_map(|law| unknown_law(*source, &policy, law)),
                    );
                    tables.retain(|t| t.policy().id != policy.id);
                    tables.push(Table::compile(policy, &vocabulary));
                }
                Err(found) => faults.extend(found.0),
            }
        }
        match (law, platforms) {
            (Some(law), Some(platforms)) if faults.is_empty() => Ok(Self {
                reader: Reader::new(&vocabulary),
                vocabulary,
                law,
                platforms,
                tables,
            }),
            _ => Err(Faults(faults)),
        }
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The reader of everyday English in the vocabulary's terms.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What the law asks whatever a policy says.
    #[must_use]
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// The social media platforms.
    #[must_use]
    pub fn platforms(&self) -> &Platforms {
        &self.platforms
    }

    /// The compiled policies, in the order of their files.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// A compiled policy by id.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.policy().id == id)
    }
}

/// A policy's file has the policy's name, so that a newcomer finds it.
fn misnamed(source: Source<'_>, policy: &Policy) -> Option<Fault> {
    let file = source.name.rsplit(['/', '\\']).next()?;
    (file != format!("{}.toml", policy.id)).then(|| Fault {
        file: source.name.to_owned(),
        line: 1,
        column: 1,
        what: format!(
            "This file holds the policy '{}': name it '{}.toml'.",
            policy.id, policy.id
        ),
        nearest: None,
    })
}

/// A clause can be at odds only with what the law file holds.
fn unknown_law(source: Source<'_>, policy: &Policy, law: &Law) -> Vec<Fault> {
    let conflicts = policy.clauses.iter().flat_map(|clause| &clause.conflicts);
    let unknown = conflicts.filter(|conflict| law.requirement(&conflict.law).is_none());
    unknown
        .map(|conflict| Fault {
            file: source.name.to_owned(),
            line: conflict.line,
            column: 1,
            what: format!("There is no '{}' in the law file.", conflict.law),
            nearest: nearest(
                &conflict.law,
                law.requirements.iter().map(|r| r.id.as_str()),
            ),
        })
        .collect()
}
