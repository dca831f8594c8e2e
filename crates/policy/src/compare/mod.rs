//! Where two policies, or two versions of one, part company: exactly, by set algebra.
//!
//! Standing and duties are compared each for itself, because they are separate results. On each matter a row pairs a
//! deciding clause of the one with a deciding clause of the other, silence being a side of its own, wherever the two
//! put different words into the headline and some possible situation is decided by both. Somebody whom neither policy
//! speaks of never stands in a row, since both are silent there.

mod pairing;
mod proof;
mod told;

use crate::policy_file::ClauseIndex;
use crate::table::{Rung, Table, Verdict};
use crate::vocabulary::Vocabulary;

pub use crate::table::Matter;
use pairing::Pairing;
pub use proof::{Description, Proof, ProofLimits, proof};
pub use told::{ClauseSays, Comparison, Example, Group, PolicyName, Row, Word, compare};

/// What one policy says on a matter, and the clause that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side {
    /// The verdict as far as the matter goes: the rest of it is left silent, and a strength stands only where the
    /// headline shows it.
    pub verdict: Verdict,
    /// The clause; `None` where the policy says nothing.
    pub clause: Option<ClauseIndex>,
}

/// Two clauses that decide some possible situation differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClausePair {
    /// On which matter.
    pub matter: Matter,
    /// What the first policy says.
    pub a: Side,
    /// What the second policy says.
    pub b: Side,
}

/// Every pair of clauses that decide some possible situation differently, without words.
#[must_use]
pub fn rows(a: &Table, b: &Table, vocabulary: &Vocabulary) -> Vec<ClausePair> {
    let mut rows = Vec::new();
    for matter in Matter::ALL {
        Pairing::new(a, b, matter, vocabulary).each(|mine, theirs| {
            let (a, b) = (mine.side(), theirs.side());
            rows.push(ClausePair { matter, a, b });
        });
    }
    rows
}

impl Rung {
    fn side(&self) -> Side {
        Side {
            verdict: self.verdict,
            clause: self.clause,
        }
    }
}
