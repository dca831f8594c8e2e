//! The whole answer to a situation, gathered from the rules that hold.

use crate::made::{Duty, Rule};

/// What a person is told. Lists are in the order of the rules' numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Answer {
    /// The strictest standing among the rules that hold, an index of [`crate::made::STANDINGS`].
    pub(crate) standing: Option<usize>,
    /// The rules of that standing, and those whose duty counts as a headline.
    pub(crate) decided_by: Vec<usize>,
    /// Each condition with its rule; a prohibition is not softened by the conditions of a weaker rule.
    pub(crate) conditions: Vec<(usize, &'static str)>,
    /// Each duty with its rule.
    pub(crate) duties: Vec<(usize, Duty)>,
}

impl Answer {
    /// Gathers the answer from the rules that hold: what every engine needs beside its matching.
    pub(crate) fn gather<'r>(rules: impl Iterator<Item = &'r Rule> + Clone) -> Self {
        let standing = rules.clone().filter_map(|rule| rule.standing).min();
        let mut answer = Self {
            standing,
            ..Self::default()
        };
        for rule in rules {
            let wins = rule.standing.is_some() && rule.standing == standing;
            if wins || rule.duties.iter().any(|duty| duty.kind != "keep") {
                answer.decided_by.push(rule.number);
            }
            if wins || standing != Some(0) {
                let conditions = rule.conditions.iter().map(|says| (rule.number, *says));
                answer.conditions.extend(conditions);
            }
            let duties = rule.duties.iter().map(|duty| (rule.number, *duty));
            answer.duties.extend(duties);
        }
        answer
    }

    /// The answer from the numbers of the rules that hold.
    pub(super) fn of(rules: &[Rule], numbers: &[usize]) -> Self {
        Self::gather(numbers.iter().filter_map(|number| rules.get(*number)))
    }

    /// The same answer in the order of the rules' numbers.
    pub(crate) fn sorted(mut self) -> Self {
        self.decided_by.sort_unstable();
        self.conditions.sort_unstable();
        self.duties.sort_unstable();
        self
    }
}
