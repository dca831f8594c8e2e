use policy::source::Source;
use screen::{Kind, Lists};

use crate::school::{LISTS, VOCABULARY, files};

#[test]
fn every_kind_means_something() {
    for kind in Kind::ALL {
        let told = LISTS.told(*kind);
        assert!(!told.facts.is_empty(), "{}", kind.id());
        for words in [&told.label, &told.why, &told.mend] {
            assert!(!words.is_empty(), "{}", kind.id());
        }
    }
}

/// The faults of the project's lists after `from` became `to` in one of them.
fn faults(file: &str, from: &str, to: &str) -> String {
    let mut files = files();
    let (_, text) = files
        .iter_mut()
        .find(|(name, _)| name.ends_with(file))
        .expect(file);
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, text)| Source::new(name, text))
        .collect();
    let faults = Lists::load(&sources, &VOCABULARY).expect_err("a fault");
    faults.to_string()
}

#[test]
fn a_misspelt_kind_is_named_with_its_place_and_the_nearest() {
    let said = faults("kinds.toml", "\"pupil-full-name\"", "\"pupil-fullname\"");
    assert!(said.contains("screening/kinds.toml:"), "{said}");
    assert!(
        said.contains("'pupil-fullname' is no kind of finding. Did you mean 'pupil-full-name'?"),
        "{said}"
    );
    assert!(
        said.contains("The kind 'pupil-full-name' is missing."),
        "{said}"
    );
}

#[test]
fn a_misspelt_fact_is_refused() {
    let said = faults("kinds.toml", "full_name = true", "ful_name = true");
    assert!(
        said.contains(
            "'ful_name' is not an attribute of the vocabulary. Did you mean 'full_name'?"
        ),
        "{said}"
    );
}

#[test]
fn a_famous_name_of_one_word_is_refused() {
    let said = faults("names.toml", "\"William Shakespeare\"", "\"Shakespeare\"");
    assert!(said.contains("two to four words"), "{said}");
}
