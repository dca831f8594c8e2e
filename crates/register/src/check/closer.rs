//! Fields that not everybody sees who sees a case: nothing else may tell what they hold.

use super::{Check, Say};
use crate::definition::{Due, Effect, Field, Party, RetentionStart, Subject};

impl Check<'_> {
    /// What a field that is kept closer cannot be, and what a field that is not cannot hang on.
    pub(super) fn closer(&self, field: &Field, say: Say<'_>) {
        let says = |what: String| say(what, "", &[]);
        let id = &field.id;
        for name in field.when.iter().map(|condition| &condition.field) {
            let other = self.register.field(name);
            let Some(other) = other.filter(|other| !other.seen_by.is_empty()) else {
                continue;
            };
            let as_close = !field.seen_by.is_empty()
                && field
                    .seen_by
                    .iter()
                    .all(|party| other.seen_by.contains(party));
            if !as_close {
                says(format!(
                    "that '{id}' is asked tells what '{name}' says, which fewer may see: give it 'seen_by' with no others than those."
                ));
            }
            if !self.asked_together(id, name) {
                says(format!(
                    "'{id}' hangs on '{name}', which is asked elsewhere and which whoever takes the step may not see."
                ));
            }
        }
        if field.seen_by.is_empty() {
            return;
        }
        self.parties(&field.seen_by, &self.all_fields(), say);
        if field
            .seen_by
            .iter()
            .any(|party| matches!(party, Party::Public | Party::Program))
        {
            says(
                "'seen_by' names people: the public and the program see nothing by it.".to_owned(),
            );
        }
        if field.searchable {
            says(format!(
                "a search finds '{id}' for everybody who sees the case: it cannot be 'searchable' and have 'seen_by'."
            ));
        }
        if let Some(shown) = self.told_by(field) {
            says(format!(
                "not everybody who sees a case may see '{id}', yet {shown}."
            ));
        }
    }

    /// What of the register would tell everybody what a field says.
    fn told_by(&self, field: &Field) -> Option<&'static str> {
        let (register, id) = (self.register, &field.id);
        let mut effects = register
            .effects
            .iter()
            .chain(register.steps.iter().flat_map(|step| &step.effects));
        let mut deadlines = register.deadlines.iter();
        let retentions = self.retentions();
        let tells = [
            (field.terms, "it is among the terms ('terms')"),
            (
                register.subject == Subject::Field(id.clone()),
                "it says whom the case is about ('subject')",
            ),
            (
                register.joins.as_ref() == Some(id),
                "cases with the same answer are linked by it ('joins')",
            ),
            (
                register
                    .beside
                    .as_ref()
                    .is_some_and(|beside| beside.field == *id),
                "it stands in the address of the page beside the case ('beside')",
            ),
            (
                deadlines.any(|deadline| deadline.within == Due::Field(id.clone())),
                "a deadline shows it ('within')",
            ),
            (
                retentions.iter().any(|kept| match &kept.retention.from {
                    RetentionStart::Field(name) | RetentionStart::BornOf(name) => name == id,
                    _ => false,
                }),
                "the end of its retention shows it ('from')",
            ),
            (
                effects.any(|effect| match effect.plain() {
                    Effect::Publish { fields } => fields.contains(id),
                    Effect::Grant { until } => until.as_ref() == Some(id),
                    _ => false,
                }),
                "an effect shows it ('publish' or 'grant_until')",
            ),
        ];
        let told = tells.into_iter().find(|(tells, _)| *tells);
        told.map(|(_, says)| says)
    }

    /// Whether two fields are asked on one form: the opening's, or that of one step.
    fn asked_together(&self, one: &str, other: &str) -> bool {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.id == name);
        let steps = self
            .register
            .steps
            .iter()
            .map(|step| step.fields.as_slice());
        let mut forms = steps.chain([self.register.fields.as_slice()]);
        forms.any(|fields| has(fields, one) && has(fields, other))
    }
}
