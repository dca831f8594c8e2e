//! Whether a register can work: names that are known, states that can be reached and left.

mod closer;
mod names;
mod others;
mod reach;

use std::collections::BTreeSet;

use policy::fields::Fields;

use crate::definition::{
    Amount, Due, Effect, Field, FieldKind, Need, ParticularRetention, Party, Register,
    RetentionStart, SettingKind, SettingValue, Start, Step, Subject,
};
use crate::load::Names;

pub(crate) use others::against;

/// A register's file has its name.
pub(crate) fn file_name(fields: &Fields<'_, '_, '_>, file: &str, register: &Register) {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    if name != format!("{}.toml", register.id) {
        let what = format!(
            "this file holds the register '{0}': name it '{0}.toml'.",
            register.id
        );
        fields.reader.fault(fields.at(), what);
    }
}

/// What each part says of the others, with a fault at the part that says it.
pub(crate) fn check(fields: &Fields<'_, '_, '_>, register: &Register, names: &Names<'_>) {
    let own = Check { register, names };
    own.whole(&|what, wrong, among| report(fields, what, wrong, among));
    own.each(
        fields,
        "field",
        &register.fields,
        |field| field.id.as_str(),
        |f, say| own.field(f, &register.fields, say),
    );
    own.each(
        fields,
        "state",
        &register.states,
        |state| state.id.as_str(),
        |state, say| {
            let waits_for = state.waits_for.as_deref().unwrap_or_default();
            own.parties(waits_for, &own.all_fields(), say);
            own.clauses(&state.clauses, say);
            own.reachable(&state.id, state.end, say);
        },
    );
    own.each(
        fields,
        "step",
        &register.steps,
        |step| step.id.as_str(),
        |step, say| own.step(step, say),
    );
    own.each(
        fields,
        "deadline",
        &register.deadlines,
        |deadline| deadline.id.as_str(),
        |deadline, say| {
            own.deadline(deadline, say);
        },
    );
    own.each(
        fields,
        "sees",
        &register.seen_by,
        |_| "",
        |sight, say| {
            own.parties(&sight.who, &register.fields, say);
            own.conditions(&sight.when, &register.fields, say);
            sight.states.iter().for_each(|state| own.state(state, say));
        },
    );
    own.each(
        fields,
        "retention",
        &own.retentions(),
        |_| "",
        |retention, say| own.retention(retention, say),
    );
    own.each(
        fields,
        "setting",
        &register.settings,
        |setting| setting.id.as_str(),
        |setting, say| {
            let values = setting.by_policy.iter().map(|given| &given.is);
            for value in values.chain([&setting.is]) {
                if let SettingValue::Roles(roles) = value {
                    roles.iter().for_each(|role| own.role(role, say));
                }
            }
            setting
                .by_policy
                .iter()
                .for_each(|given| own.clause(&given.by, say));
        },
    );
}

/// Says a fault, with the name that is wrong and those it may be.
type Say<'a> = &'a dyn Fn(String, &str, &[&str]);

fn report(fields: &Fields<'_, '_, '_>, what: String, wrong: &str, among: &[&str]) {
    if among.is_empty() {
        fields.reader.fault(fields.at(), what);
    } else {
        let among = among.iter().copied();
        fields.reader.unknown(fields.at(), what, wrong, among);
    }
}

struct Check<'c> {
    register: &'c Register,
    names: &'c Names<'c>,
}

impl Check<'_> {
    /// Looks at every part of a kind, beside the table it was read from; no two have one name.
    fn each<T>(
        &self,
        fields: &Fields<'_, '_, '_>,
        key: &'static str,
        parts: &[T],
        name: impl Fn(&T) -> &str,
        look: impl Fn(&T, Say<'_>),
    ) {
        let mut seen = BTreeSet::new();
        for (table, part) in fields.tables(key).iter().zip(parts) {
            let say = |what: String, wrong: &str, among: &[&str]| report(table, what, wrong, among);
            let name = name(part);
            if !name.is_empty() && !seen.insert(name.to_owned()) {
                say(format!("there is another {key} '{name}'."), name, &[]);
            }
            look(part, &say);
        }
    }

    fn whole(&self, say: Say<'_>) {
        let register = self.register;
        let capitals = register.reference.chars().all(|c| c.is_ascii_uppercase());
        if !capitals || !(2..=5).contains(&register.reference.len()) {
            say(
                "'reference' is two to five capital letters.".into(),
                "",
                &[],
            );
        }
        if register.states.is_empty() {
            say(
                "a register needs states: a case begins in the first.".into(),
                "",
                &[],
            );
        }
        if !register.states.iter().any(|state| state.end) {
            say(
                "no state is an 'end': a case could never be over.".into(),
                "",
                &[],
            );
        }
        self.parties(&register.opened_by, &register.fields, say);
        self.clauses(&register.clauses, say);
        self.effects(&register.effects, &register.fields, say);
        if let Subject::Field(name) = &register.subject {
            self.field_of(name, &register.fields, say, |kind| {
                matches!(kind, FieldKind::Person | FieldKind::Pupil)
            });
        }
        if let Some(name) = &register.joins {
            self.field_of(name, &register.fields, say, |_| true);
        }
        if register.seen_by.is_empty() {
            say("nobody sees a case: 'sees' is missing.".into(), "", &[]);
        }
    }

    fn field(&self, field: &Field, among: &[Field], say: Say<'_>) {
        self.conditions(&field.when, among, say);
        self.clauses(&field.clauses, say);
        self.closer(field, say);
        if field.sensitive && field.searchable {
            say(
                format!("'{}' is sensitive and so is never searchable.", field.id),
                "",
                &[],
            );
        }
        if let Some(attribute) = &field.fills_from {
            self.attribute(attribute, say);
        }
        if let FieldKind::Choice(values) | FieldKind::Choices(values) = &field.kind {
            let facts = values.iter().flat_map(|value| &value.facts);
            facts.for_each(|fact| self.fact(fact, say));
        }
    }

    fn step(&self, step: &Step, say: Say<'_>) {
        let mut known = self.register.fields.clone();
        known.extend(step.fields.iter().cloned());
        for state in step.from.iter().chain(&step.to) {
            self.state(state, say);
        }
        if step.from.is_empty() {
            say(
                format!("'{}' can be taken in no state: 'from' is missing.", step.id),
                "",
                &[],
            );
        }
        if step.by.is_empty() {
            say(
                format!("nobody can take '{}': 'by' is missing.", step.id),
                "",
                &[],
            );
        }
        self.parties(&step.by, &self.all_fields(), say);
        self.conditions(&step.when, &self.all_fields(), say);
        self.clauses(&step.clauses, say);
        step.fields
            .iter()
            .for_each(|field| self.field(field, &known, say));
        for corrected in &step.corrects {
            self.field_of(corrected, &self.register.fields, say, |_| true);
        }
        step.needs.iter().for_each(|need| self.need(need, say));
        self.effects(&step.effects, &self.all_fields(), say);
    }

    fn need(&self, need: &Need, say: Say<'_>) {
        let setting = match need {
            Need::Note | Need::Evidence(_) => None,
            Need::Advice(advice) => {
                let gives =
                    |e: &Effect| matches!(e, Effect::Advise { kind } if *kind == advice.kind);
                if !self
                    .register
                    .steps
                    .iter()
                    .any(|s| s.effects.iter().any(gives))
                {
                    let kind = &advice.kind;
                    say(
                        format!(
                            "no step records advice of the kind '{kind}': it would need '{{ advise = \"{kind}\" }}'."
                        ),
                        "",
                        &[],
                    );
                }
                advice.setting.as_ref()
            }
            Need::Done { step, setting } => {
                self.step_named(step, say);
                setting.as_ref()
            }
            Need::SecondPerson { not, fallback } => {
                let steps = not.iter().filter(|step| *step != "open");
                steps.for_each(|step| self.step_named(step, say));
                self.role(fallback, say);
                None
            }
            Need::Linked { setting, .. } => setting.as_ref(),
        };
        if let Some(name) = setting {
            self.setting(name, SettingKind::YesNo, say);
        }
    }

    fn effects(&self, effects: &[Effect], fields: &[Field], say: Say<'_>) {
        for effect in effects {
            self.conditions(effect.when(), fields, say);
            match effect.plain() {
                Effect::Notify { whom, .. } => self.parties(whom, fields, say),
                Effect::Assign { to } => self.parties(std::slice::from_ref(to), fields, say),
                Effect::Grant { until: Some(field) } => self.field_of(field, fields, say, is_date),
                Effect::TakeDown { address } => self.field_of(address, fields, say, |_| true),
                Effect::Publish { fields: published } => {
                    for name in published {
                        self.field_of(name, fields, say, |_| true);
                    }
                }
                Effect::Open { carry, .. } | Effect::Check { carry, .. } => {
                    for carried in carry.iter().filter(|c| c.from != "subject") {
                        self.field_of(&carried.from, fields, say, |_| true);
                    }
                    if let Effect::Check {
                        after: Amount::Setting(name),
                        ..
                    } = effect
                    {
                        self.setting(name, SettingKind::Span, say);
                    }
                }
                Effect::Clock { deadline } | Effect::StopClock { deadline } => {
                    let clocks = self
                        .register
                        .deadlines
                        .iter()
                        .filter(|d| d.starts == Start::Clock);
                    let clocks: Vec<&str> = clocks.map(|d| d.id.as_str()).collect();
                    if !clocks.contains(&deadline.as_str()) {
                        say(
                            format!("there is no deadline '{deadline}' with 'clock = true'."),
                            deadline,
                            &clocks,
                        );
                    }
                }
                Effect::Grant { until: None }
                | Effect::Revoke
                | Effect::File
                | Effect::Unfile
                | Effect::Advise { .. }
                | Effect::Disclose
                | Effect::Where { .. } => {}
            }
        }
    }

    /// Those for some cases, and the one for all others, in the order in which they are written.
    fn retentions(&self) -> Vec<ParticularRetention> {
        let last = ParticularRetention {
            when: Vec::new(),
            states: Vec::new(),
            retention: self.register.retention.clone(),
        };
        let particular = self.register.particular_retentions.iter().cloned();
        particular.chain([last]).collect()
    }

    fn retention(&self, particular: &ParticularRetention, say: Say<'_>) {
        match &particular.retention.from {
            RetentionStart::Field(name) => self.field_of(name, &self.all_fields(), say, is_date),
            RetentionStart::BornOf(name) => {
                let is_pupil = |kind: &FieldKind| *kind == FieldKind::Pupil;
                self.field_of(name, &self.all_fields(), say, is_pupil);
            }
            RetentionStart::Closed | RetentionStart::Left | RetentionStart::Born => {}
        }
        self.conditions(&particular.when, &self.all_fields(), say);
        for name in &particular.states {
            self.state(name, say);
            if self.register.state(name).is_some_and(|state| !state.end) {
                let what =
                    format!("'{name}' is no end: how long a case is kept counts once it is over.");
                say(what, "", &[]);
            }
        }
        let before = self.register.particular_retentions.iter();
        let before = before.take_while(|other| *other != particular);
        let always = before.filter(|other| other.when.is_empty());
        let taken: BTreeSet<&String> = always.flat_map(|other| &other.states).collect();
        let states = &particular.states;
        if !states.is_empty() && states.iter().all(|state| taken.contains(state)) {
            let what = "this never counts: the ones before it fit every case that ends so.";
            say(what.to_owned(), "", &[]);
        }
    }

    fn deadline(&self, deadline: &crate::definition::Deadline, say: Say<'_>) {
        if let Start::States(states) = &deadline.starts {
            states.iter().for_each(|state| self.state(state, say));
        }
        deadline
            .met_in
            .iter()
            .for_each(|state| self.state(state, say));
        match &deadline.within {
            Due::After(Amount::Setting(name)) => self.setting(name, SettingKind::Span, say),
            Due::After(Amount::Span(_)) => {}
            Due::Field(field) => self.field_of(field, &self.all_fields(), say, is_date),
        }
        self.parties(&deadline.escalate, &self.all_fields(), say);
        self.conditions(&deadline.when, &self.all_fields(), say);
        self.clauses(&deadline.clauses, say);
        if let Some(step) = &deadline.then {
            self.step_named(step, say);
            let taken = self.register.steps.iter().find(|s| s.id == *step);
            if taken.is_some_and(|s| !s.by.contains(&Party::Program)) {
                say(
                    format!(
                        "the program is to take '{step}' but is not among those who may: add \"program\" to its 'by'."
                    ),
                    "",
                    &[],
                );
            }
        }
    }
}

fn is_date(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate | FieldKind::Moment
    )
}
