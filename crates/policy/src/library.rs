//! A vocabulary and the policies written in it, loaded together.

use crate::policy_file::Policy;
use crate::source::{Fault, Faults, Source};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

/// Everything a running program decides by.
#[derive(Debug, Clone)]
pub struct Library {
    vocabulary: Vocabulary,
    tables: Vec<Table>,
}

impl Library {
    /// Loads a vocabulary and policy files, all or nothing. Where two files hold the same policy, the later one counts.
    ///
    /// # Errors
    /// Every fault of every file at once; the vocabulary's alone where it cannot be read.
    pub fn load(vocabulary: Source<'_>, policies: &[Source<'_>]) -> Result<Self, Faults> {
        let vocabulary = Vocabulary::load(vocabulary)?;
        let mut tables: Vec<Table> = Vec::new();
        let mut faults = Vec::new();
        for source in policies {
            match Policy::load(*source, &vocabulary) {
                Ok(policy) => {
                    faults.extend(misnamed(*source, &policy));
                    tables.retain(|t| t.policy().id != policy.id);
                    tables.push(Table::compile(policy, &vocabulary));
                }
                Err(found) => faults.extend(found.0),
            }
        }
        if faults.is_empty() {
            Ok(Self { vocabulary, tables })
        } else {
            Err(Faults(faults))
        }
    }

    /// The vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
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
