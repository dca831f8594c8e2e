//! Other people who are named in what is given: found by the names of those who are on record.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::item::{Content, Other, Part};
use super::whom::Whom;
use crate::people::folded;
use crate::store::{Query, Row, StoreError};
use crate::values;

/// So many are read at a time.
const AT_ONCE: i64 = 5_000;

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

/// Everybody whose name is known, some at a time; what they are, and whether they may be known by another name.
const ROLLS: [(&str, &str, bool); 3] = [
    (
        "SELECT id, given_name, family_name, known_as FROM person WHERE trust = $1 AND id > $2 AND erased_at IS NULL ORDER BY id LIMIT $3",
        "works here",
        true,
    ),
    (
        "SELECT id, given_name, family_name, known_as FROM pupil WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
        "a pupil",
        true,
    ),
    (
        "SELECT id, given_name, family_name FROM guardian WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
        "a parent or carer",
        false,
    ),
];

impl Roll {
    /// Reads the names of everybody but one.
    pub(super) async fn read(query: &mut impl Query, whom: &Whom) -> Result<Self, StoreError> {
        let own = whom.names().iter().map(|name| words(name)).collect();
        let mut roll = Self {
            names: BTreeMap::new(),
            families: BTreeMap::new(),
            own,
        };
        for (sql, what, has_known_as) in ROLLS {
            let mut after = String::new();
            loop {
                let rows = query.all(sql, values![&after, AT_ONCE]).await?;
                match roll.add(&rows, what, has_known_as, whom)? {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        Ok(roll)
    }

    fn add(
        &mut self,
        rows: &[Row],
        who: &'static str,
        known_as: bool,
        whom: &Whom,
    ) -> Result<Option<String>, StoreError> {
        let mut last = None;
        for row in rows {
            let id: String = row.get("id")?;
            if whom.id() != Some(id.as_str()) {
                let (given, family): (String, String) =
                    (row.get("given_name")?, row.get("family_name")?);
                let known: Option<String> = match known_as {
                    true => row.get("known_as")?,
                    false => None,
                };
                for given in known.iter().chain([&given]) {
                    self.names.insert(words(&format!("{given} {family}")), who);
                    self.names.insert(words(&format!("{family} {given}")), who);
                }
                self.families.insert(words(&family), who);
            }
            last = Some(id);
        }
        Ok(last)
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
