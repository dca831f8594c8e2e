//! What the forms of signing in share.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::web::problem::{Kind, Problem};

/// What is wrong with a form: a message for each field, in the order of their names.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Faults(BTreeMap<&'static str, String>);

impl Faults {
    /// One fault.
    pub(super) fn one(field: &'static str, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(field, text.into())]))
    }

    /// Adds a message where a field is empty.
    pub(super) fn demand(&mut self, field: &'static str, value: &str, text: &str) {
        if value.trim().is_empty() {
            self.0.insert(field, text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// This site has no trust yet, so that nobody can sign in.
pub(super) fn no_trust() -> Problem {
    Problem::new(Kind::NotFound).detail("This site is not set up yet, so nobody can sign in.")
}
