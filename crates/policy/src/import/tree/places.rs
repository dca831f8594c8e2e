//! Where a numbered, lettered or bulleted line hangs.

use super::{Growing, GrowingKind, Tree};
use crate::import::document::ClauseKind;
use crate::import::lines::{announces_list, is_finished};
use crate::import::numbering::{Marker, Path, follows, is_first};

impl Tree {
    /// 8.3.1 goes under 8.3, or under 8, wherever it is open.
    pub(super) fn close_for_decimal(&mut self, marker: &Marker) {
        let is_under = |path: &Path| {
            path.tail.is_empty()
                && marker.numbers.starts_with(&path.numbers)
                && (path.numbers.len() < marker.numbers.len() || !marker.letters.is_empty())
        };
        let parent = self
            .inside_out()
            .find(|(_, node)| node.path.as_ref().is_some_and(is_under))
            .map(|(depth, _)| depth);
        if let Some(mut depth) = parent {
            // A heading without number between 8 and 8.3 keeps 8.3.
            let unnumbered = |node: &Growing| node.is_section() && node.path.is_none();
            while self.node(depth + 1).is_some_and(unnumbered) {
                depth += 1;
            }
            return self.close_to(depth + 1);
        }
        self.close_clauses();
        // 6.1 behind section 5: the heading of section 6 is missing. Any other stray stays here.
        let first = marker.numbers.first().copied().unwrap_or_default();
        let is_section_before = |node: &Growing| {
            node.path
                .as_ref()
                .and_then(|path| path.numbers.first())
                .is_some_and(|number| number + 1 == first)
        };
        while self.top().is_some_and(is_section_before) {
            self.open.pop();
        }
    }

    pub(super) fn close_for_integer(&mut self, marker: &Marker, number: u16) {
        let same_style = |node: &Growing| {
            node.marker
                .as_ref()
                .is_some_and(|own| own.matches_style(marker))
        };
        let next = self
            .inside_out()
            .find(|(_, node)| {
                same_style(node) && node.integer().is_some_and(|own| own + 1 == number)
            })
            .map(|(depth, _)| depth);
        if let Some(depth) = next {
            return self.close_to(depth);
        }
        let opens_list = self
            .top()
            .is_some_and(|top| !top.is_section() && opens_list(top));
        if opens_list {
            return;
        }
        let sibling = self
            .inside_out()
            .find(|(_, node)| !node.is_section() && same_style(node) && node.integer().is_some())
            .map(|(depth, _)| depth);
        match sibling {
            Some(depth) => self.close_to(depth),
            None => self.close_clauses(),
        }
    }

    pub(super) fn close_for_letter(&mut self, marker: &Marker, letter: &str) {
        let in_list = |node: &Growing| {
            !node.is_section()
                && node
                    .marker
                    .as_ref()
                    .is_some_and(|own| own.letter().is_some() && own.matches_style(marker))
        };
        let comes_before = |node: &Growing| {
            in_list(node)
                && node
                    .marker
                    .as_ref()
                    .and_then(Marker::letter)
                    .is_some_and(|own| follows(own, letter))
        };
        let depth_of = |found: Option<(usize, &Growing)>| found.map(|(depth, _)| depth);
        let before = depth_of(self.inside_out().find(|(_, node)| comes_before(node)));
        let sibling = || depth_of(self.inside_out().find(|(_, node)| in_list(node)));
        match before.or_else(|| if is_first(letter) { None } else { sibling() }) {
            Some(depth) => self.close_to(depth),
            None => self.close_to_list_parent(),
        }
    }

    /// A new list belongs to the line that announces it, or else to the nearest clause that is no
    /// list item.
    fn close_to_list_parent(&mut self) {
        while let Some(top) = self.top() {
            let is_item =
                top.is_clause(ClauseKind::ListItem) || top.is_clause(ClauseKind::Lettered);
            if !is_item || opens_list(top) {
                return;
            }
            self.open.pop();
        }
    }

    pub(super) fn close_for_bullet(&mut self, indent: usize) {
        while let Some(top) = self.top() {
            let stays = match top.kind {
                GrowingKind::Clause(ClauseKind::ListItem) => {
                    let opens_list = top.last_words().ends_with(':') && indent > top.indent;
                    opens_list || indent >= top.indent + 2
                }
                // A finished paragraph announces no list: the items stand beside it.
                GrowingKind::Clause(ClauseKind::Paragraph) => !is_finished(top.last_words()),
                GrowingKind::Clause(_) | GrowingKind::Section { .. } => true,
            };
            if stays {
                return;
            }
            let own_indent = top.indent;
            let was_item = top.is_clause(ClauseKind::ListItem);
            self.open.pop();
            if was_item && indent + 1 >= own_indent {
                return;
            }
        }
    }
}

/// Whether a clause announces a list. A semicolon does so too, but not where it only ends an item.
fn opens_list(node: &Growing) -> bool {
    let is_item = node.is_clause(ClauseKind::ListItem) || node.is_clause(ClauseKind::Lettered);
    let words = node.last_words();
    announces_list(words) || (!is_item && words.ends_with(';'))
}
