//! Whether what one part of a register names is there.

use super::{Check, Say};
use crate::definition::{ClauseRef, Condition, Field, FieldKind, Party, SettingKind};

impl Check<'_> {
    pub(super) fn all_fields(&self) -> Vec<Field> {
        let steps = self.register.steps.iter().flat_map(|s| &s.fields);
        self.register.fields.iter().chain(steps).cloned().collect()
    }

    pub(super) fn parties(&self, parties: &[Party], fields: &[Field], say: Say<'_>) {
        for party in parties {
            match party {
                Party::Role(role) => self.role(role, say),
                Party::Named(field) => {
                    self.field_of(field, fields, say, |kind| *kind == FieldKind::Person)
                }
                Party::Setting(name) => self.setting(name, SettingKind::Roles, say),
                _ => {}
            }
        }
    }

    pub(super) fn role(&self, role: &str, say: Say<'_>) {
        if !self.names.roles.contains(&role) {
            say(
                format!("there is no role '{role}'."),
                role,
                self.names.roles,
            );
        }
    }

    pub(super) fn setting(&self, name: &str, kind: SettingKind, say: Say<'_>) {
        let settings = self.register.settings.iter().filter(|s| s.kind == kind);
        let all: Vec<&str> = settings.map(|s| s.id.as_str()).collect();
        if !all.contains(&name) {
            say(
                format!("there is no setting '{name}' of the kind that is needed here."),
                name,
                &all,
            );
        }
    }

    pub(super) fn state(&self, name: &str, say: Say<'_>) {
        let all: Vec<&str> = self.register.states.iter().map(|s| s.id.as_str()).collect();
        if !all.contains(&name) {
            say(format!("there is no state '{name}'."), name, &all);
        }
    }

    pub(super) fn step_named(&self, name: &str, say: Say<'_>) {
        let all: Vec<&str> = self.register.steps.iter().map(|s| s.id.as_str()).collect();
        if !all.contains(&name) {
            say(format!("there is no step '{name}'."), name, &all);
        }
    }

    pub(super) fn field_of(
        &self,
        name: &str,
        fields: &[Field],
        say: Say<'_>,
        fits: impl Fn(&FieldKind) -> bool,
    ) {
        let all: Vec<&str> = fields.iter().map(|f| f.id.as_str()).collect();
        match fields.iter().find(|f| f.id == name) {
            None => say(format!("there is no field '{name}'."), name, &all),
            Some(field) if !fits(&field.kind) => {
                say(
                    format!("the field '{name}' is not of a kind that fits here."),
                    "",
                    &[],
                );
            }
            Some(_) => {}
        }
    }

    /// A condition names a field that has such values.
    pub(super) fn conditions(&self, conditions: &[Condition], fields: &[Field], say: Say<'_>) {
        for condition in conditions {
            let values: Vec<&str> = match fields
                .iter()
                .find(|f| f.id == condition.field)
                .map(|f| &f.kind)
            {
                Some(FieldKind::Choice(values) | FieldKind::Choices(values)) => {
                    values.iter().map(|v| v.id.as_str()).collect()
                }
                Some(FieldKind::YesNo) => vec!["yes", "no"],
                _ => {
                    let name = &condition.field;
                    say(
                        format!("a condition needs a choice or a yes-no field; '{name}' is none."),
                        "",
                        &[],
                    );
                    continue;
                }
            };
            if condition.is.is_empty() {
                let what = format!("'{}' is none of no values: name one.", condition.field);
                say(what, "", &[]);
            }
            for value in condition
                .is
                .iter()
                .filter(|v| !values.contains(&v.as_str()))
            {
                say(
                    format!("'{}' cannot be '{value}'.", condition.field),
                    value,
                    &values,
                );
            }
        }
    }

    pub(super) fn attribute(&self, name: &str, say: Say<'_>) {
        let vocabulary = self.names.vocabulary;
        if vocabulary.attribute(name).is_none() {
            let all: Vec<&str> = vocabulary
                .attributes()
                .iter()
                .map(|a| a.id.as_str())
                .collect();
            say(
                format!("the vocabulary has no attribute '{name}'."),
                name,
                &all,
            );
        }
    }

    /// A fact that a value stands for is one of the vocabulary.
    pub(super) fn fact(&self, fact: &Condition, say: Say<'_>) {
        self.attribute(&fact.field, say);
        let Some((_, attribute)) = self.names.vocabulary.attribute(&fact.field) else {
            return;
        };
        let values: Vec<&str> = attribute.values.iter().map(|v| v.id.as_str()).collect();
        for value in fact.is.iter().filter(|v| !values.contains(&v.as_str())) {
            say(
                format!("'{}' is never '{value}'.", fact.field),
                value,
                &values,
            );
        }
    }

    pub(super) fn clauses(&self, clauses: &[ClauseRef], say: Say<'_>) {
        clauses.iter().for_each(|clause| self.clause(clause, say));
    }

    pub(super) fn clause(&self, clause: &ClauseRef, say: Say<'_>) {
        let policies: Vec<&str> = self.names.policies.iter().map(|p| p.id).collect();
        match self.names.policies.iter().find(|p| p.id == clause.policy) {
            None => say(
                format!("there is no policy '{}'.", clause.policy),
                &clause.policy,
                &policies,
            ),
            Some(policy) if !policy.clauses.contains(&clause.clause.as_str()) => {
                let what = format!(
                    "the policy '{}' has no clause '{}'.",
                    clause.policy, clause.clause
                );
                say(what, &clause.clause, &policy.clauses);
            }
            Some(_) => {}
        }
    }
}
