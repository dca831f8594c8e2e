//! Finding the parts of a register by name.

use super::{ClauseRef, Deadline, Field, Party, Register, Retention, State, Step};
use crate::value::{Answers, shown};

impl Register {
    /// A state by name.
    #[must_use]
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    /// A step by name.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// A deadline by name.
    #[must_use]
    pub fn deadline(&self, id: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|deadline| deadline.id == id)
    }

    /// A field by name: of the opening, otherwise of a step.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        let steps = self.steps.iter().flat_map(|step| &step.fields);
        self.fields.iter().chain(steps).find(|field| field.id == id)
    }

    /// The fields whose answers not everybody sees who sees a case.
    pub fn kept_closer(&self) -> impl Iterator<Item = &Field> {
        let steps = self.steps.iter().flat_map(|step| &step.fields);
        let all = self.fields.iter().chain(steps);
        all.filter(|field| !field.seen_by.is_empty())
    }

    /// The fields of the opening that are asked, given what was answered.
    #[must_use]
    pub fn shown(&self, answers: &Answers) -> Vec<&Field> {
        shown(&self.fields, answers)
    }

    /// How long a case is kept that ended in a state with these answers.
    #[must_use]
    pub fn retention_of(&self, state: &str, answers: &Answers) -> &Retention {
        let mut particular = self.particular_retentions.iter();
        let fits = particular.find(|particular| {
            let ended =
                particular.states.is_empty() || particular.states.iter().any(|s| s == state);
            ended && particular.when.iter().all(|c| c.holds(answers))
        });
        fits.map_or(&self.retention, |particular| &particular.retention)
    }

    /// Whether anybody may open a case without signing in.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.opened_by.contains(&Party::Public)
    }

    /// Every clause that something in the register carries out.
    pub fn carried_out(&self) -> impl Iterator<Item = &ClauseRef> {
        let fields = self
            .fields
            .iter()
            .chain(self.steps.iter().flat_map(|s| &s.fields));
        let parts = fields.flat_map(|f| &f.clauses);
        let parts = parts.chain(self.states.iter().flat_map(|s| &s.clauses));
        let parts = parts.chain(self.steps.iter().flat_map(|s| &s.clauses));
        let parts = parts.chain(self.deadlines.iter().flat_map(|d| &d.clauses));
        let settings = self
            .settings
            .iter()
            .flat_map(|s| &s.by_policy)
            .map(|given| &given.by);
        self.clauses.iter().chain(parts).chain(settings)
    }
}
