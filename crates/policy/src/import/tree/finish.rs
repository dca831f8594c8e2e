//! The finished tree: addresses, heading paths, sentences and their modality.

use super::address::{Addresses, address};
use super::{Growing, GrowingKind};
use crate::import::document::{Clause, Node, Section, Sentence};
use crate::import::lines::{announces_list, is_open, starts_lower_case};
use crate::import::modality::{self, Stem};
use crate::import::numbering::Path;
use crate::import::sentences;
use crate::policy_file::Modality;

/// What a node's children need to know of it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) address: String,
    /// Its headings and those around it.
    pub(super) headings: Vec<String>,
    /// Its number, or the nearest around it.
    pub(super) number: Option<String>,
    pub(super) stem: Option<Stem>,
    /// How many children without number it has had.
    pub(super) unnumbered: usize,
}

/// Turns the growing nodes, parents before children, into the finished tree.
pub(super) fn nodes(growing: Vec<Growing>) -> Vec<Node> {
    let mut addresses = Addresses::default();
    let mut known: Vec<Known> = Vec::with_capacity(growing.len());
    let mut at_root = Known {
        address: "opening".to_owned(),
        ..Known::default()
    };
    let mut finished: Vec<Option<Node>> = Vec::with_capacity(growing.len());
    for node in &growing {
        let around = match node.parent.and_then(|parent| known.get_mut(parent)) {
            Some(parent) => parent,
            None => &mut at_root,
        };
        let parent = node.parent.and_then(|parent| growing.get(parent));
        let has_items = has_items(node, &growing);
        let (node, own) = finish(node, parent, has_items, around, &mut addresses);
        finished.push(Some(node));
        known.push(own);
    }
    addresses.name_sentences(&growing, &mut finished);
    gather(&growing, finished)
}

/// Puts every node into its parent. Children come behind their parents, so the last go first.
fn gather(growing: &[Growing], mut finished: Vec<Option<Node>>) -> Vec<Node> {
    for (at, node) in growing.iter().enumerate().rev() {
        let children: Vec<Node> = node
            .children
            .iter()
            .filter_map(|child| finished.get_mut(*child).and_then(Option::take))
            .collect();
        match finished.get_mut(at) {
            Some(Some(Node::Section(section))) => section.content = children,
            Some(Some(Node::Clause(clause))) => {
                clause.clauses = children
                    .into_iter()
                    .filter_map(|child| match child {
                        Node::Clause(clause) => Some(clause),
                        Node::Section(_) => None,
                    })
                    .collect();
            }
            Some(None) | None => {}
        }
    }
    finished.into_iter().flatten().collect()
}

/// Whether a list stands under it, and not clauses with numbers of their own.
pub(super) fn has_items(node: &Growing, growing: &[Growing]) -> bool {
    let is_decimal = |child: &Growing| {
        child
            .marker
            .as_ref()
            .is_some_and(crate::import::numbering::Marker::is_decimal)
    };
    // A list is of one sort: its first item tells.
    let first = node.children.first().and_then(|child| growing.get(*child));
    first.is_some_and(|child| !is_decimal(child))
}

fn finish(
    node: &Growing,
    parent: Option<&Growing>,
    has_items: bool,
    around: &mut Known,
    addresses: &mut Addresses,
) -> (Node, Known) {
    let address = addresses.claim(&address(node, parent, around));
    let number = node
        .path
        .as_ref()
        .filter(|_| node.marker.is_some())
        .map(Path::cited);
    let mut own = Known {
        address: address.clone(),
        headings: around.headings.clone(),
        number: number.clone().or_else(|| around.number.clone()),
        ..Known::default()
    };
    let finished = match node.kind {
        GrowingKind::Section { states_rule, .. } => {
            let heading = words(node);
            own.headings.push(heading.clone());
            let lines = node
                .paragraphs
                .iter()
                .flatten()
                .map(|line| line.line)
                .collect();
            let content = Vec::new();
            Node::Section(Section {
                address,
                number,
                heading,
                lines,
                states_rule,
                content,
            })
        }
        GrowingKind::Clause(kind) => {
            let stem = opens_list(node, has_items);
            let sentences = sentences_of(node, around.stem);
            own.stem = sentences
                .iter()
                .rfind(|sentence| sentence.opens)
                .filter(|_| stem)
                .map(|sentence| Stem::new(&sentence.text, sentence.modality, around.stem));
            Node::Clause(Clause {
                address,
                marker: node.marker.as_ref().map(|marker| marker.printed.clone()),
                within: around.number.clone(),
                headings: around.headings.clone(),
                kind,
                stem,
                lines: node.paragraphs.iter().flatten().cloned().collect(),
                sentences: sentences.into_iter().map(Heard::into_sentence).collect(),
                clauses: Vec::new(),
                number,
            })
        }
    };
    (finished, own)
}

pub(super) fn words(node: &Growing) -> String {
    let texts: Vec<&str> = node
        .paragraphs
        .iter()
        .flatten()
        .map(|line| line.text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    texts.join(" ")
}

fn opens_list(node: &Growing, has_items: bool) -> bool {
    let opening = node
        .paragraphs
        .first()
        .and_then(|paragraph| paragraph.last());
    opening.is_some_and(|line| {
        line.text.ends_with(':')
            || (has_items && (announces_list(&line.text) || is_open(&line.text)))
    })
}

/// A sentence before it has its address.
struct Heard {
    line: usize,
    text: String,
    modality: Modality,
    /// Whether it stands before the list that its clause opens.
    opens: bool,
}

impl Heard {
    fn into_sentence(self) -> Sentence {
        Sentence {
            address: String::new(),
            line: self.line,
            modality: self.modality,
            text: self.text,
        }
    }
}

fn sentences_of(node: &Growing, stem: Option<Stem>) -> Vec<Heard> {
    let mut heard: Vec<Heard> = Vec::new();
    for (paragraph, lines) in node.paragraphs.iter().enumerate() {
        for spoken in sentences::of_paragraph(lines) {
            // Words behind the list that complete its sentence speak as its opening did.
            let completes = (paragraph > 0 && starts_lower_case(&spoken.text))
                .then(|| heard.iter().rfind(|sentence| sentence.opens))
                .flatten()
                .map(|opening| Stem::new(&opening.text, opening.modality, stem));
            let modality = modality::of_sentence(&spoken.text, completes.or(stem));
            heard.push(Heard {
                line: spoken.line,
                text: spoken.text,
                modality,
                opens: paragraph == 0,
            });
        }
    }
    heard
}
