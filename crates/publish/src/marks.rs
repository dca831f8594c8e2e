//! Where addresses, mentions and tags stand in a text, in bytes.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

/// The longest tag that Bluesky takes, in characters; its bytes are bounded by ten times that.
const TAG: usize = 64;

/// Something in a text that a platform makes into a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// An address with its scheme.
    Link {
        range: Range<usize>,
        address: String,
    },
    /// `@name.example` or `@name@server.example`.
    Mention {
        range: Range<usize>,
        name: String,
        server: Option<String>,
    },
    /// `#Tag`, without the `#`.
    Tag { range: Range<usize>, tag: String },
}

impl Mark {
    pub(crate) fn range(&self) -> &Range<usize> {
        match self {
            Self::Link { range, .. } | Self::Mention { range, .. } | Self::Tag { range, .. } => {
                range
            }
        }
    }
}

/// All of them, in their order; none lies in another.
pub(crate) fn marks(text: &str) -> Vec<Mark> {
    let mut found = links(text);
    let free = |range: &Range<usize>, links: &[Mark]| {
        let apart =
            |mark: &Mark| range.end <= mark.range().start || mark.range().end <= range.start;
        links.iter().all(apart)
    };
    let words: Vec<_> = words(text)
        .filter_map(|(start, word)| mention(start, word).or_else(|| tag(start, word)))
        .filter(|mark| free(mark.range(), &found))
        .collect();
    found.extend(words);
    found.sort_by_key(|mark| mark.range().start);
    found
}

fn links(text: &str) -> Vec<Mark> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let web = |address: &str| address.starts_with("http://") || address.starts_with("https://");
    finder
        .links(text)
        .filter(|link| web(link.as_str()))
        .map(|link| Mark::Link {
            range: link.start()..link.end(),
            address: link.as_str().to_owned(),
        })
        .collect()
}

/// Where a mention or a tag may begin, and the rest of its word: at the beginning, after a space or an opening bracket.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begins = |before: &str| {
        before
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '‘' | '\''))
    };
    text.char_indices()
        .filter(|(_, c)| matches!(c, '@' | '#' | '＃'))
        .filter(move |(start, _)| text.get(..*start).is_some_and(begins))
        .filter_map(|(start, _)| {
            let rest = text.get(start..)?;
            Some((start, rest.split(char::is_whitespace).next()?))
        })
}

fn mention(start: usize, word: &str) -> Option<Mark> {
    let handle = word.strip_prefix('@')?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let until = |text: &str| {
        let end = text.find(|c| !of_name(c)).unwrap_or(text.len());
        text.get(..end)
            .unwrap_or_default()
            .trim_end_matches(['.', '-'])
            .to_owned()
    };
    let name = until(handle);
    let server = handle
        .get(name.len()..)
        .and_then(|rest| rest.strip_prefix('@'))
        .map(until)
        .filter(|server| server.contains('.'));
    if name.is_empty() {
        return None;
    }
    let length = 1 + name.len() + server.as_ref().map_or(0, |server| 1 + server.len());
    Some(Mark::Mention {
        range: start..start + length,
        name,
        server,
    })
}

fn tag(start: usize, word: &str) -> Option<Mark> {
    let sign = word.chars().next()?.len_utf8();
    let named = word.get(sign..)?;
    let end = named
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(named.len());
    let tag = named.get(..end)?;
    let says = tag.chars().any(|c| !c.is_numeric() && c != '_');
    (says && tag.chars().count() <= TAG).then(|| Mark::Tag {
        range: start..start + sign + tag.len(),
        tag: tag.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        let marks = marks(text);
        marks
            .iter()
            .filter_map(|mark| text.get(mark.range().clone()))
            .collect()
    }

    #[test]
    fn they_are_found_where_people_write_them() {
        let text = "Café (see https://school.example/a_(b)) with @head.school.example, \
                    @choir@music.example. #YearSix! #2026 a#b mail@school.example ＃été";
        assert_eq!(
            shown(text),
            [
                "https://school.example/a_(b)",
                "@head.school.example",
                "@choir@music.example",
                "#YearSix",
                "＃été",
            ]
        );
    }

    #[test]
    fn nothing_in_an_address_is_a_tag() {
        assert_eq!(
            shown("https://a.example/#Part (#Part)"),
            ["https://a.example/#Part", "#Part"]
        );
    }

    proptest! {
        #[test]
        fn every_mark_is_a_piece_of_the_text(text in "[@#a-z.é👍 ():/＃\u{301}]{0,60}") {
            let mut end = 0;
            for mark in marks(&text) {
                prop_assert!(mark.range().start >= end);
                prop_assert!(text.get(mark.range().clone()).is_some());
                end = mark.range().end;
            }
        }
    }
}
