//! The engines: each writes the made rules in its own language, loads them, and decides.

mod answer;
mod cedar;
mod cel;
pub(crate) mod probity;
mod rego;
mod zen;

use crate::Outcome;
use crate::made::{Made, Values};

pub(crate) use answer::Answer;

/// A loaded engine.
pub(crate) trait Engine {
    /// Puts the situations into the engine's own form.
    fn prepare(&mut self, situations: &[Values]) -> Outcome<()>;

    /// The numbers of the rules that hold in a prepared situation, in order.
    fn matching(&mut self, at: usize) -> Outcome<Vec<usize>>;

    /// Finds the rules that hold in every prepared situation, in the engine's own form.
    fn match_all(&mut self);

    /// The whole answer to a situation in JSON.
    fn answer(&mut self, text: &str) -> Outcome<Answer>;

    /// Answers every text, as somebody who uses this engine would.
    fn answer_all(&mut self, texts: &[String]);
}

/// An engine that takes part: how the rules read in its language, and how it loads them.
pub(crate) struct Entrant {
    pub(crate) name: &'static str,
    pub(crate) write: fn(&Made) -> Vec<String>,
    pub(crate) load: fn(&[String], &Made) -> Outcome<Box<dyn Engine>>,
}

/// All that take part; the first is Probity.
pub(crate) const ENTRANTS: &[Entrant] = &[
    probity::ENTRANT,
    zen::ENTRANT,
    cel::ENTRANT,
    rego::ENTRANT,
    cedar::SLICED,
    cedar::ENTRANT,
];

/// The number in a rule's name: 17 in `r17`.
fn number(id: &str) -> Outcome<usize> {
    let digits = id.strip_prefix('r').ok_or("a rule's name starts with r")?;
    Ok(digits.parse()?)
}
