//! The JSON Schema (2020-12) of the answers to some fields, so that a program knows what it may send before it does.

use register::value::{LONGEST_LINE, LONGEST_TEXT};
use register::{ChoiceValue, Condition, Field, FieldKind};
use serde_json::{Map, Value as Json, json};

/// The schema of an object with one member for each field.
pub(crate) fn of_fields(fields: &[Field]) -> Json {
    let properties: Map<String, Json> = fields
        .iter()
        .map(|field| (field.id.clone(), of(field)))
        .collect();
    let always = fields
        .iter()
        .filter(|field| field.required && field.when.is_empty());
    let required: Vec<&str> = always.map(|field| field.id.as_str()).collect();
    let sometimes = fields
        .iter()
        .filter(|field| field.required && !field.when.is_empty());
    let conditions: Vec<Json> = sometimes.map(required_when).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if let (false, Some(schema)) = (conditions.is_empty(), schema.as_object_mut()) {
        schema.insert("allOf".to_owned(), Json::Array(conditions));
    }
    schema
}

/// That a field is required where its conditions hold.
fn required_when(field: &Field) -> Json {
    let holds = |condition: &Condition| {
        let mut values: Vec<Json> = condition.is.iter().map(|it| json!(it)).collect();
        values.extend(
            condition
                .is
                .iter()
                .filter_map(|value| match value.as_str() {
                    "yes" => Some(json!(true)),
                    "no" => Some(json!(false)),
                    _ => None,
                }),
        );
        let one = json!({ "enum": values });
        json!({
            "required": [&condition.field],
            "properties": { &condition.field: { "anyOf": [one, { "type": "array", "contains": one }] } },
        })
    };
    let all: Vec<Json> = field.when.iter().map(holds).collect();
    json!({ "if": { "allOf": all }, "then": { "required": [&field.id] } })
}

fn of(field: &Field) -> Json {
    let mut schema = match &field.kind {
        FieldKind::LongText => json!({ "type": "string", "maxLength": LONGEST_TEXT }),
        FieldKind::Choice(values) => one_of(values),
        FieldKind::Choices(values) => {
            json!({ "type": "array", "items": one_of(values), "uniqueItems": true })
        }
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
            json!({ "type": "string", "format": "date" })
        }
        FieldKind::Moment => {
            json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}" })
        }
        FieldKind::Number => {
            json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^[0-9,]+$" }] })
        }
        FieldKind::YesNo => json!({ "enum": ["yes", "no", true, false] }),
        FieldKind::Evidence => json!({ "type": "array", "items": { "type": "string" } }),
        FieldKind::Text
        | FieldKind::Person
        | FieldKind::Pupil
        | FieldKind::School
        | FieldKind::Platform
        | FieldKind::Account
        | FieldKind::Case(_) => json!({ "type": "string", "maxLength": LONGEST_LINE }),
    };
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!(field.label));
        let mut says = field.question.clone();
        let named = match field.kind {
            FieldKind::Person => Some("The identifier of a person."),
            FieldKind::Pupil => Some("The identifier of a pupil."),
            FieldKind::School => Some("The identifier of a school."),
            FieldKind::Case(_) => Some("The reference of a case."),
            FieldKind::Evidence => {
                Some("Files are added on the site; here stand their identifiers.")
            }
            _ => None,
        };
        for more in field.help.as_deref().into_iter().chain(named) {
            says.push(' ');
            says.push_str(more);
        }
        object.insert("description".to_owned(), json!(says));
    }
    schema
}

fn one_of(values: &[ChoiceValue]) -> Json {
    let values: Vec<Json> = values
        .iter()
        .map(|value| json!({ "const": value.id, "title": value.says }))
        .collect();
    json!({ "oneOf": values })
}
