//! Any text as a register: it loads, or its faults are told with places inside it; what loads can be opened.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy::source::Source;
use policy::vocabulary::Vocabulary;
use register::life::Rules;
use register::settings::Settings;
use register::{Names, Register};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let source = Source::new("vocabulary.toml", include_str!("../../vocabulary.toml"));
    Vocabulary::load(source).expect("the project's own vocabulary loads")
});

fuzz_target!(|text: &str| {
    let names = Names {
        roles: &["staff", "head", "senior-leader", "hr", "it"],
        vocabulary: &VOCABULARY,
        policies: &[],
    };
    match Register::load(Source::new("register.toml", text), &names) {
        Ok(register) => {
            let settings = Settings::of(&register, "", &BTreeMap::new());
            let rules = Rules {
                register: &register,
                settings: &settings,
            };
            assert!(rules.opened().is_some(), "what loads has a first state");
        }
        Err(faults) => {
            assert!(!faults.0.is_empty(), "a refusal names a fault");
            let lines = text.lines().count().max(1) + 1;
            for fault in &faults.0 {
                assert!((1..=lines).contains(&fault.line) && fault.column >= 1, "{fault}");
            }
        }
    }
});
