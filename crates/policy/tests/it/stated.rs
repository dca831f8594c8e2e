//! A situation's text read straight through gives what the careful way gives.

use policy::situation::{Given, GivenError, Stated};
use policy::vocabulary::{Attribute, Vocabulary};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

use crate::real;

fn carefully(vocabulary: &Vocabulary, text: &str) -> Result<Stated, GivenError> {
    let json =
        serde_json::from_str(text).map_err(|e| GivenError::NotJson { why: e.to_string() })?;
    let given = Given::from_json(vocabulary, &json)?;
    Ok(match given.situation(vocabulary) {
        None => Stated::Open(given),
        Some(situation) => Stated::Full {
            situation,
            assumed: given.assumed(vocabulary),
        },
    })
}

/// A value as somebody might give it: mostly right, sometimes a list, a wrong name or a wrong kind.
fn value(attribute: &Attribute) -> BoxedStrategy<Json> {
    let names: Vec<String> = attribute.values.iter().map(|v| v.id.clone()).collect();
    let one = select(names.clone()).prop_map(Json::from);
    let yes_no = any::<bool>().prop_map(Json::from);
    let several = prop::collection::vec(select(names), 0..3).prop_map(Json::from);
    let wrong = select(vec![json!("nonsense"), json!(1), json!(null), json!({})]);
    let yes_no_often = if attribute.is_yes_no() { 30 } else { 1 };
    prop_oneof![30 => one, yes_no_often => yes_no, 1 => several, 1 => wrong].boxed()
}

fn given(vocabulary: &Vocabulary) -> impl Strategy<Value = Json> + use<> {
    let attributes = vocabulary.attributes().to_vec();
    let pair = select(attributes).prop_flat_map(|attribute| {
        let value = value(&attribute);
        (Just(attribute.id), value)
    });
    let misspelt = (Just("akt".to_owned()), Just(json!("post")));
    let pair = prop_oneof![200 => pair, 1 => misspelt];
    prop::collection::vec(pair, 0..12).prop_map(|pairs| Json::Object(pairs.into_iter().collect()))
}

#[test]
fn reading_straight_through_is_reading_carefully() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    proptest!(|(given in given(vocabulary))| {
        for text in [given.to_string(), serde_json::to_string_pretty(&given).unwrap()] {
            prop_assert_eq!(Stated::read(vocabulary, &text), carefully(vocabulary, &text));
        }
    });
}

/// Nothing that is not JSON is taken for it, wherever a text is cut or changed.
#[test]
fn a_damaged_text_reads_alike() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    let byte = select(br#" "\\{}:,tfn0abc"#.to_vec());
    let damage = prop::collection::vec((any::<prop::sample::Index>(), byte), 1..3);
    proptest!(|(given in given(vocabulary), damage in damage, spread in any::<bool>(), cut in any::<bool>())| {
        let mut text = match spread {
            true => serde_json::to_string_pretty(&given),
            false => serde_json::to_string(&given),
        }.unwrap().into_bytes();
        for (at, byte) in damage {
            let at = at.index(text.len());
            if cut {
                text.truncate(at + 1);
            } else {
                text[at] = byte;
            }
        }
        let text = String::from_utf8(text).unwrap();
        prop_assert_eq!(Stated::read(vocabulary, &text), carefully(vocabulary, &text), "{}", text);
    });
}

#[test]
fn every_single_fact_reads_alike() {
    let library = real::library();
    let vocabulary = library.vocabulary();
    for attribute in vocabulary.attributes() {
        for value in &attribute.values {
            let pair = [(attribute.id.clone(), Json::from(value.id.clone()))];
            let text = Json::Object(Map::from_iter(pair)).to_string();
            assert_eq!(
                Stated::read(vocabulary, &text),
                carefully(vocabulary, &text),
                "{text}"
            );
        }
    }
}

#[test]
fn what_is_no_json_is_refused() {
    let library = real::library();
    for text in [
        "",
        "{",
        "{\"act\": \"post\"} {}",
        "{\"act\": \"post\",}",
        "act",
    ] {
        let found = Stated::read(library.vocabulary(), text);
        assert!(
            matches!(found, Err(GivenError::NotJson { .. })),
            "{text}: {found:?}"
        );
    }
    for text in ["[]", "\"act\"", "null"] {
        let found = Stated::read(library.vocabulary(), text);
        assert_eq!(found, Err(GivenError::NotAnObject), "{text}");
    }
}
