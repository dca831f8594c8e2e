//! What follows from a step: the effects, and the deadlines that begin and end, by the answers before and after it.

use super::Rules;
use crate::definition::{Deadline, Effect, Start, State};
use crate::value::Answers;

impl<'r> Rules<'r> {
    /// The deadlines that begin: those that run after a step and did not run before it.
    pub(super) fn begun(
        &self,
        before: Option<(&str, &Answers)>,
        (to, after): (&State, &Answers),
        effects: &[&Effect],
    ) -> Vec<&'r Deadline> {
        let deadlines = self.register.deadlines.iter();
        let begun = deadlines.filter(|deadline| match &deadline.starts {
            Start::States(_) => {
                let ran = |(state, answers)| deadline.runs_in(state, answers);
                deadline.runs_in(&to.id, after) && !before.is_some_and(ran)
            }
            Start::Clock => {
                let begins =
                    |e: &&Effect| matches!(e, Effect::Clock { deadline: id } if *id == deadline.id);
                deadline.concerns(after) && effects.iter().any(begins)
            }
        });
        begun.collect()
    }

    pub(super) fn ended(
        &self,
        (from, before): (&str, &Answers),
        (to, after): (&State, &Answers),
        effects: &[&Effect],
    ) -> Vec<&'r Deadline> {
        let deadlines = self.register.deadlines.iter();
        let ended = deadlines.filter(|deadline| {
            let met = deadline.met_in.contains(&to.id);
            let stopped = effects
                .iter()
                .any(|e| matches!(e, Effect::StopClock { deadline: id } if *id == deadline.id));
            let runs = deadline.runs_in(&to.id, after);
            let left = deadline.met_in.is_empty() && deadline.runs_in(from, before) && !runs;
            // What was answered otherwise meanwhile no longer asks for it.
            let beside = deadline.concerns(before) && !deadline.concerns(after);
            met || stopped || left || beside || (to.end && !runs)
        });
        ended.collect()
    }
}

impl Deadline {
    /// Whether it concerns a case with these answers.
    fn concerns(&self, answers: &Answers) -> bool {
        self.when.iter().all(|condition| condition.holds(answers))
    }

    /// Whether it runs in a state, with these answers; what effects begin and end runs in none.
    fn runs_in(&self, state: &str, answers: &Answers) -> bool {
        let inside =
            matches!(&self.starts, Start::States(states) if states.iter().any(|s| s == state));
        inside && self.concerns(answers)
    }
}

/// Those of some effects that follow from these answers.
pub(super) fn following<'r>(effects: &'r [Effect], answers: &Answers) -> Vec<&'r Effect> {
    effects
        .iter()
        .filter_map(|effect| effect.follows(answers))
        .collect()
}
