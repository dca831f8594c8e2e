//! What a policy says nothing on.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::space::Space;
use crate::table::{Row, Table};
use crate::vocabulary::{ASKER, DutyHeadline, Vocabulary};

use super::{Finding, FindingKind, Weight};

/// The attribute that says what people are about to do.
const ACT: &str = "act";

/// On which values of an attribute a policy is silent: no standing, and no duty that a headline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Silence {
    /// The policy is silent in every possible situation with the value, and there is one.
    pub throughout: ValueSet,
    /// It is silent in some possible situation with the value, for somebody whom it covers.
    pub somewhere: ValueSet,
}

/// Finds on which values of an attribute a policy is silent. Exact.
#[must_use]
pub fn silence(table: &Table, vocabulary: &Vocabulary, attribute: AttributeIndex) -> Silence {
    let space = Space::new(vocabulary);
    let speaks = |row: &&Row| {
        let duty = |headline| table.duty_strength(row, headline, vocabulary).is_some();
        row.kind.decides()
            && (row.standing.is_some()
                || duty(DutyHeadline::MustReport)
                || duty(DutyHeadline::MustDeclare))
    };
    let speaking: Vec<&Cube> = table
        .rows()
        .iter()
        .filter(speaks)
        .map(|row| &row.cube)
        .collect();
    let covered = vocabulary.attribute(ASKER).zip(table.covered());
    let mut silence = Silence::default();
    let all = vocabulary
        .at(attribute)
        .map(|a| a.all())
        .unwrap_or_default();
    for value in all.iter().map(ValueSet::one) {
        let cube = Cube::everything().with(attribute, value);
        let mut meeting = speaking.iter().filter_map(|row| row.and(&cube));
        let can_be = space.find(&cube, []).is_some();
        if can_be && !meeting.any(|both| space.find(&both, []).is_some()) {
            silence.throughout = silence.throughout.or(value);
        }
        let covered = match covered {
            Some(((asker, _), people)) => cube.narrowed(asker, people),
            None => Some(cube),
        };
        if covered.is_some_and(|cube| space.find(&cube, speaking.iter().copied()).is_some()) {
            silence.somewhere = silence.somewhere.or(value);
        }
    }
    silence
}

/// One finding that names every act on which the policy is silent throughout.
pub(super) fn finding<'t>(table: &'t Table, vocabulary: &Vocabulary) -> Option<Finding<'t>> {
    let (index, act) = vocabulary.attribute(ACT)?;
    let silent = silence(table, vocabulary, index).throughout;
    let acts: Vec<&str> = silent.iter().map(|value| act.value_says(value)).collect();
    (!acts.is_empty()).then(|| Finding {
        weight: Weight::Know,
        kind: FindingKind::SaysNothing,
        clauses: Vec::new(),
        line: None,
        says: format!("The policy says nothing on these: {}.", acts.join("; ")),
        advice: "See what the model policy says on them, and decide whether staff need an answer."
            .to_owned(),
    })
}
