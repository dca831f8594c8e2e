//! Names for clauses and sentences that no other of the document has.

use std::collections::HashMap;

use super::finish::{Known, has_items, words};
use super::{Growing, GrowingKind};
use crate::import::document::{ClauseKind, Node};

/// The name of a node: its number, or its place under its parent.
pub(super) fn address(
    node: &Growing,
    parent: Option<&Growing>,
    growing: &[Growing],
    around: &mut Known,
) -> String {
    let under = |part: &str| format!("{}.{part}", around.address);
    match (&node.marker, &node.path, node.kind) {
        (_, _, GrowingKind::Clause(ClauseKind::Heading)) => return under("heading"),
        (Some(marker), Some(path), kind) => {
            let is_section = matches!(kind, GrowingKind::Section { .. });
            let has_number_around = parent.is_some() && around.number.is_some();
            let stands_alone = is_section || marker.is_decimal() || has_number_around;
            let own = path.address();
            return if stands_alone || parent.is_none() {
                own
            } else {
                under(&own)
            };
        }
        (_, _, GrowingKind::Section { .. }) => {
            let slug = Some(slug(&words(node))).filter(|slug| !slug.is_empty());
            let slug = slug.unwrap_or_else(|| "section".to_owned());
            return if around.number.is_some() {
                under(&slug)
            } else {
                slug
            };
        }
        _ => {}
    }
    around.unnumbered += 1;
    let place = around.unnumbered;
    let in_numbered_section =
        parent.is_some_and(|parent| parent.is_section() && parent.path.is_some());
    match node.kind {
        GrowingKind::Clause(ClauseKind::Paragraph) if in_numbered_section => {
            // Paragraphs stand before the section's numbered clauses, or there are none.
            let last = parent.and_then(|parent| growing.get(*parent.children.last()?));
            let introduces = last.is_some_and(|last| last.marker.is_some());
            under(&if introduces {
                "intro".to_owned()
            } else {
                format!("p{place}")
            })
        }
        _ => format!("{}.{}", around.address, alternate(&around.address, place)),
    }
}

/// What people see: the number, or the place under the heading in words. To be asked behind
/// [`address`], which counts the places.
pub(super) fn printed(node: &Growing, number: Option<&str>, around: &mut Known) -> String {
    let under = |part: &str| format!("{}, {part}", around.printed);
    let is_whole = |number: &str| {
        let is_figure = number.starts_with(|c: char| c.is_ascii_digit());
        is_figure && (around.number.is_some() || number.contains('.'))
    };
    match (number, node.kind) {
        (Some(number), GrowingKind::Section { .. }) => number.to_owned(),
        (Some(number), GrowingKind::Clause(ClauseKind::Heading)) => number.to_owned(),
        (Some(number), _) if is_whole(number) => number.to_owned(),
        (Some(_), _) => under(node.marker.as_ref().map_or("", |marker| marker.bare())),
        (None, GrowingKind::Section { .. }) => as_words(&words(node)),
        (None, GrowingKind::Clause(ClauseKind::Heading)) => around.printed.clone(),
        (None, GrowingKind::Clause(ClauseKind::Paragraph)) => {
            around.paragraphs += 1;
            format!("{}, para {}", around.printed, around.paragraphs)
        }
        (None, GrowingKind::Clause(_)) => under(&format!(
            "point {}",
            around.unnumbered.saturating_sub(around.paragraphs)
        )),
    }
}

/// A heading in capitals as words: 'USE AT WORK' to 'Use at work'.
fn as_words(heading: &str) -> String {
    if heading.chars().any(char::is_lowercase) {
        return heading.to_owned();
    }
    let mut letters = heading.chars();
    letters
        .next()
        .into_iter()
        .chain(letters.flat_map(char::to_lowercase))
        .collect()
}

/// Figures and letters take turns: 'scope.2' has items 'scope.2.a', and 6.3(a) has '6.3.a.1'.
fn alternate(address: &str, place: usize) -> String {
    let last = address.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        letters(place)
    } else {
        place.to_string()
    }
}

/// 1 to 'a', 26 to 'z', 27 to 'aa'.
pub(super) fn letters(mut place: usize) -> String {
    let mut letters = Vec::new();
    while place > 0 {
        let rest = u8::try_from((place - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'a' + rest));
        place = (place - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A heading as part of an address: 'Use of social media' to 'use-of-social-media'.
pub(in crate::import) fn slug(heading: &str) -> String {
    const LONGEST: usize = 40;
    let mut slug = String::new();
    for word in heading.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’') {
        let word: String = word
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        if word.is_empty() {
            continue;
        }
        if !slug.is_empty() {
            if slug.len() + word.len() >= LONGEST {
                break;
            }
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST));
    }
    slug
}

/// Gives every address once.
pub(super) struct Addresses {
    taken: HashMap<String, usize>,
}

impl Default for Addresses {
    /// The facts about the document have their own ('control.1').
    fn default() -> Addresses {
        Addresses {
            taken: HashMap::from([("control".to_owned(), 1)]),
        }
    }
}

impl Addresses {
    /// The address, or where it is taken the next that is free: '8.3-2'.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let mut times = self.taken.get(wanted).copied().unwrap_or(0) + 1;
        let mut address = if times == 1 {
            wanted.to_owned()
        } else {
            format!("{wanted}-{times}")
        };
        while times > 1 && self.taken.contains_key(&address) {
            times += 1;
            address = format!("{wanted}-{times}");
        }
        self.taken.insert(wanted.to_owned(), times);
        self.taken.entry(address.clone()).or_insert(1);
        address
    }

    /// One sentence has its clause's address; more have letters behind it. Where the clause's items
    /// could have those letters, the sentences are the list's stem.
    pub(super) fn name_sentences(&mut self, growing: &[Growing], finished: &mut [Option<Node>]) {
        for (own, node) in growing.iter().zip(finished) {
            let Some(Node::Clause(clause)) = node else {
                continue;
            };
            let over_items = clause.stem || has_items(own, growing);
            let base = if over_items {
                format!("{}.stem", clause.address)
            } else {
                clause.address.clone()
            };
            let one = clause.sentences.len() == 1;
            for (place, sentence) in clause.sentences.iter_mut().enumerate() {
                sentence.address = if one && !over_items {
                    base.clone()
                } else if one {
                    self.claim(&base)
                } else {
                    self.claim(&format!("{base}.{}", letters(place + 1)))
                };
            }
        }
    }
}
