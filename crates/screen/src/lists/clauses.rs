//! Reads `clauses.toml`: which kinds of finding carry which clauses out.

use std::collections::BTreeMap;

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};

use super::kinds::{named, version};
use crate::kind::Kind;

/// The clauses that screening carries out, by policy and reference.
#[derive(Debug, Clone, Default)]
pub struct Clauses {
    policies: BTreeMap<String, BTreeMap<String, Vec<Kind>>>,
}

impl Clauses {
    /// Reads the file.
    ///
    /// # Errors
    /// Every fault at once: what is not TOML, a clause without kinds, an unknown kind.
    pub fn load(source: Source<'_>) -> Result<Self, Faults> {
        let reader = Reader::new(source);
        let table = reader.parse();
        let clauses = table.as_ref().map(|table| {
            let fields = Fields::new(&reader, table);
            version(&fields);
            let policies = fields.entries().filter(|(key, _)| key.is != "version");
            let policies = policies.map(|(policy, value)| {
                let clauses = value.get_ref().as_table().into_iter().flatten();
                let clauses = clauses.map(|(clause, value)| {
                    let texts = reader.texts(clause.get_ref(), value);
                    let kinds = texts.into_iter();
                    let kinds = kinds.filter_map(|text| named(&fields, text.is, text.at));
                    let kinds: Vec<Kind> = kinds.collect();
                    if kinds.is_empty() {
                        let what = format!("'{}' names no kind of finding.", clause.get_ref());
                        reader.fault(clause.span(), what);
                    }
                    (clause.get_ref().to_string(), kinds)
                });
                (policy.is.to_owned(), clauses.collect())
            });
            Self {
                policies: policies.collect(),
            }
        });
        reader.finish(clauses)
    }

    /// The kinds that carry a clause out; nothing where screening does not.
    #[must_use]
    pub fn kinds(&self, policy: &str, clause: &str) -> &[Kind] {
        let clauses = self.policies.get(policy);
        let kinds = clauses.and_then(|clauses| clauses.get(clause));
        kinds.map_or(&[], Vec::as_slice)
    }

    /// The references of a policy's clauses that screening carries out.
    pub fn of(&self, policy: &str) -> impl Iterator<Item = &str> {
        let clauses = self.policies.get(policy).into_iter().flatten();
        clauses.map(|(clause, _)| clause.as_str())
    }

    /// The policies that the file speaks of.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(String::as_str)
    }
}
