//! Reads steps, and what they need and bring about.

use policy::fields::Fields;

use crate::definition::{Advice, Carried, Effect, Need, Step};

use super::Names;
use super::parts;

pub(super) fn step(fields: &Fields<'_, '_, '_>, names: &Names<'_>) -> Step {
    Step {
        id: parts::required(fields, "id"),
        says: parts::required(fields, "says"),
        help: parts::optional(fields, "help"),
        from: parts::strings(fields, "from"),
        to: parts::optional(fields, "to"),
        by: parts::parties(fields, "by"),
        when: parts::conditions(fields, "when"),
        needs: parts::each(fields, "needs", need)
            .into_iter()
            .flatten()
            .collect(),
        fields: parts::each(fields, "field", |f| parts::field(f, names)),
        corrects: parts::strings(fields, "corrects"),
        effects: effects(fields),
        confirm: fields.flag("confirm"),
        page: page(fields),
        clauses: parts::clauses(fields),
    }
}

/// The page that a step is taken on, with the case in its address.
fn page(fields: &Fields<'_, '_, '_>) -> Option<String> {
    let page = fields.text("page")?;
    if !(page.is.starts_with('/') && page.is.contains("{case}")) {
        let what = "'page' is an address with '{case}' in it, such as '/quiz/{case}'.";
        fields.reader.fault(page.at, what);
    }
    Some(page.is.to_owned())
}

/// One of `{ note = true }`, `{ evidence = 1 }`, `{ advice = "hr" }`, `{ done = "step" }`,
/// `{ second_person = ["open"], fallback = "head" }`, `{ linked = "register", states = ["done"] }`.
fn need(fields: &Fields<'_, '_, '_>) -> Option<Need> {
    let setting = || parts::optional(fields, "setting");
    if fields.flag("note") {
        return Some(Need::Note);
    }
    if let Some(files) = fields.number("evidence") {
        return Some(Need::Evidence(files));
    }
    if let Some(kind) = parts::optional(fields, "advice") {
        let setting = setting();
        return Some(Need::Advice(Advice { kind, setting }));
    }
    if let Some(step) = parts::optional(fields, "done") {
        let setting = setting();
        return Some(Need::Done { step, setting });
    }
    if let Some(register) = parts::optional(fields, "linked") {
        return Some(Need::Linked {
            register,
            states: parts::strings(fields, "states"),
            setting: setting(),
        });
    }
    let not = parts::strings(fields, "second_person");
    if !not.is_empty() {
        let fallback = parts::required(fields, "fallback");
        return Some(Need::SecondPerson { not, fallback });
    }
    let what =
        "this needs nothing that is known: note, evidence, advice, done, linked or second_person.";
    fields.reader.fault(fields.at(), what);
    None
}

/// The effects of a step, or of the opening.
pub(super) fn effects(fields: &Fields<'_, '_, '_>) -> Vec<Effect> {
    let effects = parts::each(fields, "effects", conditional);
    effects.into_iter().flatten().collect()
}

/// An effect, with `when` where it follows only from some answers.
fn conditional(fields: &Fields<'_, '_, '_>) -> Option<Effect> {
    let effect = effect(fields)?;
    let when = parts::conditions(fields, "when");
    if when.is_empty() {
        return Some(effect);
    }
    if always_follows(&effect) {
        let what = "this follows from its step always, because it is read from the steps that were taken: \
                    leave 'when' out, and make two steps where it is to follow from some answers only.";
        fields.reader.fault(fields.at(), what);
    }
    let effect = Box::new(effect);
    Some(Effect::Where { when, effect })
}

/// Whether it is known from the step alone that an effect followed.
fn always_follows(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Grant { .. }
            | Effect::Revoke
            | Effect::Advise { .. }
            | Effect::Disclose
            | Effect::Publish { .. }
    )
}

fn effect(fields: &Fields<'_, '_, '_>) -> Option<Effect> {
    let text = |key| parts::optional(fields, key);
    let whom = parts::parties(fields, "notify");
    if !whom.is_empty() {
        let says = parts::required(fields, "says");
        return Some(Effect::Notify { whom, says });
    }
    if let Some(register) = text("open") {
        let carry = carried(fields);
        let set = parts::conditions(fields, "set");
        return Some(Effect::Open {
            register,
            carry,
            set,
        });
    }
    if let Some(register) = text("check") {
        let after = fields.required("after")?;
        return Some(Effect::Check {
            register,
            after: parts::amount(fields, &after),
            carry: carried(fields),
            set: parts::conditions(fields, "set"),
        });
    }
    if let Some(until) = text("grant_until") {
        return Some(Effect::Grant { until: Some(until) });
    }
    if let Some(to) = text("assign") {
        let to = parts::party(&to);
        return Some(Effect::Assign { to });
    }
    if let Some(deadline) = text("clock") {
        return Some(Effect::Clock { deadline });
    }
    if let Some(deadline) = text("stop_clock") {
        return Some(Effect::StopClock { deadline });
    }
    if let Some(address) = text("take_down") {
        return Some(Effect::TakeDown { address });
    }
    if let Some(kind) = text("advise") {
        return Some(Effect::Advise { kind });
    }
    let publish = parts::strings(fields, "publish");
    if !publish.is_empty() {
        return Some(Effect::Publish { fields: publish });
    }
    plain(fields)
}

/// The effects that need no more than their name.
fn plain(fields: &Fields<'_, '_, '_>) -> Option<Effect> {
    let all = [
        ("grant", Effect::Grant { until: None }),
        ("revoke", Effect::Revoke),
        ("file", Effect::File),
        ("unfile", Effect::Unfile),
        ("disclose", Effect::Disclose),
    ];
    let found = all.into_iter().find(|(key, _)| fields.flag(key));
    if found.is_none() {
        let what = "this brings about nothing that is known: notify, open, check, grant, grant_until, revoke, \
                    assign, file, unfile, clock, stop_clock, take_down, advise, publish or disclose.";
        fields.reader.fault(fields.at(), what);
    }
    found.map(|(_, effect)| effect)
}

/// `carry = { field-there = "field-here" }`.
fn carried(fields: &Fields<'_, '_, '_>) -> Vec<Carried> {
    let tables = fields.tables("carry");
    let entries = tables.iter().flat_map(Fields::entries);
    let carried = entries.flat_map(|(to, value)| {
        let from = fields.reader.texts(to.is, value);
        from.into_iter().map(move |from| Carried {
            to: to.is.to_owned(),
            from: from.is.to_owned(),
        })
    });
    carried.collect()
}
