//! Hangs every line of the body where it belongs: sections, clauses, items.

mod address;
mod finish;
mod places;
mod prose;

pub(super) use address::slug;

use super::document::{ClauseKind, Node};
use super::furniture::FurnitureKind;
use super::headings;
use super::lines::{Line, Role, TextLine};
use super::numbering::{Marker, Path};

/// A section or clause while it is being put together. Parents come before their children.
#[derive(Debug)]
pub(super) struct Growing {
    pub(super) kind: GrowingKind,
    pub(super) marker: Option<Marker>,
    /// The full number, where one is printed.
    pub(super) path: Option<Path>,
    /// The words, paragraph by paragraph.
    pub(super) paragraphs: Vec<Vec<TextLine>>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    indent: usize,
    bullet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GrowingKind {
    Section { level: usize, states_rule: bool },
    Clause(ClauseKind),
}

impl Growing {
    fn new(kind: GrowingKind, line: &Line<'_>) -> Growing {
        Growing {
            kind,
            marker: line.marker.clone(),
            path: None,
            paragraphs: vec![vec![text_line(line)]],
            parent: None,
            children: Vec::new(),
            indent: line.indent,
            bullet: line.bullet,
        }
    }

    pub(super) fn is_section(&self) -> bool {
        matches!(self.kind, GrowingKind::Section { .. })
    }

    fn is_clause(&self, kind: ClauseKind) -> bool {
        self.kind == GrowingKind::Clause(kind)
    }

    /// The words of the last line.
    pub(super) fn last_words(&self) -> &str {
        self.paragraphs
            .iter()
            .flatten()
            .rev()
            .map(|line| line.text.as_str())
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn integer(&self) -> Option<u16> {
        self.marker.as_ref().and_then(Marker::integer)
    }
}

fn text_line(line: &Line<'_>) -> TextLine {
    TextLine {
        line: line.number,
        text: line.text.clone(),
    }
}

/// The deepest tree that is built. Deeper lists are flattened into their parents' siblings.
const DEEPEST: usize = 12;

/// A line that is part of the policy.
struct Part<'a> {
    line: &'a Line<'a>,
    role: Role,
    /// Whether a page ends between it and the part before.
    on_new_page: bool,
}

/// The sections and clauses of the body.
pub(super) fn build(lines: &[Line<'_>], roles: &[Role]) -> Vec<Node> {
    let parts = parts(lines, roles);
    let mut tree = Tree {
        nodes: Vec::new(),
        open: Vec::new(),
        wrapped: is_wrapped(&parts),
    };
    for (at, part) in parts.iter().enumerate() {
        let behind = parts.get(at + 1..).unwrap_or_default();
        match part.role {
            Role::Heading { level } => {
                let more = behind
                    .iter()
                    .take_while(|part| part.role == Role::HeadingGoesOn);
                tree.heading(part.line, level, more.map(|part| part.line));
            }
            Role::Body if part.line.marker.is_some() || part.line.bullet => tree.item(part.line),
            Role::Body => {
                let next = behind.first().filter(|next| next.role == Role::Body);
                tree.text(part.line, next.map(|next| next.line), part.on_new_page);
            }
            Role::HeadingGoesOn | Role::Control | Role::Furniture(_) => {}
        }
    }
    finish::nodes(&tree.nodes)
}

fn parts<'a>(lines: &'a [Line<'a>], roles: &[Role]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut on_new_page = false;
    for (line, role) in lines.iter().zip(roles.iter().copied()) {
        on_new_page |= line.page_before;
        match role {
            Role::Furniture(FurnitureKind::PageNumber | FurnitureKind::RunningHeader) => {
                on_new_page = true;
            }
            Role::Furniture(_) | Role::Control => {}
            Role::Body | Role::Heading { .. } | Role::HeadingGoesOn => {
                parts.push(Part {
                    line,
                    role,
                    on_new_page,
                });
                on_new_page = false;
            }
        }
    }
    parts
}

/// Whether paragraphs are broken into lines of about a page's width.
fn is_wrapped(parts: &[Part<'_>]) -> bool {
    const WIDEST: usize = 160;
    parts.iter().all(|part| part.line.raw.len() <= WIDEST)
}

struct Tree {
    nodes: Vec<Growing>,
    /// From the outermost open section to the clause that was last added to.
    open: Vec<usize>,
    wrapped: bool,
}

impl Tree {
    fn node(&self, depth: usize) -> Option<&Growing> {
        self.nodes.get(*self.open.get(depth)?)
    }

    fn top(&self) -> Option<&Growing> {
        self.node(self.open.len().checked_sub(1)?)
    }

    /// The depths of the open nodes, innermost first.
    fn inside_out(&self) -> impl Iterator<Item = (usize, &Growing)> {
        (0..self.open.len())
            .rev()
            .filter_map(|depth| Some((depth, self.node(depth)?)))
    }

    fn close_to(&mut self, depth: usize) {
        self.open.truncate(depth);
    }

    /// Closes all clauses, so that the section is innermost.
    fn close_clauses(&mut self) {
        let depth = self
            .inside_out()
            .find(|(_, node)| node.is_section())
            .map_or(0, |(depth, _)| depth + 1);
        self.close_to(depth);
    }

    /// The nearest full number around.
    fn path_around(&self) -> Option<Path> {
        self.inside_out().find_map(|(_, node)| node.path.clone())
    }

    fn add(&mut self, mut node: Growing) {
        let id = self.nodes.len();
        node.parent = self.open.last().copied();
        if let Some(parent) = node.parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(id);
        }
        self.nodes.push(node);
        self.open.push(id);
    }

    fn add_to_top(&mut self, line: &Line<'_>, new_paragraph: bool) {
        let top = self.open.last().and_then(|top| self.nodes.get_mut(*top));
        let Some(top) = top else { return };
        match top.paragraphs.last_mut().filter(|_| !new_paragraph) {
            Some(paragraph) => paragraph.push(text_line(line)),
            None => top.paragraphs.push(vec![text_line(line)]),
        }
    }

    fn heading<'a>(
        &mut self,
        line: &Line<'_>,
        level: usize,
        more: impl Iterator<Item = &'a Line<'a>>,
    ) {
        let stays = |node: &Growing| matches!(node.kind, GrowingKind::Section { level: outer, .. } if outer < level);
        let depth = self
            .inside_out()
            .find(|(_, node)| stays(node))
            .map_or(0, |(depth, _)| depth + 1);
        self.close_to(depth);
        let mut section = Growing::new(
            GrowingKind::Section {
                level,
                states_rule: false,
            },
            line,
        );
        section.path = line.marker.as_ref().map(Path::of);
        for line in more {
            section
                .paragraphs
                .iter_mut()
                .for_each(|paragraph| paragraph.push(text_line(line)));
        }
        let words: Vec<&str> = section
            .paragraphs
            .iter()
            .flatten()
            .map(|line| line.text.as_str())
            .collect();
        let states_rule = headings::states_rule(&words.join(" "));
        section.kind = GrowingKind::Section { level, states_rule };
        let paragraphs = section.paragraphs.clone();
        let path = section.path.clone();
        self.add(section);
        if states_rule {
            let mut rule = Growing::new(GrowingKind::Clause(ClauseKind::Heading), line);
            (rule.paragraphs, rule.path) = (paragraphs, path);
            self.add(rule);
            self.close_clauses();
        }
    }

    fn item(&mut self, line: &Line<'_>) {
        let Some(marker) = &line.marker else {
            return self.bullet(line);
        };
        let kind = if marker.is_decimal() {
            self.close_for_decimal(marker);
            ClauseKind::Numbered
        } else if let Some(number) = marker.integer() {
            self.close_for_integer(marker, number);
            ClauseKind::Numbered
        } else if let Some(letter) = marker.letter() {
            self.close_for_letter(marker, letter);
            ClauseKind::Lettered
        } else {
            self.close_clauses();
            ClauseKind::Numbered
        };
        self.close_to(DEEPEST - 1);
        let mut clause = Growing::new(GrowingKind::Clause(kind), line);
        clause.path = Some(if marker.is_decimal() {
            Path::of(marker)
        } else {
            self.path_around()
                .map_or_else(|| Path::of(marker), |path| path.with(marker))
        });
        self.add(clause);
    }

    fn bullet(&mut self, line: &Line<'_>) {
        self.close_for_bullet(line.indent);
        self.close_to(DEEPEST - 1);
        self.add(Growing::new(
            GrowingKind::Clause(ClauseKind::ListItem),
            line,
        ));
    }
}
