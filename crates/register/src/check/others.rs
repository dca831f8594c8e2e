//! What a register says of others: the cases it opens there and those it waits for.

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};

use crate::definition::{
    Carried, Condition, Effect, Field, FieldKind, Need, Register, Step, Subject,
};

/// The register that takes content down, and its field for the address.
const REMOVAL: (&str, &str) = ("removal", "address");
/// Stands for whom the case is about, where fields are carried over.
const SUBJECT: &str = "subject";

/// Checks a register that loads by itself against all of them, with a fault at the effect or need that is wrong.
///
/// # Errors
/// Every fault at once.
pub(crate) fn against(
    source: Source<'_>,
    own: &Register,
    among: &[&Register],
) -> Result<(), Faults> {
    let reader = Reader::new(source);
    let table = reader.parse();
    if let Some(table) = &table {
        let fields = Fields::new(&reader, table);
        let others = Others { own, among };
        others.twin(&fields);
        others.effects(&fields, &own.effects);
        for (table, step) in fields.tables("step").iter().zip(&own.steps) {
            others.effects(table, &step.effects);
            others.needs(table, step);
        }
    }
    reader.finish(Some(()))
}

struct Others<'c> {
    own: &'c Register,
    among: &'c [&'c Register],
}

impl<'c> Others<'c> {
    fn twin(&self, fields: &Fields<'_, '_, '_>) {
        let own = self.own;
        let twin = |other: &&&Register| other.reference == own.reference && other.id != own.id;
        if let Some(twin) = self.among.iter().find(twin) {
            let what = format!("'{}' has the reference '{}' too.", twin.id, twin.reference);
            fields.reader.fault(fields.at(), what);
        }
    }

    fn effects(&self, fields: &Fields<'_, '_, '_>, effects: &[Effect]) {
        for (table, effect) in fields.tables("effects").iter().zip(effects) {
            match effect.plain() {
                Effect::Open {
                    register,
                    carry,
                    set,
                }
                | Effect::Check {
                    register,
                    carry,
                    set,
                    ..
                } => self.opens(table, register, carry, set),
                Effect::TakeDown { address } => {
                    let carry = [Carried {
                        to: REMOVAL.1.to_owned(),
                        from: address.clone(),
                    }];
                    self.opens(table, REMOVAL.0, &carry, &[]);
                }
                _ => {}
            }
        }
    }

    /// A case is opened elsewhere with answers that its register asks for and can take.
    fn opens(&self, table: &Fields<'_, '_, '_>, id: &str, carry: &[Carried], set: &[Condition]) {
        let say = |what: String| table.reader.fault(table.at(), what);
        let Some(other) = self.register(table, id, "to open a case in") else {
            return;
        };
        for carried in carry {
            let Some(to) = asked(table, other, &carried.to) else {
                continue;
            };
            if set.iter().any(|fixed| fixed.field == to.id) {
                say(format!(
                    "'{}' of '{id}' is both carried over and set: one of the two.",
                    to.id
                ));
            }
            let from = self.own.field(&carried.from);
            let from = from.filter(|from| carried.from != SUBJECT && !from.seen_by.is_empty());
            if let Some(from) = from.filter(|_| to.seen_by.is_empty()) {
                say(format!(
                    "not everybody who sees a case may see '{}', but everybody who sees the '{id}' would see it as '{}': give that field 'seen_by'.",
                    from.id, to.id
                ));
            }
        }
        for fixed in set {
            let Some(to) = asked(table, other, &fixed.field) else {
                continue;
            };
            if let Some(what) = cannot_be(other, to, &fixed.is) {
                say(what);
            }
        }
    }

    fn needs(&self, fields: &Fields<'_, '_, '_>, step: &Step) {
        for (table, need) in fields.tables("needs").iter().zip(&step.needs) {
            let Need::Linked {
                register: id,
                states,
                ..
            } = need
            else {
                continue;
            };
            let Some(other) = self.register(table, id, "to be linked with") else {
                continue;
            };
            for state in states.iter().filter(|state| other.state(state).is_none()) {
                let what = format!("the register '{id}' has no state '{state}'.");
                let all = other.states.iter().map(|state| state.id.as_str());
                table.reader.unknown(table.at(), what, state, all);
            }
        }
    }

    fn register(
        &self,
        table: &Fields<'_, '_, '_>,
        id: &str,
        what_for: &str,
    ) -> Option<&'c Register> {
        let found = self
            .among
            .iter()
            .find(|register| register.id == id)
            .copied();
        if found.is_none() {
            let what = format!("there is no register '{id}' {what_for}.");
            let all = self.among.iter().map(|register| register.id.as_str());
            table.reader.unknown(table.at(), what, id, all);
        }
        found
    }
}

/// The field of that name which a register asks when a case is opened.
fn asked<'r>(table: &Fields<'_, '_, '_>, other: &'r Register, name: &str) -> Option<&'r Field> {
    let found = other.fields.iter().find(|field| field.id == name);
    if found.is_none() {
        let what = format!(
            "the register '{}' asks no field '{name}' when it is opened.",
            other.id
        );
        let all = other.fields.iter().map(|field| field.id.as_str());
        table.reader.unknown(table.at(), what, name, all);
    }
    found
}

/// Why a field cannot be set to some values once and for all.
fn cannot_be(register: &Register, field: &Field, values: &[String]) -> Option<String> {
    let (of, id) = (&register.id, &field.id);
    let among: Vec<&str> = match &field.kind {
        FieldKind::Choice(values) | FieldKind::Choices(values) => {
            values.iter().map(|value| value.id.as_str()).collect()
        }
        FieldKind::YesNo => vec!["yes", "no"],
        FieldKind::Text | FieldKind::LongText => Vec::new(),
        _ => {
            return Some(format!(
                "'{id}' of '{of}' cannot be set here: only a choice, yes or no, and a text can."
            ));
        }
    };
    if register.subject == Subject::Field(id.clone()) {
        return Some(format!(
            "'{id}' of '{of}' says whom a case is about and cannot be set here."
        ));
    }
    let several = matches!(field.kind, FieldKind::Choices(_));
    if values.is_empty() || (values.len() > 1 && !several) {
        return Some(format!("'{id}' of '{of}' takes one value."));
    }
    let unknown = values
        .iter()
        .find(|value| !among.is_empty() && !among.contains(&value.as_str()));
    unknown.map(|value| {
        format!(
            "'{id}' of '{of}' cannot be '{value}': it is one of {}.",
            among.join(", ")
        )
    })
}
