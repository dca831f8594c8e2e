//! The way through a register to what is wanted of it: the nearest standings are looked at first, and no more than so many.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use register::Need;

use super::plan::{Model, Move, Plan};

/// How many standings are looked at before a way is given up. What is not found so is told of, never passed over.
const MOST: usize = 300;

/// What is wanted.
pub(super) enum Goal<'g> {
    /// That any of these steps is taken, and that the case is not over by it where that is asked.
    Steps {
        any: &'g BTreeSet<String>,
        staying: bool,
    },
    /// That the case is in a state.
    State(&'g str),
    /// That it is over.
    End,
    /// A move that fits, after which the case stands so. Of nothing is it known how far away it is.
    Fits(&'g dyn Fn(&Model, &Move) -> bool),
}

/// A standing, and how it was come to.
struct Found {
    model: Model,
    from: Option<usize>,
    act: Option<Move>,
    length: usize,
}

impl Plan<'_> {
    /// A way from any of some beginnings to what is wanted.
    pub(super) fn way(
        &self,
        from: Vec<(Model, Vec<Move>)>,
        goal: &Goal<'_>,
    ) -> Option<(Model, Vec<Move>)> {
        self.way_within(MOST, from, goal)
    }

    /// The same, where no more than so many standings are looked at.
    pub(super) fn way_within(
        &self,
        most: usize,
        from: Vec<(Model, Vec<Move>)>,
        goal: &Goal<'_>,
    ) -> Option<(Model, Vec<Move>)> {
        let far = self.far(goal);
        if matches!(goal, Goal::Steps { any, .. } if any.is_empty()) {
            return None;
        }
        let mut seen = BTreeSet::new();
        let mut all: Vec<Found> = Vec::new();
        let mut open = BinaryHeap::new();
        for (model, way) in from {
            let act = way.into_iter().next();
            if act
                .as_ref()
                .is_some_and(|act| self.meets(goal, &model, act))
            {
                return Some((model, act.into_iter().collect()));
            }
            if seen.insert(self.mark(&model)) {
                open.push(Reverse((self.lacking(goal, &far, &model), all.len())));
                all.push(Found {
                    model,
                    from: None,
                    length: usize::from(act.is_some()),
                    act,
                });
            }
        }
        for _ in 0..most {
            let Reverse((_, number)) = open.pop()?;
            let (model, length) = (all[number].model.clone(), all[number].length + 1);
            for (after, act) in self.moves(&model) {
                let meets = self.meets(goal, &after, &act);
                if !meets && !seen.insert(self.mark(&after)) {
                    continue;
                }
                let lacking = length + self.lacking(goal, &far, &after);
                open.push(Reverse((lacking, all.len())));
                all.push(Found {
                    model: after,
                    from: Some(number),
                    act: Some(act),
                    length,
                });
                if meets {
                    return Some(back(&all));
                }
            }
        }
        None
    }

    fn meets(&self, goal: &Goal<'_>, after: &Model, act: &Move) -> bool {
        let over = || self.register().state(&after.state).unwrap().end;
        match goal {
            Goal::Steps { any, staying } => any.contains(&act.step) && !(*staying && over()),
            Goal::State(state) => after.state == *state,
            Goal::End => over(),
            Goal::Fits(fits) => fits(after, act),
        }
    }

    /// How many steps a state is away from what is wanted at least, for each part of it.
    fn far(&self, goal: &Goal<'_>) -> Vec<(Option<String>, BTreeMap<String, usize>)> {
        let register = self.register();
        let ends = || register.states.iter().filter(|state| state.end);
        match goal {
            Goal::Steps { any, .. } => {
                let wanted = register.steps.iter().filter(|step| any.contains(&step.id));
                wanted
                    .map(|step| (Some(step.id.clone()), self.away(&step.from)))
                    .collect()
            }
            Goal::State(state) => vec![(None, self.away(&[(*state).to_owned()]))],
            Goal::End => {
                let ends: Vec<String> = ends().map(|state| state.id.clone()).collect();
                vec![(None, self.away(&ends))]
            }
            Goal::Fits(_) => Vec::new(),
        }
    }

    /// How many steps each state is away from the nearest of some.
    fn away(&self, to: &[String]) -> BTreeMap<String, usize> {
        let mut away: BTreeMap<String, usize> = to.iter().map(|state| (state.clone(), 0)).collect();
        for steps in 1..=self.register().states.len() {
            let mut further = Vec::new();
            for step in &self.register().steps {
                let leads = step.to.as_ref().and_then(|to| away.get(to));
                if leads == Some(&(steps - 1)) {
                    further.extend(step.from.iter().filter(|from| !away.contains_key(*from)));
                }
            }
            let further: Vec<String> = further.into_iter().cloned().collect();
            away.extend(further.into_iter().map(|state| (state, steps)));
        }
        away
    }

    /// What still lacks for what is wanted: the way by states, the conditions that do not hold, the steps not yet taken.
    fn lacking(
        &self,
        goal: &Goal<'_>,
        far: &[(Option<String>, BTreeMap<String, usize>)],
        model: &Model,
    ) -> usize {
        const NEVER: usize = 100;
        if matches!(goal, Goal::Fits(_)) {
            return 0;
        }
        let parts = far.iter().map(|(step, away)| {
            let away = away.get(&model.state).copied().unwrap_or(NEVER);
            let step = step.as_ref().and_then(|id| self.register().step(id));
            let lacks = step.map_or(0, |step| {
                let conditions = step.when.iter().filter(|c| !c.holds(&model.answers));
                let needs = step.needs.iter().filter(|need| match need {
                    Need::Done { step, .. } => !model.taken.iter().any(|past| past.step == *step),
                    _ => false,
                });
                2 * conditions.count() + needs.count()
            });
            away + lacks
        });
        parts.min().unwrap_or(NEVER)
    }
}

/// The last standing that was found, and the way to it.
fn back(all: &[Found]) -> (Model, Vec<Move>) {
    let last = all.last().unwrap();
    let mut way = Vec::new();
    let mut here = Some(last);
    while let Some(found) = here {
        way.extend(found.act.clone());
        here = found.from.map(|number| &all[number]);
    }
    way.reverse();
    (last.model.clone(), way)
}
