//! Reads a whole policy file.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use toml::de::DeValue;

use crate::fields::{Fields, Reader, Text};
use crate::situation::Given;
use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;

use super::clause::clause;
use super::rule::STANDINGS;
use super::{Clause, ClauseIndex, Example, NATIONS, Policy, control, is_under};

pub(super) fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Policy, Faults> {
    let reader = Reader::new(source);
    let parsed = reader.parse();
    let policy = parsed.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        let policy = read(&fields, vocabulary, source);
        fields.finish();
        policy
    });
    reader.finish(policy)
}

fn read(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary, source: Source<'_>) -> Policy {
    let text = |key| {
        fields
            .required(key)
            .map(|t| t.is.to_owned())
            .unwrap_or_default()
    };
    let kinds = [("school", "school"), ("trust", "trust"), ("model", "model")];
    let nations = NATIONS.map(|n| (n, n));
    let mut policy = Policy {
        id: text("id"),
        title: text("title"),
        organisation: text("organisation"),
        short: text("short"),
        kind: fields.one_of("kind", &kinds).unwrap_or("school").to_owned(),
        nation: fields
            .one_of("nation", &nations)
            .unwrap_or("england")
            .to_owned(),
        facts: fields
            .tables("fact")
            .iter()
            .filter_map(control::fact)
            .collect(),
        cites: fields
            .tables("cites")
            .iter()
            .filter_map(control::citation)
            .collect(),
        linked: fields
            .tables("linked")
            .iter()
            .filter_map(control::linked)
            .collect(),
        contacts: fields
            .tables("contact")
            .iter()
            .filter_map(|f| control::contact(f, vocabulary))
            .collect(),
        clauses: Vec::new(),
        examples: Vec::new(),
        hash: hash(source.text),
    };
    let tables = fields.tables("clause");
    policy.clauses = tables.iter().map(|f| clause(f, vocabulary)).collect();
    let by_reference = index(fields, &tables, &policy.clauses);
    lifts(&tables, &mut policy.clauses);
    policy.examples = fields
        .tables("example")
        .iter()
        .filter_map(|f| example(f, vocabulary))
        .collect();
    for key in ["fact", "cites", "linked", "contact"] {
        for table in fields.tables(key) {
            check_reference(&table, &by_reference, "clause");
        }
    }
    for expect in fields
        .tables("example")
        .iter()
        .flat_map(|t| t.tables("expect"))
    {
        for name in expect.texts("clauses").unwrap_or_default() {
            named(&expect, &policy.clauses, &name);
        }
    }
    policy
}

fn index(
    fields: &Fields<'_, '_, '_>,
    tables: &[Fields<'_, '_, '_>],
    clauses: &[Clause],
) -> HashMap<String, ClauseIndex> {
    let mut by_reference = HashMap::new();
    for (position, (clause, table)) in clauses.iter().zip(tables).enumerate() {
        if by_reference
            .insert(clause.reference.clone(), position)
            .is_some()
        {
            let at = table.text("ref").map_or(table.at(), |t| t.at);
            fields
                .reader
                .fault(at, format!("There are two clauses '{}'.", clause.reference));
        }
    }
    by_reference
}

fn check_reference(
    fields: &Fields<'_, '_, '_>,
    known: &HashMap<String, ClauseIndex>,
    key: &'static str,
) {
    let Some(name) = fields.text(key) else { return };
    if !known.contains_key(name.is) {
        let what = format!("There is no clause '{}'.", name.is);
        fields
            .reader
            .unknown(name.at, what, name.is, known.keys().map(String::as_str));
    }
}

/// The clauses that a reference or the head of one names; a fault where there is none.
fn named(fields: &Fields<'_, '_, '_>, clauses: &[Clause], name: &Text<'_>) -> Vec<ClauseIndex> {
    let found = clauses
        .iter()
        .enumerate()
        .filter(|(_, c)| is_under(&c.reference, name.is));
    let found: Vec<ClauseIndex> = found.map(|(i, _)| i).collect();
    if found.is_empty() {
        let known = clauses.iter().map(|c| c.reference.as_str());
        let what = format!("There is no clause '{}'.", name.is);
        fields.reader.unknown(name.at.clone(), what, name.is, known);
    }
    found
}

/// Resolves the lifts of every rule and refuses cycles.
fn lifts(tables: &[Fields<'_, '_, '_>], clauses: &mut [Clause]) {
    let mut lifted: Vec<Vec<ClauseIndex>> = Vec::new();
    for (position, table) in tables.iter().enumerate() {
        let mut all = Vec::new();
        for (number, rule) in table.tables("rule").iter().enumerate() {
            let names = rule.texts("lifts").unwrap_or_default();
            let found: Vec<ClauseIndex> = names
                .iter()
                .flat_map(|name| named(rule, clauses, name))
                .collect();
            all.extend(found.iter().copied());
            if let Some(rule) = clauses
                .get_mut(position)
                .and_then(|c| c.rules.get_mut(number))
            {
                rule.lifts = found;
            }
        }
        lifted.push(all);
    }
    for (position, table) in tables.iter().enumerate() {
        if reaches(&lifted, position, position, &mut vec![false; lifted.len()]) {
            let name = clauses.get(position).map_or("", |c| c.reference.as_str());
            table.reader.fault(
                table.at(),
                format!("The lifts of clause '{name}' come back to itself."),
            );
        }
    }
}

fn reaches(
    lifted: &[Vec<ClauseIndex>],
    from: ClauseIndex,
    goal: ClauseIndex,
    seen: &mut [bool],
) -> bool {
    lifted.get(from).into_iter().flatten().any(|next| {
        let fresh = seen
            .get_mut(*next)
            .is_some_and(|s| !std::mem::replace(s, true));
        *next == goal || (fresh && reaches(lifted, *next, goal, seen))
    })
}

fn example(fields: &Fields<'_, '_, '_>, vocabulary: &Vocabulary) -> Option<Example> {
    let name = fields.required("name");
    let given = fields
        .value("given")
        .map(|v| (to_json(v.get_ref()), v.span()));
    if let Some((given, at)) = &given {
        if let Err(error) = Given::from_json(vocabulary, given) {
            fields
                .reader
                .fault(at.clone(), format!("This is no situation: {error}."));
        }
    } else {
        fields
            .reader
            .fault(fields.at(), "'given' is missing here: the situation.");
    }
    let expect = fields.tables("expect");
    let texts = |key| {
        let found = expect
            .first()
            .and_then(|e| e.texts(key))
            .unwrap_or_default();
        found.iter().map(|t| t.is.to_owned()).collect()
    };
    let standings: Vec<_> = STANDINGS
        .iter()
        .copied()
        .chain([("silent", super::Standing::Silent)])
        .collect();
    let example = Example {
        name: name?.is.to_owned(),
        given: given?.0,
        standing: expect
            .first()
            .and_then(|e| e.one_of("standing", &standings)),
        headline: texts("headline"),
        clauses: texts("clauses"),
        line: fields.line(),
    };
    expect.iter().for_each(Fields::finish);
    fields.finish();
    Some(example)
}

fn to_json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::Boolean(yes) => Json::Bool(*yes),
        DeValue::Array(items) => items.iter().map(|i| to_json(i.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = table
                .iter()
                .map(|(k, v)| (k.get_ref().to_string(), to_json(v.get_ref())));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        other => other.as_str().map_or(Json::Null, Json::from),
    }
}

fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
