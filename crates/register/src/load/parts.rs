//! Reads the parts of a register: fields, states, deadlines, sights, settings.

use policy::fields::{Fields, Text};

use crate::definition::{
    Amount, ChoiceValue, ClauseRef, Condition, Deadline, Due, Field, FieldKind, Given, Party,
    Setting, SettingKind, SettingValue, Sight, Span, Start, State,
};

use super::Names;

/// Whatever each table of an array holds.
pub(super) fn each<'r, 's, 't, T>(
    fields: &Fields<'r, 's, 't>,
    key: &'static str,
    read: impl Fn(&Fields<'r, 's, 't>) -> T,
) -> Vec<T> {
    let tables = fields.tables(key);
    let all = tables.iter().map(|table| {
        let one = read(table);
        table.finish();
        one
    });
    all.collect()
}

pub(super) fn required(fields: &Fields<'_, '_, '_>, key: &'static str) -> String {
    fields
        .required(key)
        .map(|t| t.is.to_owned())
        .unwrap_or_default()
}

pub(super) fn optional(fields: &Fields<'_, '_, '_>, key: &'static str) -> Option<String> {
    fields.text(key).map(|t| t.is.to_owned())
}

pub(super) fn strings(fields: &Fields<'_, '_, '_>, key: &'static str) -> Vec<String> {
    let texts = fields.texts(key).unwrap_or_default();
    texts.into_iter().map(|t| t.is.to_owned()).collect()
}

/// Parties: a role's name, or what somebody is to the case.
pub(super) fn parties(fields: &Fields<'_, '_, '_>, key: &'static str) -> Vec<Party> {
    strings(fields, key)
        .iter()
        .map(|text| party(text))
        .collect()
}

pub(super) fn party(text: &str) -> Party {
    let owned = str::to_owned;
    match text {
        "opener" => Party::Opener,
        "subject" => Party::Subject,
        "handler" => Party::Handler,
        "line-manager-of-subject" => Party::LineManager,
        "public" => Party::Public,
        "program" => Party::Program,
        _ => match (text.strip_prefix("field:"), text.strip_prefix("setting:")) {
            (Some(field), _) => Party::Named(owned(field)),
            (_, Some(setting)) => Party::Setting(owned(setting)),
            _ => Party::Role(owned(text)),
        },
    }
}

/// `clauses = { link = ["4.6.a"] }`.
pub(super) fn clauses(fields: &Fields<'_, '_, '_>) -> Vec<ClauseRef> {
    let tables = fields.tables("clauses");
    let entries = tables.iter().flat_map(Fields::entries);
    let refs = entries.flat_map(|(policy, value)| {
        let clauses = fields.reader.texts(policy.is, value);
        clauses.into_iter().map(move |clause| ClauseRef {
            policy: policy.is.to_owned(),
            clause: clause.is.to_owned(),
        })
    });
    refs.collect()
}

/// `when = { who = ["pupil", "parent"] }`.
pub(super) fn conditions(fields: &Fields<'_, '_, '_>, key: &'static str) -> Vec<Condition> {
    let tables = fields.tables(key);
    let entries = tables.iter().flat_map(Fields::entries);
    let conditions = entries.map(|(field, value)| Condition {
        field: field.is.to_owned(),
        is: fields
            .reader
            .texts(field.is, value)
            .into_iter()
            .map(|t| t.is.to_owned())
            .collect(),
    });
    conditions.collect()
}

pub(super) fn field(fields: &Fields<'_, '_, '_>, names: &Names<'_>) -> Field {
    let question = required(fields, "question");
    let kind = kind(fields, names);
    Field {
        id: required(fields, "id"),
        kind,
        label: optional(fields, "label").unwrap_or_else(|| question.clone()),
        question,
        help: optional(fields, "help"),
        required: fields.flag("required"),
        when: conditions(fields, "when"),
        sensitive: fields.flag("sensitive"),
        searchable: fields.flag("searchable"),
        listed: fields.flag("listed"),
        fills_from: optional(fields, "fills_from"),
        terms: fields.flag("terms"),
        seen_by: parties(fields, "seen_by"),
        clauses: clauses(fields),
    }
}

/// Makes a kind of field, its values still to be read.
type Made = fn() -> FieldKind;

const KINDS: &[(&str, Made)] = &[
    ("text", || FieldKind::Text),
    ("long-text", || FieldKind::LongText),
    ("choice", || FieldKind::Choice(Vec::new())),
    ("choices", || FieldKind::Choices(Vec::new())),
    ("person", || FieldKind::Person),
    ("pupil", || FieldKind::Pupil),
    ("school", || FieldKind::School),
    ("platform", || FieldKind::Platform),
    ("account", || FieldKind::Account),
    ("date", || FieldKind::Date),
    ("past-date", || FieldKind::PastDate),
    ("future-date", || FieldKind::FutureDate),
    ("moment", || FieldKind::Moment),
    ("evidence", || FieldKind::Evidence),
    ("number", || FieldKind::Number),
    ("yes-no", || FieldKind::YesNo),
    ("case", || FieldKind::Case(None)),
];

fn kind(fields: &Fields<'_, '_, '_>, names: &Names<'_>) -> FieldKind {
    if fields.value("kind").is_none() {
        fields.reader.fault(fields.at(), "'kind' is missing here.");
    }
    let kind = fields.one_of("kind", KINDS).map(|kind| kind());
    match kind.unwrap_or(FieldKind::Text) {
        FieldKind::Choice(_) => FieldKind::Choice(values(fields, names)),
        FieldKind::Choices(_) => FieldKind::Choices(values(fields, names)),
        FieldKind::Case(_) => FieldKind::Case(optional(fields, "register")),
        other => other,
    }
}

/// The values of a choice: its own, or those of an attribute of the vocabulary.
fn values(fields: &Fields<'_, '_, '_>, names: &Names<'_>) -> Vec<ChoiceValue> {
    let own = each(fields, "values", |value| ChoiceValue {
        id: required(value, "id"),
        says: required(value, "says"),
        facts: conditions(value, "facts"),
    });
    let Some(text) = fields.text("vocabulary") else {
        if own.is_empty() {
            let what = "a choice needs 'values', or 'vocabulary' with an attribute's name.";
            fields.reader.fault(fields.at(), what);
        }
        return own;
    };
    let Some((_, attribute)) = names.vocabulary.attribute(text.is) else {
        let all = names.vocabulary.attributes().iter().map(|a| a.id.as_str());
        let what = format!("the vocabulary has no attribute '{}'.", text.is);
        fields.reader.unknown(text.at, what, text.is, all);
        return own;
    };
    let lent = attribute.values.iter().map(|value| ChoiceValue {
        id: value.id.clone(),
        says: value.says.clone(),
        facts: Vec::new(),
    });
    lent.chain(own).collect()
}

pub(super) fn state(fields: &Fields<'_, '_, '_>) -> State {
    State {
        id: required(fields, "id"),
        says: required(fields, "says"),
        end: fields.flag("end"),
        in_force: fields.flag("in_force"),
        waits_for: fields
            .texts("waits_for")
            .map(|texts| texts.iter().map(|text| party(text.is)).collect()),
        clauses: clauses(fields),
    }
}

pub(super) fn sight(fields: &Fields<'_, '_, '_>) -> Sight {
    Sight {
        who: parties(fields, "who"),
        outline: fields.flag("outline"),
        when: conditions(fields, "when"),
        states: strings(fields, "states"),
    }
}

pub(super) fn deadline(fields: &Fields<'_, '_, '_>) -> Deadline {
    let states = strings(fields, "in");
    let starts = match (fields.flag("clock"), states.is_empty()) {
        (true, true) => Start::Clock,
        (false, false) => Start::States(states),
        _ => {
            let what = "a deadline runs 'in' some states, or has 'clock = true'.";
            fields.reader.fault(fields.at(), what);
            Start::Clock
        }
    };
    Deadline {
        id: required(fields, "id"),
        says: required(fields, "says"),
        starts,
        when: conditions(fields, "when"),
        within: due(fields),
        met_in: strings(fields, "met_in"),
        remind: fields
            .texts("remind")
            .unwrap_or_default()
            .iter()
            .filter_map(|text| span(fields, text))
            .collect(),
        escalate: parties(fields, "escalate"),
        then: optional(fields, "then"),
        statutory: fields.flag("statutory"),
        clauses: clauses(fields),
    }
}

fn due(fields: &Fields<'_, '_, '_>) -> Due {
    let Some(text) = fields.required("within") else {
        return Due::After(Amount::Span(Span::Days(1)));
    };
    match text.is.strip_prefix("field:") {
        Some(field) => Due::Field(field.to_owned()),
        None => Due::After(amount(fields, &text)),
    }
}

/// `5 school days`, or `setting:NAME`.
pub(super) fn amount(fields: &Fields<'_, '_, '_>, text: &Text<'_>) -> Amount {
    match text.is.strip_prefix("setting:") {
        Some(setting) => Amount::Setting(setting.to_owned()),
        None => Amount::Span(span(fields, text).unwrap_or(Span::Days(1))),
    }
}

/// `72 hours`, `5 school days`, `30 days`, `6 months`, `6 years`.
pub(super) fn span(fields: &Fields<'_, '_, '_>, text: &Text<'_>) -> Option<Span> {
    let found = Span::read(text.is);
    if found.is_none() {
        let what = format!(
            "'{}' is no length of time: write as in '72 hours', '5 school days', '30 days', '6 months' or '6 years'.",
            text.is
        );
        fields.reader.fault(text.at.clone(), what);
    }
    found
}

const SETTING_KINDS: &[(&str, SettingKind)] = &[
    ("roles", SettingKind::Roles),
    ("yes-no", SettingKind::YesNo),
    ("span", SettingKind::Span),
];

pub(super) fn setting(fields: &Fields<'_, '_, '_>) -> Setting {
    let kind = fields.one_of("kind", SETTING_KINDS);
    if kind.is_none() {
        let what = "'kind' of a setting is roles, yes-no or span.";
        fields.reader.fault(fields.at(), what);
    }
    let kind = kind.unwrap_or(SettingKind::YesNo);
    Setting {
        id: required(fields, "id"),
        says: required(fields, "says"),
        kind,
        is: setting_value(fields, kind),
        source: optional(fields, "source"),
        by_policy: each(fields, "policy", |own| Given {
            by: ClauseRef {
                policy: required(own, "id"),
                clause: required(own, "clause"),
            },
            is: setting_value(own, kind),
        }),
    }
}

fn setting_value(fields: &Fields<'_, '_, '_>, kind: SettingKind) -> SettingValue {
    if fields.value("is").is_none() {
        let what = "'is' is missing here: the setting's value.";
        fields.reader.fault(fields.at(), what);
    }
    match kind {
        SettingKind::Roles => SettingValue::Roles(strings(fields, "is")),
        SettingKind::YesNo => SettingValue::YesNo(fields.flag("is")),
        SettingKind::Span => {
            let text = fields.text("is");
            let span = text.and_then(|text| span(fields, &text));
            SettingValue::Span(span.unwrap_or(Span::Days(1)))
        }
    }
}
