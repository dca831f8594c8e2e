//! The OpenAPI document: that it is one, that it describes every route and no other, and that its
//! schemas hold for what the router really answers.

use crate::web::problem::Kind;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value as Json, json};

use super::{Answer, get, post, site};
use crate::api::{ENDPOINTS, openapi};

/// The OpenAPI Initiative's own schema of OpenAPI 3.1 documents (Apache License 2.0).
const OPENAPI_SCHEMA: &str = include_str!("openapi-3.1.schema.json");

pub(super) fn document() -> Json {
    serde_json::from_str(openapi::DOCUMENT).unwrap()
}

/// Validators by their schema: each takes long enough to make.
static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Each operation of the document by method and path.
fn operations(document: &Json) -> BTreeMap<(String, String), Json> {
    let paths = document["paths"].as_object().unwrap();
    let operation = |(path, item): (&String, &Json)| {
        let methods = item.as_object().unwrap().clone().into_iter();
        let path = path.clone();
        methods.map(move |(method, operation)| ((method.to_uppercase(), path.clone()), operation))
    };
    paths.iter().flat_map(operation).collect()
}

/// A schema of the document that stands alone and takes no field that it does not describe: an
/// answer may not say more than the document tells.
pub(super) fn validator(document: &Json, schema: &Json) -> Arc<Validator> {
    let mut made = MADE.lock().unwrap();
    let made = made.entry(schema.to_string());
    Arc::clone(made.or_insert_with(|| Arc::new(make(document, schema))))
}

fn make(document: &Json, schema: &Json) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    close(&mut whole);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap()
}

fn close(schema: &mut Json) {
    match schema {
        Json::Object(keys) => {
            let described = keys.get("properties").is_some_and(Json::is_object);
            keys.values_mut().for_each(close);
            if described {
                keys.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Json::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn assert_fits(validator: &Validator, what: &str, json: &Json) {
    let faults: Vec<String> = validator
        .iter_errors(json)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

/// The document's part for an answer: its status must be among those of the operation.
fn described<'d>(document: &'d Json, operation: &'d Json, answer: &Answer) -> &'d Json {
    let response = &operation["responses"][answer.status.to_string()];
    let name = response["$ref"]
        .as_str()
        .map(|name| name.trim_start_matches('#'));
    let response = name.map_or(Some(response), |name| document.pointer(name));
    let content = response.and_then(|r| r["content"].get(answer.media_type.as_str()));
    content.unwrap_or_else(|| panic!("{} {}: undescribed", answer.status, answer.media_type))
}

/// Holds an answer to what the document says of it.
pub(super) fn assert_described(document: &Json, method: &str, path: &str, answer: &Answer) {
    let operation = &document["paths"][path][method.to_lowercase()];
    let content = described(document, operation, answer);
    let validator = validator(document, &content["schema"]);
    let what = format!("{method} {path} {}", answer.status);
    assert_fits(&validator, &what, &answer.json());
}

#[test]
fn the_document_is_openapi_3_1() {
    let document = document();
    let rules: Json = serde_json::from_str(OPENAPI_SCHEMA).unwrap();
    let rules = jsonschema::options().build(&rules).unwrap();
    assert_fits(&rules, "the document", &document);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name} is no schema");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_part_is_used() {
    fn references<'j>(json: &'j Json, found: &mut BTreeSet<&'j str>) {
        match json {
            Json::Object(keys) => {
                found.extend(keys.get("$ref").and_then(Json::as_str));
                keys.values().for_each(|value| references(value, found));
            }
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let part = document.pointer(reference.trim_start_matches('#'));
        assert!(part.is_some(), "{reference}");
    }
    for part in ["schemas", "responses"] {
        for name in document["components"][part].as_object().unwrap().keys() {
            let reference = format!("#/components/{part}/{name}");
            assert!(
                found.contains(reference.as_str()),
                "{reference} is not used"
            );
        }
    }
}

#[test]
fn the_document_describes_every_endpoint_and_no_other() {
    let operations = operations(&document());
    let described: BTreeSet<(&str, &str, &str)> = operations
        .iter()
        .map(|((method, path), o)| {
            (
                method.as_str(),
                path.as_str(),
                o["summary"].as_str().unwrap(),
            )
        })
        .collect();
    let routed = ENDPOINTS.iter().map(|e| (e.method, e.path, e.says));
    assert_eq!(described, routed.collect());
    let ids: BTreeSet<&str> = operations
        .values()
        .map(|o| o["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations.len(), "an operationId stands twice");
}

#[tokio::test]
async fn every_address_takes_its_own_methods_alone() {
    let (document, site) = (document(), site());
    let operations = operations(&document);
    let paths: BTreeSet<&String> = operations.keys().map(|(_, path)| path).collect();
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let request = axum::http::Request::builder().method(method);
            let request = request.uri(path.replace("{id}", "yes").replace("{step}", "end"));
            let answer = super::send(&site, request.body(axum::body::Body::empty()).unwrap()).await;
            let known = operations.contains_key(&(method.to_owned(), path.clone()));
            assert_eq!(answer.status == 405, !known, "{method} {path}");
            assert_ne!(answer.status, 404, "{method} {path}");
            if !known {
                let own = operations.keys().find(|(_, p)| p == path).unwrap();
                let operation = &operations[own];
                described(&document, operation, &answer);
            }
        }
    }
}

#[tokio::test]
async fn the_page_links_what_a_browser_can_open() {
    let (site, page) = (site(), get(&site(), "/api").await);
    assert_eq!(page.status, 200);
    for endpoint in &ENDPOINTS {
        let shown = endpoint.path.replace('/', "&#x2f;");
        assert!(page.text.contains(&shown), "{}", endpoint.path);
        let opened = get(&site, endpoint.path).await.status == 200;
        assert_eq!(endpoint.opens, opened, "{}", endpoint.path);
    }
}

#[tokio::test]
async fn what_is_read_is_as_described() {
    let (document, site) = (document(), site());
    for (path, of) in [
        ("/api/v1/policies", "/api/v1/policies"),
        ("/api/v1/vocabulary", "/api/v1/vocabulary"),
        ("/api/v1/openapi.json", "/api/v1/openapi.json"),
        ("/api/v1/policies/nobody", "/api/v1/policies/{id}"),
    ] {
        assert_described(&document, "GET", of, &get(&site, path).await);
    }
    let policies = get(&site, "/api/v1/policies").await.json();
    for policy in policies["policies"].as_array().unwrap() {
        let path = format!("/api/v1/policies/{}", policy["id"].as_str().unwrap());
        let answer = get(&site, &path).await;
        assert_eq!(answer.status, 200);
        assert_described(&document, "GET", "/api/v1/policies/{id}", &answer);
    }
}

/// Every example fits its schema; the example of a request can be sent, and an answer of the same
/// name shows the same decision.
#[tokio::test]
async fn every_example_is_true() {
    let (document, site) = (document(), site());
    for ((method, path), operation) in operations(&document) {
        let what = format!("{method} {path}");
        let content = &operation["requestBody"]["content"]["application/json"];
        let requests = content["examples"].as_object();
        for (name, example) in requests.into_iter().flatten() {
            let what = format!("{what} {name}");
            let body = &example["value"];
            assert_fits(&validator(&document, &content["schema"]), &what, body);
            let answer = post(&site, &path, body.to_string()).await;
            assert_eq!(answer.status, 200, "{what}: {}", answer.text);
            assert_described(&document, &method, &path, &answer);
            let shown = &operation["responses"]["200"]["content"]["application/json"]["examples"];
            if let Some(shown) = shown[name].get("value") {
                for field in ["standing", "headline", "decided_by", "known", "question"] {
                    assert_eq!(answer.json()[field], shown[field], "{what} {field}");
                }
            }
        }
        let answers = &operation["responses"]["200"]["content"]["application/json"];
        let named = answers["examples"].as_object();
        let named = named.into_iter().flatten().map(|(_, e)| &e["value"]);
        for example in named.chain(answers.get("example")) {
            assert_fits(&validator(&document, &answers["schema"]), &what, example);
        }
    }
    for (name, response) in document["components"]["responses"].as_object().unwrap() {
        let content = &response["content"]["application/problem+json"];
        let validator = validator(&document, &content["schema"]);
        assert_fits(&validator, name, &content["example"]);
    }
}

#[test]
fn every_kind_of_problem_is_described_in_its_own_words() {
    let document = document();
    let responses = document["components"]["responses"].as_object().unwrap();
    // Only a browser is asked to sign in again, and only links are over; that the database does not answer is said
    // with the same status as that it took too long.
    let of_changes = [Kind::SignInAgain, Kind::Gone, Kind::Unavailable];
    for kind in Kind::ALL.into_iter().filter(|k| !of_changes.contains(k)) {
        let facts = kind.facts();
        let described = responses
            .values()
            .map(|r| &r["content"]["application/problem+json"]["example"])
            .find(|example| example["type"] == format!("/problems#{}", facts.slug))
            .unwrap_or_else(|| panic!("{} is not described", facts.slug));
        assert_eq!(described["status"], facts.status);
        assert_eq!(described["title"], facts.title);
        assert_eq!(described["what_to_do"], facts.what_to_do);
    }
}
