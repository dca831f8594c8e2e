//! Reads `kinds.toml`: what each kind of finding means, why it matters and how it is mended; and what is asked.

use std::ops::Range;
use std::sync::Arc;

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;

use super::{Asked, Fact, Occasion, Told};
use crate::draft::Account;
use crate::kind::Kind;

const VERSION: u32 = 1;
pub(super) const ACCOUNTS: &[(&str, Account)] = &[
    ("personal", Account::Personal),
    ("official", Account::Official),
];

type Read = (Vec<Told>, Vec<Asked>);

pub(super) fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Read, Faults> {
    let reader = Reader::new(source);
    let table = reader.parse();
    let read = table.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        version(&fields);
        let told = kinds(&fields, vocabulary);
        let asked = fields.tables("question");
        let asked = asked.iter().map(|q| question(q, vocabulary)).collect();
        fields.finish();
        (told, asked)
    });
    reader.finish(read)
}

pub(super) fn version(fields: &Fields<'_, '_, '_>) {
    if fields.number("version") != Some(VERSION) {
        let what = format!("'version' is {VERSION} in a file that this program reads.");
        fields.reader.fault(fields.at(), what);
    }
}

fn words(fields: &Fields<'_, '_, '_>, key: &'static str) -> Arc<str> {
    fields.required(key).map_or("", |text| text.is).into()
}

/// In the order of [`Kind::ALL`], each once.
fn kinds(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Vec<Told> {
    let mut found: Vec<Option<Told>> = vec![None; Kind::ALL.len()];
    for kind in fields.tables("kind") {
        let id = kind.required("id");
        let told = Told {
            label: words(&kind, "label"),
            why: words(&kind, "why"),
            mend: words(&kind, "mend"),
            facts: facts(&kind, vocabulary),
            account: kind.one_of("account", ACCOUNTS),
        };
        kind.finish();
        let Some(id) = id else { continue };
        let place = named(&kind, id.is, id.at.clone());
        match place.and_then(|place| found.get_mut(place as usize)) {
            Some(place) if place.is_none() => *place = Some(told),
            Some(_) => kind
                .reader
                .fault(id.at, format!("'{}' stands here twice.", id.is)),
            None => {}
        }
    }
    for (kind, told) in Kind::ALL.iter().zip(&found) {
        if told.is_none() {
            let what = format!("The kind '{}' is missing.", kind.id());
            fields.reader.fault(fields.at(), what);
        }
    }
    found.into_iter().flatten().collect()
}

pub(super) fn named(fields: &Fields<'_, '_, '_>, id: &str, at: Range<usize>) -> Option<Kind> {
    let kind = Kind::named(id);
    if kind.is_none() {
        let what = format!("'{id}' is no kind of finding.");
        let known = Kind::ALL.iter().map(|kind| kind.id());
        fields.reader.unknown(at, what, id, known);
    }
    kind
}

/// The facts of `means`, each a name and a value of the vocabulary.
fn facts(kind: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Vec<Fact> {
    let mut facts = Vec::new();
    for means in kind.tables("means") {
        for (key, value) in means.entries() {
            let text = match value.get_ref() {
                _ if value.get_ref().as_bool() == Some(true) => "yes",
                _ if value.get_ref().as_bool() == Some(false) => "no",
                other => other.as_str().unwrap_or(""),
            };
            let Some(values) = attribute(kind, vocabulary, key.is, key.at) else {
                continue;
            };
            if !values.contains(&text) {
                let what = format!("'{}' has no value '{text}'.", key.is);
                kind.reader.unknown(value.span(), what, text, values);
                continue;
            }
            facts.push(Fact {
                attribute: key.is.into(),
                value: text.into(),
            });
        }
    }
    if facts.is_empty() {
        let what = "'means' is missing here: the facts of the vocabulary that this is.";
        kind.reader.fault(kind.at(), what);
    }
    facts
}

/// The names of an attribute's values; a fault where there is no such attribute.
fn attribute<'v>(
    fields: &Fields<'_, '_, '_>,
    vocabulary: &'v Vocabulary,
    id: &str,
    at: Range<usize>,
) -> Option<Vec<&'v str>> {
    match vocabulary.attribute(id) {
        Some((_, attribute)) => Some(attribute.values.iter().map(|v| v.id.as_str()).collect()),
        None => {
            let what = format!("'{id}' is not an attribute of the vocabulary.");
            let known = vocabulary.attributes().iter().map(|a| a.id.as_str());
            fields.reader.unknown(at, what, id, known);
            None
        }
    }
}

fn question(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Asked {
    let id = fields.required("attribute");
    if let Some(id) = &id {
        let _known = attribute(fields, vocabulary, id.is, id.at.clone());
    }
    let when = fields.texts("when").unwrap_or_default();
    let occasion = |text: policy::fields::Text| match text.is {
        "picture" => Some(Occasion::Picture),
        "picture-undescribed" => Some(Occasion::PictureUndescribed),
        kind => named(fields, kind, text.at).map(Occasion::Found),
    };
    let when: Vec<Occasion> = when.into_iter().filter_map(occasion).collect();
    if when.is_empty() {
        let what = "'when' is missing here: 'picture', 'picture-undescribed' or kinds.";
        fields.reader.fault(fields.at(), what);
    }
    let unless = fields.texts("unless").unwrap_or_default();
    let unless = unless.into_iter().filter_map(|t| named(fields, t.is, t.at));
    let asked = Asked {
        attribute: id.map_or("", |id| id.is).into(),
        why: words(fields, "why"),
        when,
        unless: unless.collect(),
        account: fields.one_of("account", ACCOUNTS),
    };
    fields.finish();
    asked
}
