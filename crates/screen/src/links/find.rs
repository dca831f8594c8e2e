//! Where links and e-mail addresses stand.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

/// The finder's time grows with the square of what stands between two spaces, so a longer run is read piece by piece.
const LONGEST: usize = 2048;

pub(crate) fn find(raw: &str, kind: LinkKind) -> Vec<Range<usize>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[kind]).url_must_have_scheme(false);
    let mut found = Vec::new();
    for (start, run) in runs(raw) {
        let links = finder.links(run);
        found.extend(links.map(|link| start + link.start()..start + link.end()));
    }
    found
}

/// What stands between spaces, with its place, in pieces of bounded length.
fn runs(raw: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = raw.get(at..)?.trim_start();
        let start = raw.len() - rest.len();
        let space = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let length = if space > LONGEST {
            rest.floor_char_boundary(LONGEST)
        } else {
            space
        };
        at = start + length;
        rest.get(..length)
            .filter(|run| !run.is_empty())
            .map(|run| (start, run))
    })
}

#[cfg(test)]
mod tests {
    use linkify::LinkKind;

    use super::find;

    #[test]
    fn links_are_found_at_their_place() {
        let text = "See bbc.co.uk and https://example.org/a, ok";
        let found = find(text, LinkKind::Url);
        let words: Vec<&str> = found
            .iter()
            .filter_map(|span| text.get(span.clone()))
            .collect();
        assert_eq!(words, ["bbc.co.uk", "https://example.org/a"]);
    }
}
