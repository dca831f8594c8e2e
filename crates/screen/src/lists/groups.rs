//! Reads `words.toml`: groups of words that phrases name, such as `{school}`.

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};
use rustc_hash::FxHashMap;

use super::kinds::version;
use crate::text::pieces;

/// Groups of words by name, each word as it is compared.
pub(super) type Groups = FxHashMap<String, Vec<String>>;

pub(super) fn load(source: Source<'_>) -> Result<Groups, Faults> {
    let reader = Reader::new(source);
    let table = reader.parse();
    let groups = table.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        version(&fields);
        let mut groups = Groups::default();
        for group in fields.tables("group") {
            let words = group.texts("words").unwrap_or_default();
            let found: Vec<String> = words
                .iter()
                .flat_map(|text| text.is.split_whitespace().map(move |word| (word, text)))
                .flat_map(|(word, text)| with_forms(&group, word, text.at.clone(), &groups))
                .collect();
            if found.is_empty() {
                let what = "'words' is missing here: the words of the group.";
                group.reader.fault(group.at(), what);
            }
            if let Some(id) = group.required("id") {
                groups.insert(id.is.to_owned(), found);
            }
            group.finish();
        }
        fields.finish();
        groups
    });
    reader.finish(groups)
}

/// A word; with its forms where `~` follows; the words of another group where it is `{name}`.
fn with_forms(
    group: &Fields<'_, '_, '_>,
    word: &str,
    at: std::ops::Range<usize>,
    groups: &Groups,
) -> Vec<String> {
    if let Some(name) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
        let other = groups.get(name);
        if other.is_none() {
            let what = format!("'{name}' is no group above this one.");
            let known = groups.keys().map(String::as_str);
            group.reader.unknown(at, what, name, known);
        }
        return other.cloned().unwrap_or_default();
    }
    forms(word)
}

/// The words that a word of a pattern stands for: `~` adds the endings that English verbs and nouns have.
pub(super) fn forms(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix('~') else {
        return vec![pieces(word).concat()];
    };
    let stem = pieces(stem).concat();
    let mut forms = vec![stem.clone()];
    let ending = |end: &str| format!("{stem}{end}");
    match stem.strip_suffix('e') {
        Some(short) => {
            forms.extend([ending("s"), ending("d"), ending("r"), ending("rs")]);
            forms.push(format!("{short}ing"));
        }
        None => forms.extend(["s", "es", "ed", "er", "ers", "ing"].map(ending)),
    }
    if let Some(short) = stem.strip_suffix('y') {
        forms.extend([format!("{short}ies"), format!("{short}ied")]);
    }
    if let Some(last) = stem.chars().last().filter(|c| "bdglmnprt".contains(*c)) {
        forms.extend(["ed", "ing", "er"].map(|end| format!("{stem}{last}{end}")));
    }
    forms
}
