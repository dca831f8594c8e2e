//! What is still possible: the exact set of verdicts that what is known leaves open.

mod diagram;
mod queries;
mod space;
mod verdicts;

pub use space::Missing;
pub use verdicts::VerdictSet;

use crate::situation::{Given, GivenError};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

pub(crate) use diagram::{Diagram, Node, NodeIndex};
pub(crate) use space::{Space, gate};

/// The verdicts of all situations that what is given allows.
///
/// A list is a set of possible values, and `missing` says what an attribute that was not given may be. Facts that
/// come with others hold; combinations that the vocabulary calls impossible are left out.
///
/// # Errors
/// [`GivenError::Impossible`] where no situation is left.
pub fn verdicts(
    table: &Table,
    vocabulary: &Vocabulary,
    given: &Given,
    missing: Missing,
) -> Result<VerdictSet, GivenError> {
    let space = Space::new(vocabulary, given, missing);
    let parts = space.parts(vocabulary, given, missing);
    let verdicts = parts
        .iter()
        .map(|part| Diagram::new(table, vocabulary, part).verdicts())
        .fold(VerdictSet::default(), VerdictSet::or);
    if verdicts.is_empty() {
        return Err(space.refusal(vocabulary));
    }
    Ok(verdicts)
}
