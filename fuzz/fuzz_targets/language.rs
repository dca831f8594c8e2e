//! Any text as what a person writes into the box: what is understood of it can be, and stands in it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy::language::Reader;
use policy::source::Source;
use policy::vocabulary::Vocabulary;

static READER: LazyLock<(Vocabulary, Reader)> = LazyLock::new(|| {
    let source = Source::new("vocabulary.toml", include_str!("../../vocabulary.toml"));
    let vocabulary = Vocabulary::load(source).expect("the project's own vocabulary loads");
    let reader = Reader::new(&vocabulary);
    (vocabulary, reader)
});

fuzz_target!(|text: &str| {
    let (vocabulary, reader) = &*READER;
    let reading = reader.read(vocabulary, text);
    assert!(reading.given.completed(vocabulary).is_ok());
    for fact in &reading.facts {
        assert!(text.contains(&fact.words));
    }
});
