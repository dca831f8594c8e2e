//! Answers are checked once, and every fault is said.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;
use register::value::{self, Answers, Unknown};
use serde_json::json;

use crate::made::{LOAN, load};

fn answers(given: &[(&str, &str)]) -> Answers {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    given.collect()
}

fn checked(given: &Answers) -> Result<Answers, Vec<String>> {
    let register = load("registers/loan.toml", LOAN).unwrap();
    let checked = value::check(
        &register.fields,
        given,
        &BTreeMap::new(),
        date(2026, 11, 20),
        &Unknown,
    );
    checked.map_err(|faults| faults.into_iter().map(|fault| fault.field).collect())
}

#[test]
fn what_is_asked_hangs_on_what_was_answered() {
    let given = answers(&[
        ("thing", "camera"),
        ("which", "never asked"),
        ("until", " 2026-11-20 "),
    ]);
    assert_eq!(
        checked(&given).unwrap(),
        answers(&[("thing", "camera"), ("until", "2026-11-20")])
    );
    let missing = checked(&answers(&[("thing", "other")])).unwrap_err();
    assert_eq!(missing, ["which", "until"]);
}

#[test]
fn what_cannot_be_is_refused() {
    for (name, value) in [
        ("thing", "boat"),
        ("until", "2026-11-19"),
        ("until", "20 November"),
        ("until", "12026-01-01"),
    ] {
        let given = [("thing", "camera"), ("until", "2026-12-01")]
            .map(|(n, v)| (n, if n == name { value } else { v }));
        assert_eq!(checked(&answers(&given)).unwrap_err(), [name], "{value}");
    }
}

#[test]
fn json_names_what_is_misspelt() {
    let register = load("registers/loan.toml", LOAN).unwrap();
    let given = value::from_json(
        &register.fields,
        &json!({ "thing": "camera", "until": "2026-12-01" }),
    )
    .unwrap();
    assert_eq!(checked(&given).unwrap().len(), 2);
    let faults = value::from_json(
        &register.fields,
        &json!({ "thnig": 1, "until": { "a": 1 } }),
    )
    .unwrap_err();
    let says: Vec<&str> = faults.iter().map(|fault| fault.what.as_str()).collect();
    assert!(
        says.iter()
            .any(|says| says.contains("did you mean 'thing'?")),
        "{says:?}"
    );
    assert_eq!(faults.len(), 2);
}

proptest! {
    #[test]
    fn whatever_is_taken_is_taken_again_alike(thing in "\\PC{0,20}|camera|other", which in "\\PC{0,400}", until in "\\PC{0,12}|20[0-9]{2}-[01][0-9]-[0-3][0-9]") {
        let given = answers(&[("thing", &thing), ("which", &which), ("until", &until)]);
        if let Ok(taken) = checked(&given) {
            prop_assert_eq!(checked(&taken), Ok(taken));
        }
    }
}
