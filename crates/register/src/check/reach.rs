//! Whether the states of a register can be come to and left.

use std::collections::BTreeSet;

use super::{Check, Say};
use crate::definition::{Party, Step};

impl Check<'_> {
    /// A state can be come to from the first and, unless it is an end, left again towards an end.
    pub(super) fn reachable(&self, state: &str, end: bool, say: Say<'_>) {
        let first = self.register.states.first().map(|s| s.id.as_str());
        if let Some(first) = first
            && !self.forth(&BTreeSet::from([first])).contains(state)
        {
            say(format!("no step leads to the state '{state}'."), state, &[]);
        }
        let ends = self.register.states.iter().filter(|s| s.end);
        let ends: BTreeSet<&str> = ends.map(|s| s.id.as_str()).collect();
        let back = self.back(&ends);
        if !end && !back.contains(state) {
            say(
                format!("from the state '{state}' no step leads to an end."),
                state,
                &[],
            );
        }
        let leaving = |s: &&Step| {
            s.from.iter().any(|from| from == state) && s.to.as_ref().is_some_and(|to| to != state)
        };
        if end
            && self
                .register
                .steps
                .iter()
                .any(|s| leaving(&s) && s.by == [Party::Program])
        {
            say(
                format!("'{state}' is an end, yet the program would leave it."),
                state,
                &[],
            );
        }
    }

    /// The states that steps lead to from some.
    fn forth<'s>(&'s self, from: &BTreeSet<&'s str>) -> BTreeSet<&'s str> {
        let mut known = from.clone();
        loop {
            let before = known.len();
            for step in &self.register.steps {
                if step.from.iter().any(|from| known.contains(from.as_str())) {
                    known.extend(step.to.as_deref());
                }
            }
            if known.len() == before {
                return known;
            }
        }
    }

    /// The states from which steps lead to some.
    fn back<'s>(&'s self, to: &BTreeSet<&'s str>) -> BTreeSet<&'s str> {
        let mut known = to.clone();
        loop {
            let before = known.len();
            for step in &self.register.steps {
                if step
                    .to
                    .as_ref()
                    .is_some_and(|to| known.contains(to.as_str()))
                {
                    known.extend(step.from.iter().map(String::as_str));
                }
            }
            if known.len() == before {
                return known;
            }
        }
    }
}
