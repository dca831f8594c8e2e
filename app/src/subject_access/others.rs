//! Other people who are named in what is given: found by the names of those who are on record.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::item::{Content, Other, Part};
use super::whom::Whom;
use crate::people::{self, RollName, folded};
use crate::pupils;
use crate::store::{Query, StoreError};

/// So many are read at a time.
const AT_ONCE: u32 = 5_000;

/// Everybody else on record, by their names as they are compared.
pub(super) struct Roll {
    /// Whole names, in two words or more; and family names, for where one follows a title.
    names: BTreeMap<String, &'static str>,
    families: BTreeMap<String, &'static str>,
    own: BTreeSet<String>,
}

/// Words before a family name.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "sir",
    "prof",
    "professor",
    "rev",
];

/// The rolls that names are read from.
#[derive(Clone, Copy)]
enum Of {
    Staff,
    Pupils,
    Guardians,
}

impl Of {
    const fn says(self) -> &'static str {
        match self {
            Self::Staff => "works here",
            Self::Pupils => "a pupil",
            Self::Guardians => "a parent or carer",
        }
    }
}

impl Roll {
    /// Reads the names of everybody but one.
    pub(super) async fn read(query: &mut impl Query, whom: &Whom) -> Result<Self, StoreError> {
        let own = whom.names().iter().map(|name| words(name)).collect();
        let mut roll = Self {
            names: BTreeMap::new(),
            families: BTreeMap::new(),
            own,
        };
        for of in [Of::Staff, Of::Pupils, Of::Guardians] {
            let mut after = String::new();
            loop {
                let names = match of {
                    Of::Staff => people::names_after(query, &after, AT_ONCE).await?,
                    Of::Pupils => pupils::names_after(query, &after, AT_ONCE).await?,
                    Of::Guardians => pupils::guardian_names_after(query, &after, AT_ONCE).await?,
                };
                match names.last() {
                    Some(last) => after.clone_from(&last.id),
                    None => break,
                }
                let others = names
                    .iter()
                    .filter(|name| whom.id() != Some(name.id.as_str()));
                others.for_each(|name| roll.add(name, of.says()));
            }
        }
        Ok(roll)
    }

    fn add(&mut self, name: &RollName, who: &'static str) {
        let family = &name.family;
        for given in name.known_as.iter().chain([&name.given]) {
            self.names.insert(words(&format!("{given} {family}")), who);
            self.names.insert(words(&format!("{family} {given}")), who);
        }
        self.families.insert(words(family), who);
    }

    /// The content with everybody else who is named in it: those whom it knows already, and those who are found.
    pub(super) fn marked(&self, mut content: Content, known: &[String]) -> Content {
        plain(&mut content);
        let mut others: BTreeSet<Other> = BTreeSet::new();
        for name in known {
            let name: String = name.nfc().collect();
            let who = self.names.get(&words(&name)).copied().unwrap_or_default();
            if !self.is_own(&name) && !name.trim().is_empty() {
                others.insert(Other {
                    who: who.to_owned(),
                    name,
                });
            }
        }
        let parts = content.parts.iter();
        let texts = parts.flat_map(|part| [part.label.as_str(), part.text.as_str()]);
        for text in texts.chain([content.title.as_str()]) {
            self.find(text, &mut others);
        }
        content.others = others.into_iter().collect();
        content
    }

    fn is_own(&self, name: &str) -> bool {
        self.own.contains(&words(name))
    }

    /// Names of two to four words, and family names after a title.
    fn find(&self, text: &str, others: &mut BTreeSet<Other>) {
        let spans = spans(text);
        for (place, (start, _)) in spans.iter().enumerate() {
            for length in 2..=4 {
                let Some((_, end)) = spans.get(place + length - 1) else {
                    break;
                };
                let Some(written) = text.get(*start..*end) else {
                    continue;
                };
                let key = words(written);
                let who = self.names.get(&key).or_else(|| {
                    let (title, family) = key.split_once(' ')?;
                    let titled = TITLES.contains(&title);
                    titled.then(|| self.families.get(family)).flatten()
                });
                if let Some(who) = who.filter(|_| !self.own.contains(&key)) {
                    others.insert(Other {
                        name: written.split_whitespace().collect::<Vec<_>>().join(" "),
                        who: (*who).to_owned(),
                    });
                }
            }
        }
    }
}

/// Where the words of a text stand, in bytes.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        let inside = letter.is_alphanumeric() || letter == '\'' || letter == '’';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    spans.extend(start.map(|from| (from, text.len())));
    spans
}

/// A name as it is compared: lower case, without accents, its words with one space between them.
fn words(name: &str) -> String {
    let folded = folded(name);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Letters in one form, so that what is marked is found as it is written.
fn plain(content: &mut Content) {
    content.title = content.title.nfc().collect();
    for Part { label, text } in &mut content.parts {
        *label = label.nfc().collect();
        *text = text.nfc().collect();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::Roll;
    use crate::subject_access::item::{Content, Part};

    #[test]
    fn others_are_found_as_they_are_written_and_oneself_is_not() {
        let roll = Roll {
            names: BTreeMap::from([
                ("omar khan".to_owned(), "works here"),
                ("mia o neill".to_owned(), "a pupil"),
                ("ada okafor".to_owned(), "works here"),
            ]),
            families: BTreeMap::from([("khan".to_owned(), "works here")]),
            own: BTreeSet::from(["ada okafor".to_owned()]),
        };
        let text =
            "Ada Okafor met Omar\nKhan, and Mia O'Neill; later Mr Khan. Khan alone is not enough.";
        let content = Content::of("x", vec![Part::new("a", text)]);
        let marked = roll.marked(
            content,
            &["Kate Adeyemi".to_owned(), "Ada Okafor".to_owned()],
        );
        let names: Vec<&str> = marked
            .others
            .iter()
            .map(|other| other.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["Kate Adeyemi", "Mia O'Neill", "Mr Khan", "Omar Khan"]
        );
    }
}
