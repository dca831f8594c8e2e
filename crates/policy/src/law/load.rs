//! Reads `law.toml`.

use crate::fields::{Fields, Reader};
use crate::policy_file::{FactDate, NATIONS};
use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;
use crate::when::read_cubes;

use super::{Confidence, Edition, Helpline, Law, Requirement};

const CONFIDENCES: &[(&str, Confidence)] = &[
    ("primary", Confidence::Primary),
    ("secondary", Confidence::Secondary),
    ("unverified", Confidence::Unverified),
];

pub(super) fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Law, Faults> {
    let reader = Reader::new(source);
    let parsed = reader.parse();
    let law = parsed.as_ref().and_then(|table| {
        let fields = Fields::new(&reader, table);
        let law = read(&fields, vocabulary);
        fields.finish();
        law
    });
    reader.finish(law)
}

fn read(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Law> {
    let gathered = date(fields, "gathered", true);
    let contacts = fields.tables("contact");
    let helplines: Vec<Helpline> = contacts.iter().filter_map(helpline).collect();
    let laws = fields.tables("law");
    let requirements = laws
        .iter()
        .filter_map(|f| requirement(f, &helplines, vocabulary))
        .collect();
    let editions = fields.tables("edition");
    let editions = editions.iter().filter_map(edition).collect();
    once(&contacts);
    once(&laws);
    Some(Law {
        gathered: gathered?,
        requirements,
        editions,
    })
}

/// Refuses two tables of one name.
fn once(tables: &[Fields<'_, '_, '_>]) {
    let mut seen = Vec::new();
    for id in tables.iter().filter_map(|t| t.text("id").map(|id| (t, id))) {
        let (table, id) = id;
        if seen.contains(&id.is) {
            let what = format!("There are two called '{}'.", id.is);
            table.reader.fault(id.at.clone(), what);
        }
        seen.push(id.is);
    }
}

fn requirement(
    fields: &Fields<'_, '_, '_>,
    helplines: &[Helpline],
    vocabulary: &Vocabulary,
) -> Option<Requirement> {
    let text = |key| fields.required(key).map(|t| t.is.to_owned());
    let (id, title, says, source) = (text("id"), text("title"), text("says"), text("source"));
    let (dated, expected) = (date(fields, "dated", true), date(fields, "expected", false));
    let confidence = confidence(fields);
    let nations = nations(fields);
    let contacts = contacts(fields, helplines);
    let cubes = read_cubes(fields, vocabulary);
    fields.finish();
    Some(Requirement {
        id: id?,
        title: title?,
        says: says?,
        source: source?,
        dated: dated?,
        expected,
        confidence: confidence?,
        nations,
        contacts,
        cubes,
    })
}

fn edition(fields: &Fields<'_, '_, '_>) -> Option<Edition> {
    let text = |key| fields.required(key).map(|t| t.is.to_owned());
    let (work, title, edition) = (text("work"), text("title"), text("edition"));
    let in_force = date(fields, "in_force", true);
    let confidence = confidence(fields);
    fields.finish();
    Some(Edition {
        work: work?,
        title: title?,
        edition: edition?,
        in_force: in_force?.first,
        confidence: confidence?,
    })
}

fn helpline(fields: &Fields<'_, '_, '_>) -> Option<Helpline> {
    let optional = |key| fields.text(key).map(|t| t.is.to_owned());
    let (id, name) = (fields.required("id"), fields.required("name"));
    let (matter, hours) = (optional("for"), optional("hours"));
    let (phone, site) = (optional("phone"), optional("site"));
    let confidence = confidence(fields);
    fields.finish();
    if phone.is_none() && site.is_none() {
        let what = "Nobody can be reached here: give 'phone', 'site' or both.";
        fields.reader.fault(fields.at(), what);
    }
    Some(Helpline {
        id: id?.is.to_owned(),
        name: name?.is.to_owned(),
        matter,
        phone,
        hours,
        site,
        confidence: confidence?,
    })
}

fn confidence(fields: &Fields<'_, '_, '_>) -> Option<Confidence> {
    fields.required("confidence")?;
    fields.one_of("confidence", CONFIDENCES)
}

fn date(fields: &Fields<'_, '_, '_>, key: &'static str, needed: bool) -> Option<FactDate> {
    let text = if needed {
        fields.required(key)
    } else {
        fields.text(key)
    }?;
    let date = FactDate::read(text.is);
    if date.is_none() {
        let what = format!("'{key}' is a date: 2024, 2024-09 or 2024-09-30.");
        fields.reader.fault(text.at, what);
    }
    date
}

fn nations(fields: &Fields<'_, '_, '_>) -> Vec<String> {
    let names = fields.texts("nations").unwrap_or_default();
    if names.is_empty() {
        let what = "'nations' is missing here: where it holds.";
        fields.reader.fault(fields.at(), what);
    }
    for name in names.iter().filter(|n| !NATIONS.contains(&n.is)) {
        let what = format!("'{}' is not a nation.", name.is);
        fields
            .reader
            .unknown(name.at.clone(), what, name.is, NATIONS);
    }
    names.iter().map(|n| n.is.to_owned()).collect()
}

fn contacts(fields: &Fields<'_, '_, '_>, helplines: &[Helpline]) -> Vec<Helpline> {
    let names = fields.texts("contacts").unwrap_or_default();
    let find = |name: &crate::fields::Text<'_>| {
        let found = helplines.iter().find(|h| h.id == name.is).cloned();
        if found.is_none() {
            let what = format!("There is no contact '{}'.", name.is);
            let known = helplines.iter().map(|h| h.id.as_str());
            fields.reader.unknown(name.at.clone(), what, name.is, known);
        }
        found
    };
    names.iter().filter_map(find).collect()
}
