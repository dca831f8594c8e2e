//! Reads `vocabulary.toml`.

use super::names::Names;
use super::phrases::{self, Phrases, Sayings, Several, Telling};
use super::{
    Attribute, AttributeKind, ChangedBy, Circumstances, DutyHeadline, DutyKind, Group, Impossible,
    Role, Value, Vocabulary,
};
use crate::cube::{Cube, ValueSet};
use crate::fields::{Fields, Reader, Text};
use crate::source::{Faults, Source};
use crate::when::{self, read_when};

const KINDS: &[(&str, AttributeKind)] = &[
    ("choice", AttributeKind::Choice),
    ("yes-no", AttributeKind::YesNo),
];
const CHANGED_BY: &[(&str, ChangedBy)] = &[
    ("asker", ChangedBy::Asker),
    ("authoriser", ChangedBy::Authoriser),
    ("nobody", ChangedBy::Nobody),
];
const HEADLINES: &[(&str, DutyHeadline)] = &[
    ("must-report", DutyHeadline::MustReport),
    ("must-declare", DutyHeadline::MustDeclare),
];
const SEVERAL: &[(&str, Several)] = &[
    ("none", Several::None),
    ("first", Several::First),
    ("nearest", Several::Nearest),
];
/// How far a value outweighs others where its `weight` is not given.
const USUAL_WEIGHT: u8 = 2;
/// A value is one bit of a [`ValueSet`].
const VALUES_AT_MOST: usize = 127;

pub(super) fn load(source: Source<'_>) -> Result<Vocabulary, Faults> {
    let reader = Reader::new(source);
    let parsed = reader.parse();
    let vocabulary = parsed.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        let vocabulary = read(&fields);
        fields.finish();
        vocabulary
    });
    reader.finish(vocabulary)
}

fn read(fields: &Fields<'_, '_, '_>) -> Vocabulary {
    // Known, so that it is no misspelt key.
    let _ = fields.number("version");
    let tables = fields.tables("attribute");
    let mut everyday = Everyday::default();
    let attributes: Vec<Attribute> = tables
        .iter()
        .enumerate()
        .map(|(index, table)| attribute(table, index, &mut everyday))
        .collect();
    let duties: Vec<DutyKind> = fields.tables("duty").iter().map(duty).collect();
    let names = Names::new(&attributes, &duties);
    unique(fields, &tables, &attributes, &names);
    let sizes: Vec<usize> = attributes.iter().map(|a| a.values.len()).collect();
    let neutral = attributes.iter().map(|a| a.neutral).collect();
    let circumstances = Circumstances::new(&[], &[], &sizes);
    let mut vocabulary = Vocabulary {
        attributes,
        names,
        groups: Vec::new(),
        impossible: Vec::new(),
        circumstances,
        duties,
        roles: fields.tables("role").iter().map(role).collect(),
        sizes,
        neutral,
        phrases: Phrases::default(),
        tellings: everyday.tellings,
    };
    fields
        .tables("role")
        .iter()
        .for_each(|f| any_of(f, &vocabulary));
    let groups = fields.tables("group");
    vocabulary.groups = groups.iter().map(|f| group(f, &vocabulary)).collect();
    for table in &groups {
        known_group(table, "joins", &vocabulary);
        table.finish();
    }
    for (position, table) in tables.iter().enumerate() {
        let cubes = |key| -> Vec<Cube> {
            let tables = table.tables(key);
            let cubes = tables.iter().filter_map(|f| read_when(f, &vocabulary));
            cubes.collect()
        };
        let (asked_when, told_when) = (cubes("asked_when"), cubes("told_when"));
        let implies = implied(table, &vocabulary);
        known_group(table, "group", &vocabulary);
        table.finish();
        if let Some(attribute) = vocabulary.attributes.get_mut(position) {
            attribute.asked_when = asked_when;
            attribute.implies = implies;
        }
        if let Some(telling) = vocabulary.tellings.get_mut(position) {
            telling.told_when = told_when;
        }
    }
    vocabulary.phrases = phrases::read(fields, &vocabulary, &everyday.sayings);
    vocabulary.impossible = fields
        .tables("impossible")
        .iter()
        .map(|f| impossible(f, &vocabulary))
        .collect();
    let Vocabulary {
        attributes,
        impossible,
        sizes,
        ..
    } = &vocabulary;
    vocabulary.circumstances = Circumstances::new(attributes, impossible, sizes);
    vocabulary
}

/// What the attributes' tables say of everyday language.
#[derive(Default)]
struct Everyday<'t> {
    sayings: Vec<Sayings<'t>>,
    tellings: Vec<Telling>,
}

fn attribute<'t>(
    fields: &Fields<'_, '_, 't>,
    index: usize,
    everyday: &mut Everyday<'t>,
) -> Attribute {
    let id = owned(fields.required("id"));
    let kind = fields
        .one_of("kind", KINDS)
        .unwrap_or(AttributeKind::Choice);
    let says = fields.text("says").map(|t| t.is.to_owned());
    let frames = fields.texts("frames").unwrap_or_default();
    let mut weights = Vec::new();
    let values = match kind {
        AttributeKind::Choice => {
            let tables = fields.tables("values");
            let values = tables.iter().zip(0..).map(|(table, position)| {
                let saying = Sayings::read(table, (index, position), &frames);
                everyday.sayings.push(saying);
                weights.push(phrases::weight(table).unwrap_or(USUAL_WEIGHT));
                value(table)
            });
            values.collect()
        }
        AttributeKind::YesNo => {
            let saying = Sayings::read(fields, (index, 1), &frames);
            everyday.sayings.push(saying);
            yes_no(fields, says.as_deref())
        }
    };
    everyday.tellings.push(Telling {
        told_when: Vec::new(),
        several: fields.one_of("several", SEVERAL).unwrap_or(Several::None),
        weights,
    });
    if values.is_empty() || values.len() > VALUES_AT_MOST {
        fields.reader.fault(
            fields.at(),
            format!("An attribute has 1 to {VALUES_AT_MOST} values."),
        );
    }
    let mut attribute = Attribute {
        id,
        kind,
        label: owned(fields.required("label")),
        question: fields.text("question").map(|t| t.is.to_owned()),
        help: fields.text("help").map(|t| t.is.to_owned()),
        values,
        neutral: 0,
        changed_by: fields
            .one_of("changed_by", CHANGED_BY)
            .unwrap_or(ChangedBy::Nobody),
        propose: ValueSet::NONE,
        instead: fields.text("instead").map(|t| t.is.to_owned()),
        asked_when: Vec::new(),
        group: fields.text("group").map(|t| t.is.to_owned()),
        implies: Vec::new(),
        value_groups: Vec::new(),
    };
    choices(fields, &mut attribute);
    attribute
}

/// What is said of an attribute in terms of its own values.
fn choices(fields: &Fields<'_, '_, '_>, attribute: &mut Attribute) {
    for table in fields.tables("groups") {
        for (name, listed) in table.entries() {
            let names = fields.reader.texts(name.is, listed);
            let set = when::values(fields.reader, attribute, &names);
            attribute.value_groups.push((name.is.to_owned(), set));
        }
    }
    if let Some(neutral) = fields.text("neutral") {
        let set = when::values(fields.reader, attribute, std::slice::from_ref(&neutral));
        attribute.neutral = set.iter().next().unwrap_or(0);
    }
    attribute.propose = match fields.texts("propose") {
        Some(names) => when::values(fields.reader, attribute, &names),
        None => attribute.all(),
    };
}

fn value(fields: &Fields<'_, '_, '_>) -> Value {
    let value = Value {
        id: owned(fields.required("id")),
        says: owned(fields.required("says")),
        heading: fields.text("heading").map(|t| t.is.to_owned()),
    };
    fields.finish();
    value
}

fn yes_no(fields: &Fields<'_, '_, '_>, says: Option<&str>) -> Vec<Value> {
    let says = says.unwrap_or_default();
    if says.is_empty() {
        fields.reader.fault(
            fields.at(),
            "'says' is missing here: the fact in plain words.",
        );
    }
    let no = Value {
        id: "no".into(),
        says: format!("not so: {says}"),
        heading: None,
    };
    let yes = Value {
        id: "yes".into(),
        says: says.to_owned(),
        heading: None,
    };
    vec![no, yes]
}

fn unique(
    fields: &Fields<'_, '_, '_>,
    tables: &[Fields<'_, '_, '_>],
    attributes: &[Attribute],
    names: &Names,
) {
    for (position, (attribute, table)) in attributes.iter().zip(tables).enumerate() {
        if names.attributes.get(&attribute.id) != Some(position) {
            fields.reader.fault(
                table.at(),
                format!("There are two attributes '{}'.", attribute.id),
            );
        }
    }
}

fn implied(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Vec<usize> {
    let names = fields.texts("implies").unwrap_or_default();
    names
        .iter()
        .filter_map(|name| when::attribute(fields.reader, vocabulary, name))
        .collect()
}

/// Refuses the name of a group that there is not.
fn known_group(fields: &Fields<'_, '_, '_>, key: &'static str, vocabulary: &Vocabulary) {
    let Some(name) = fields.text(key) else {
        return;
    };
    if vocabulary.group(name.is).is_none() {
        let known = vocabulary.groups().iter().map(|g| g.id.as_str());
        fields.reader.unknown(
            name.at,
            format!("There is no group '{}'.", name.is),
            name.is,
            known,
        );
    }
}

fn group(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Group {
    let id = owned(fields.required("id"));
    let members = vocabulary.attributes().iter().enumerate();
    let attributes = members
        .filter(|(_, a)| a.group.as_ref() == Some(&id))
        .map(|(i, _)| i)
        .collect();
    let question = owned(fields.required("question"));
    Group {
        id,
        question,
        help: fields.text("help").map(|t| t.is.to_owned()),
        joins: fields.text("joins").map(|t| t.is.to_owned()),
        attributes,
    }
}

fn impossible(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Impossible {
    let when = fields
        .tables("when")
        .first()
        .and_then(|f| read_when(f, vocabulary));
    if when.is_none() {
        fields
            .reader
            .fault(fields.at(), "'when' is missing here: what cannot be.");
    }
    let otherwise = fields
        .tables("otherwise")
        .first()
        .and_then(|f| read_when(f, vocabulary));
    let otherwise = otherwise.iter().flat_map(Cube::sets);
    let impossible = Impossible {
        name: owned(fields.required("name")),
        why: owned(fields.required("why")),
        when: when.unwrap_or_default(),
        otherwise: otherwise
            .filter_map(|(a, set)| set.iter().next().map(|v| (*a, v)))
            .collect(),
    };
    fields.finish();
    impossible
}

fn duty(fields: &Fields<'_, '_, '_>) -> DutyKind {
    let duty = DutyKind {
        id: owned(fields.required("id")),
        says: owned(fields.required("says")),
        headline: fields.one_of("headline", HEADLINES),
    };
    fields.finish();
    duty
}

/// Refuses a role that stands for roles which there are not.
fn any_of(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) {
    for name in fields.texts("any_of").unwrap_or_default() {
        if vocabulary.role(name.is).is_none() {
            let known = vocabulary.roles().iter().map(|r| r.id.as_str());
            let what = format!("There is no role '{}'.", name.is);
            fields.reader.unknown(name.at, what, name.is, known);
        }
    }
}

fn role(fields: &Fields<'_, '_, '_>) -> Role {
    let any_of = fields.texts("any_of").unwrap_or_default();
    let role = Role {
        id: owned(fields.required("id")),
        says: owned(fields.required("says")),
        any_of: any_of.iter().map(|t| t.is.to_owned()).collect(),
        everybody: fields.flag("everybody"),
    };
    fields.finish();
    role
}

fn owned(text: Option<Text<'_>>) -> String {
    text.map(|t| t.is.to_owned()).unwrap_or_default()
}
