//! Where a line without number or bullet belongs.

use super::{Growing, GrowingKind, Tree};
use crate::import::document::ClauseKind;
use crate::import::lines::{Line, ends_in_joining_word, is_finished, is_open};

impl Tree {
    pub(super) fn text(&mut self, line: &Line<'_>, next: Option<&Line<'_>>, on_new_page: bool) {
        let Some(top) = self.top().filter(|top| !top.is_section()) else {
            return self.paragraph(line);
        };
        let words = top.last_words();
        if words.is_empty() {
            // A number alone on its line: here are its words.
            return self.add_to_top(line, false);
        }
        if self.is_unmarked_item(top, line, next) {
            return self.bullet(line);
        }
        let goes_on = if line.gap_before {
            is_open(words)
                && (on_new_page || line.starts_lower_case() || ends_in_joining_word(words))
                && !self.list_has_no_stops()
        } else {
            self.wrapped || !is_finished(words) || line.starts_lower_case()
        };
        if goes_on {
            return self.add_to_top(line, false);
        }
        let ends_list = line.gap_before && line.starts_lower_case();
        if let Some(depth) = self.clause_that_keeps_strays(ends_list) {
            self.close_to(depth + 1);
            return self.add_to_top(line, true);
        }
        self.paragraph(line);
    }

    fn paragraph(&mut self, line: &Line<'_>) {
        self.close_clauses();
        self.add(Growing::new(
            GrowingKind::Clause(ClauseKind::Paragraph),
            line,
        ));
    }

    /// An item of a list whose bullets were lost.
    fn is_unmarked_item(&self, top: &Growing, line: &Line<'_>, next: Option<&Line<'_>>) -> bool {
        const MOST_WORDS: usize = 10;
        const SHORTEST_FULL_LINE: usize = 55;
        let words = top.last_words();
        let after_stem = words.ends_with(':');
        // Behind an item with a bullet such a line is the rest of that item.
        let after_item = top.is_clause(ClauseKind::ListItem) && !top.bullet;
        if !(after_stem || after_item) {
            return false;
        }
        let ends_item =
            |text: &str| text.ends_with(';') || text.ends_with("; and") || text.ends_with("; or");
        let wraps = after_item
            && self.wrapped
            && !line.gap_before
            && line.starts_lower_case()
            && is_open(words)
            && !ends_item(words)
            && words.len() >= SHORTEST_FULL_LINE;
        if wraps {
            return false;
        }
        if ends_item(&line.text) || (after_item && ends_item(words)) {
            return true;
        }
        if after_stem && line.starts_lower_case() {
            return true;
        }
        let with_next = next.is_some_and(|next| !next.gap_before && next.is_plain());
        let next_goes_on = with_next && next.is_some_and(Line::starts_lower_case);
        let is_short = line.word_count() <= MOST_WORDS && !next_goes_on;
        if !line.starts_with_capital() {
            return false;
        }
        if line.gap_before {
            // Where every paragraph is one line, lines that stand together are a list.
            return after_stem && !self.wrapped && with_next && !next_goes_on;
        }
        is_short || !self.wrapped
    }

    /// In a list without full stops an item that ends without one is complete.
    fn list_has_no_stops(&self) -> bool {
        let Some(top) = self.top() else { return false };
        let is_item = top.is_clause(ClauseKind::ListItem) || top.is_clause(ClauseKind::Lettered);
        let Some(parent) = top.parent.and_then(|parent| self.nodes.get(parent)) else {
            return false;
        };
        // Only the two before matter; looking at all would make long lists slow.
        let mut earlier = parent.children.iter().rev().skip(1).take(2).peekable();
        is_item
            && earlier.peek().is_some()
            && earlier.filter_map(|id| self.nodes.get(*id)).all(|sibling| {
                let words = sibling.last_words();
                is_open(words) && !words.ends_with(',')
            })
    }

    /// A line without number behind a numbered clause belongs to that clause. What completes a
    /// list's sentence belongs to the clause that opened the list.
    fn clause_that_keeps_strays(&self, ends_list: bool) -> Option<usize> {
        let own_number = |depth: usize, node: &Growing| {
            let in_section = depth
                .checked_sub(1)
                .and_then(|outer| self.node(outer))
                .is_none_or(Growing::is_section);
            let marker = node.marker.as_ref();
            marker.is_some_and(|marker| {
                marker.is_decimal() || (marker.integer().is_some() && in_section)
            })
        };
        let is_stem = |node: &Growing| ends_list && !node.is_section() && !node.children.is_empty();
        self.inside_out()
            .take_while(|(_, node)| !node.is_section())
            .find(|(depth, node)| own_number(*depth, node) || is_stem(node))
            .map(|(depth, _)| depth)
    }
}
