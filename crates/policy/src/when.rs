//! Reads a `when` table: names of the vocabulary to a cube.

use toml::Spanned;
use toml::de::DeValue;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::fields::{Fields, Reader, Text};
use crate::vocabulary::{Attribute, Vocabulary};

/// The cube that a table describes; `None` where it could not be read (the faults say why).
///
/// A key is an attribute, or a group of yes-no attributes with the value `"none"`.
pub(crate) fn read_when(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Cube> {
    let mut named = Vec::new();
    let mut none = Vec::new();
    let mut sound = true;
    for (key, value) in fields.entries() {
        if let Some((index, attribute)) = vocabulary.attribute(key.is) {
            let set = set_of(fields.reader, attribute, &key, value);
            sound &= !set.is_empty();
            named.push((index, set));
        } else if let Some(group) = vocabulary.group(key.is) {
            sound &= is_none(fields.reader, &key, value);
            none.extend(group.attributes.iter().copied());
        } else {
            attribute(fields.reader, vocabulary, &key);
            sound = false;
        }
    }
    none.retain(|index| !named.iter().any(|(i, _)| i == index));
    let no = none.into_iter().map(|index| (index, ValueSet::one(0)));
    let sets = named.into_iter().chain(no);
    sound.then(|| {
        sets.fold(Cube::everything(), |cube, (index, set)| {
            narrow(vocabulary, cube, index, set)
        })
    })
}

/// The cubes of a table's `when`, joined with each line of its `either` where it has one.
pub(crate) fn read_cubes(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Vec<Cube> {
    let when = fields.tables("when");
    if when.is_empty() {
        fields.reader.fault(
            fields.at(),
            "'when' is missing here: the situations the rule is about.",
        );
    }
    let base: Vec<Cube> = when
        .iter()
        .filter_map(|f| read_when(f, vocabulary))
        .collect();
    let either: Vec<Cube> = fields
        .tables("either")
        .iter()
        .filter_map(|f| read_when(f, vocabulary))
        .collect();
    if either.is_empty() {
        return base;
    }
    let both = |b: &Cube| {
        let joined: Vec<Cube> = either.iter().filter_map(|e| b.and(e)).collect();
        if joined.len() < either.len() {
            let what = "A line of 'either' contradicts 'when': no situation is left.";
            fields.reader.fault(fields.at(), what);
        }
        joined
    };
    base.iter().flat_map(both).collect()
}

/// A set that holds every value says nothing and is left out, so that equal cubes look equal.
fn narrow(vocabulary: &Vocabulary, cube: Cube, index: AttributeIndex, set: ValueSet) -> Cube {
    let all = vocabulary.at(index).map(Attribute::all);
    if all == Some(set) {
        cube
    } else {
        cube.with(index, set)
    }
}

/// An attribute by name; a fault where there is none.
pub(crate) fn attribute(
    reader: &Reader<'_>,
    vocabulary: &Vocabulary,
    name: &Text<'_>,
) -> Option<AttributeIndex> {
    let found = vocabulary.attribute(name.is).map(|(index, _)| index);
    if found.is_none() {
        let known = vocabulary.attributes().iter().map(|a| a.id.as_str());
        let known = known.chain(vocabulary.groups().iter().map(|g| g.id.as_str()));
        let what = format!("'{}' is not an attribute of the vocabulary.", name.is);
        reader.unknown(name.at.clone(), what, name.is, known);
    }
    found
}

fn is_none(reader: &Reader<'_>, key: &Text<'_>, value: &Spanned<DeValue<'_>>) -> bool {
    let none = value.get_ref().as_str() == Some("none");
    if !none {
        let what = format!(
            "'{}' is a group of yes-no attributes; here it can only be \"none\".",
            key.is
        );
        reader.fault(value.span(), what);
    }
    none
}

fn set_of(
    reader: &Reader<'_>,
    attribute: &Attribute,
    key: &Text<'_>,
    value: &Spanned<DeValue<'_>>,
) -> ValueSet {
    if let Some(items) = value
        .get_ref()
        .as_array()
        .filter(|items| items.iter().any(|i| i.get_ref().is_bool()))
    {
        return items.iter().fold(ValueSet::NONE, |set, item| {
            set.or(set_of(reader, attribute, key, item))
        });
    }
    match value.get_ref().as_bool() {
        Some(yes) if attribute.is_yes_no() => ValueSet::one(u8::from(yes)),
        Some(_) => {
            reader.fault(
                value.span(),
                format!("'{}' is not answered yes or no: name its values.", key.is),
            );
            ValueSet::NONE
        }
        None => values(reader, attribute, &reader.texts(key.is, value)),
    }
}

/// The values that names stand for: `x`, `@group`, or `!x` and `!@group` for every value but those.
pub(crate) fn values(reader: &Reader<'_>, attribute: &Attribute, names: &[Text<'_>]) -> ValueSet {
    let (mut with, mut without) = (ValueSet::NONE, ValueSet::NONE);
    for name in names {
        match name.is.strip_prefix('!') {
            Some(rest) => without = without.or(named(reader, attribute, name, rest)),
            None => with = with.or(named(reader, attribute, name, name.is)),
        }
    }
    let set = if with.is_empty() && !without.is_empty() {
        attribute.all()
    } else {
        with
    }
    .without(without);
    if let Some(first) = names.first().filter(|_| set.is_empty()) {
        reader.fault(
            first.at.clone(),
            format!("This leaves no value of '{}'.", attribute.id),
        );
    }
    set
}

fn named(reader: &Reader<'_>, attribute: &Attribute, name: &Text<'_>, bare: &str) -> ValueSet {
    let found = match bare.strip_prefix('@') {
        Some(group) => attribute
            .value_groups
            .iter()
            .find(|(id, _)| id == group)
            .map(|(_, set)| *set),
        None => attribute.value(bare).map(ValueSet::one),
    };
    found.unwrap_or_else(|| {
        let groups: Vec<String> = attribute
            .value_groups
            .iter()
            .map(|(id, _)| format!("@{id}"))
            .collect();
        let known = attribute
            .values
            .iter()
            .map(|v| v.id.as_str())
            .chain(groups.iter().map(String::as_str));
        let what = format!("'{bare}' is not a value of '{}'.", attribute.id);
        reader.unknown(name.at.clone(), what, bare, known);
        ValueSet::NONE
    })
}
