//! Any text as a policy file, and as a vocabulary: it loads, or its faults are told with places inside it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy::policy_file::Policy;
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let source = Source::new("vocabulary.toml", include_str!("../../vocabulary.toml"));
    Vocabulary::load(source).expect("the project's own vocabulary loads")
});

fuzz_target!(|text: &str| {
    if let Err(faults) = Policy::load(Source::new("policy.toml", text), &VOCABULARY) {
        placed(text, &faults);
    }
    match Vocabulary::load(Source::new("vocabulary.toml", text)) {
        // Whatever loads as a vocabulary can also be read with.
        Ok(vocabulary) => {
            let reading = policy::language::read(&vocabulary, text);
            assert!(reading.given.completed(&vocabulary).is_ok());
        }
        Err(faults) => placed(text, &faults),
    }
});

fn placed(text: &str, faults: &Faults) {
    assert!(!faults.0.is_empty(), "a refusal names a fault");
    let lines = text.lines().count().max(1) + 1;
    for fault in &faults.0 {
        assert!(
            (1..=lines).contains(&fault.line) && fault.column >= 1,
            "{fault}"
        );
    }
}
