//! The finished tree: addresses, heading paths, sentences and their modality.

use super::address::{Addresses, address, printed};
use super::{Growing, GrowingKind};
use crate::import::document::{Clause, Node, Section, Sentence};
use crate::import::lines::{announces_list, is_open, starts_lower_case};
use crate::import::modality::{self, Stem};
use crate::import::numbering::Path;
use crate::import::sentences;

/// What a node's children need to know of it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) address: String,
    /// Its headings and those around it.
    pub(super) headings: Vec<String>,
    /// Its number, or the nearest around it.
    pub(super) number: Option<String>,
    pub(super) stem: Option<Stem>,
    /// How people see it named.
    pub(super) printed: String,
    /// How many children without number it has had.
    pub(super) unnumbered: usize,
    /// How many of them were paragraphs.
    pub(super) paragraphs: usize,
}

/// Turns the growing nodes, parents before children, into the finished tree.
pub(super) fn nodes(growing: &[Growing]) -> Vec<Node> {
    let mut addresses = Addresses::default();
    let mut known: Vec<Known> = Vec::with_capacity(growing.len());
    let mut at_root = Known {
        address: "opening".to_owned(),
        printed: "Opening".to_owned(),
        ..Known::default()
    };
    let mut finished: Vec<Option<Node>> = Vec::with_capacity(growing.len());
    for node in growing {
        let around = match node.parent.and_then(|parent| known.get_mut(parent)) {
            Some(parent) => parent,
            None => &mut at_root,
        };
        let parent = node.parent.and_then(|parent| growing.get(parent));
        let has_items = has_items(node, growing);
        let wanted = address(node, parent, growing, around);
        let address = addresses.claim(&wanted);
        let (node, own) = finish(node, address, has_items, around);
        finished.push(Some(node));
        known.push(own);
    }
    addresses.name_sentences(growing, &mut finished);
    gather(growing, finished)
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

fn finish(node: &Growing, address: String, has_items: bool, around: &mut Known) -> (Node, Known) {
    let number = node
        .path
        .as_ref()
        .filter(|_| node.marker.is_some())
        .map(Path::cited);
    let printed = printed(node, number.as_deref(), around);
    let mut own = Known {
        address: address.clone(),
        printed: printed.clone(),
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
            let (sentences, opening) = sentences_of(node, around.stem);
            own.stem = opening.filter(|_| stem);
            Node::Clause(Clause {
                address,
                printed,
                marker: node.marker.as_ref().map(|marker| marker.printed.clone()),
                within: around.number.clone(),
                headings: around.headings.clone(),
                kind,
                stem,
                lines: node.paragraphs.iter().flatten().cloned().collect(),
                sentences,
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
        announces_list(&line.text)
            || (has_items && (line.text.ends_with(';') || is_open(&line.text)))
    })
}

/// The sentences, still without addresses, and what those before the list hand to its items.
fn sentences_of(node: &Growing, around: Option<Stem>) -> (Vec<Sentence>, Option<Stem>) {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut opening = None;
    for (place, lines) in node.paragraphs.iter().enumerate() {
        for spoken in sentences::of_paragraph(lines) {
            // Words behind the list that complete its sentence speak as its opening did.
            let completes = opening.filter(|_| starts_lower_case(&spoken.text));
            let modality = modality::of_sentence(&spoken.text, completes.or(around));
            let address = String::new();
            sentences.push(Sentence {
                address,
                line: spoken.line,
                modality,
                text: spoken.text,
            });
        }
        if place == 0 {
            opening = sentences
                .last()
                .map(|last| Stem::new(&last.text, last.modality, around));
        }
    }
    (sentences, opening)
}
