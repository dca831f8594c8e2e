//! `/audit/events/{event}`: one event with what it changed, old and new side by side.

use axum::extract::State;
use axum::response::Html;
use data_encoding::BASE64;
use serde::Serialize;
use serde_json::Value as Json;

use super::events::{self, in_words};
use super::of_case::{self, Sight};
use super::page::nobody;
use crate::authority::{Action, Permit};
use crate::ledger::{self, Content, Reading};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `audit/event.html`.
#[derive(Serialize)]
pub(crate) struct EventPage {
    number: i64,
    what: String,
    at: String,
    who: String,
    role: Option<&'static str>,
    record_kind: String,
    record: String,
    /// The query string that finds all events of the record.
    history: String,
    leaf: String,
    erased: bool,
    /// Whether it is about a case that whoever looks does not see.
    kept: bool,
    fields: Vec<Field>,
}

/// A field of the record.
#[derive(Debug, Eq, PartialEq, Serialize)]
struct Field {
    name: String,
    before: Option<String>,
    after: Option<String>,
    changed: bool,
}

impl Page for EventPage {
    const TEMPLATE: &'static str = "audit/event.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |erased, fields| Self {
            number: 3,
            what: "Person changed".to_owned(),
            at: "20 November 2026 at 3:04pm".to_owned(),
            who: "Kate Adeyemi".to_owned(),
            role: Some("Trust administrator"),
            record_kind: "Person".to_owned(),
            record: "01j".to_owned(),
            history: "record_kind=person&record=01j".to_owned(),
            leaf: "8tuSbGKdVOYzM1Y3XPGIjY2Do4qMGHG6vCFsQfJcBMI=".to_owned(),
            erased,
            kept: false,
            fields,
        };
        let field = |changed| Field {
            name: "Known as".to_owned(),
            before: Some("Kate".to_owned()),
            after: None,
            changed,
        };
        vec![
            page(false, vec![field(true), field(false)]),
            page(false, Vec::new()),
            page(true, Vec::new()),
            Self {
                kept: true,
                ..page(false, Vec::new())
            },
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(number): Path<i64>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let actor = permit.actor();
    let mut reader = store.read(&actor.trust);
    let none = || {
        Problem::new(Kind::NotFound).detail(format!(
            "There is no event {number} in the log for you to see."
        ))
    };
    let row = events::find(&mut reader, number).await?;
    let row = row.ok_or_else(none)?;
    let listed = events::listed(&row)?;
    let record = (listed.record_kind.as_str(), listed.record.as_str());
    if !Sight::of(store, actor).shows(&mut reader, record).await? {
        return Err(none());
    }
    // Entered before anything is shown.
    let reading = Reading {
        kind: "event.read",
        record_kind: "event",
        record: &number.to_string(),
    };
    ledger::read(store, actor, Some(Action::ReadAudit), reading).await?;
    let content = ledger::open_content(&mut reader, store, &actor.trust, &row).await?;
    let shown = of_case::may_be_shown(&mut reader, store, actor, record).await?;
    let zone = app.clock().zoned().time_zone().clone();
    let asked = super::filter::Asked {
        record_kind: listed.record_kind.clone(),
        record: listed.record.clone(),
        ..Default::default()
    };
    let leaf: Vec<u8> = row.get("leaf")?;
    // A person by the name they have today: who was erased has none.
    let named = content.as_ref().map(|content| content.name.clone());
    let named = named.filter(|name| listed.person.is_none() && !name.is_empty());
    let who = listed.name.or(listed.person).or(named);
    app.render(&EventPage {
        number,
        what: in_words(&listed.kind),
        at: moment(listed.at, &zone),
        who: who.unwrap_or_else(nobody),
        role: content
            .as_ref()
            .and_then(|content| content.role)
            .map(crate::authority::Role::label),
        record_kind: in_words(&listed.record_kind),
        record: listed.record,
        history: asked.query(None),
        leaf: BASE64.encode(&leaf),
        erased: listed.erased,
        kept: !shown,
        fields: content.filter(|_| shown).map(fields).unwrap_or_default(),
    })
}

/// Every field that is there before or after, in the order of the record.
fn fields(content: Content) -> Vec<Field> {
    let flat = |state: Option<Json>| {
        let mut flat = Vec::new();
        if let Some(state) = state {
            flatten("", &state, &mut flat);
        }
        flat
    };
    let (before, after) = (flat(content.before), flat(content.after));
    let (was_there, is_there) = (!before.is_empty(), !after.is_empty());
    let mut names: Vec<&String> = after.iter().map(|(name, _)| name).collect();
    names.extend(
        before
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !after.iter().any(|(other, _)| &other == name)),
    );
    let value = |state: &[(String, String)], name: &String| {
        let found = state.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.clone())
    };
    names
        .into_iter()
        .map(|name| {
            let (before, after) = (value(&before, name), value(&after, name));
            Field {
                name: in_words(name),
                // Of a record that is new or gone, every field would be marked: that tells nothing.
                changed: was_there && is_there && before != after,
                before,
                after,
            }
        })
        .collect()
}

/// The fields of a state, each with the names above it before its own.
pub(super) fn flatten(name: &str, value: &Json, flat: &mut Vec<(String, String)>) {
    let within = |part: &str| match name {
        "" => part.to_owned(),
        name => format!("{name}, {part}"),
    };
    match value {
        Json::Null => {}
        Json::Object(fields) => {
            for (part, value) in fields {
                flatten(&within(part), value, flat);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&within(&(index + 1).to_string()), value, flat);
            }
        }
        Json::String(text) => flat.push((name.to_owned(), text.clone())),
        Json::Bool(yes) => flat.push((name.to_owned(), if *yes { "yes" } else { "no" }.to_owned())),
        Json::Number(number) => flat.push((name.to_owned(), number.to_string())),
    }
}
