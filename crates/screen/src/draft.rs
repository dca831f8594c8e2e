//! What is screened: a post, a message or a profile before anybody else sees it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Under which account it would appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// A person's own.
    #[default]
    Personal,
    /// The school's.
    Official,
}

/// Who would see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Anybody.
    #[default]
    Public,
    /// Those who follow the account, or its friends.
    Followers,
    /// A closed group or chat.
    Group,
    /// One person or a few, privately.
    Direct,
}

/// A draft. Its parts are screened one by one and each finding names its part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// What it says.
    pub text: String,
    /// One for each picture or video: its description, empty where it has none.
    pub alts: Vec<String>,
    /// Addresses that are attached, beside those in the text.
    pub links: Vec<String>,
    /// The name under which the account appears, where it is known.
    pub handle: String,
    /// What the account's profile says, where it is known: a line about one's own views may stand there.
    pub profile: String,
    /// Whose account.
    pub account: Account,
    /// Who would see it.
    pub audience: Audience,
}

/// A part of a draft; numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The text.
    Text,
    /// A picture's description.
    Alt(usize),
    /// An attached address.
    Link(usize),
    /// The account's name.
    Handle,
    /// The account's profile.
    Profile,
}

impl Draft {
    /// A draft of nothing but text, on a personal account for everybody.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The words of a part; nothing where the draft has no such part.
    #[must_use]
    pub fn part(&self, part: Part) -> &str {
        let found = match part {
            Part::Text => Some(&self.text),
            Part::Alt(at) => self.alts.get(at),
            Part::Link(at) => self.links.get(at),
            Part::Handle => Some(&self.handle),
            Part::Profile => Some(&self.profile),
        };
        found.map_or("", String::as_str)
    }

    /// Every part that holds words, in the order in which a person reads them.
    pub fn parts(&self) -> impl Iterator<Item = (Part, &str)> {
        let alts = (0..self.alts.len()).map(Part::Alt);
        let links = (0..self.links.len()).map(Part::Link);
        let parts = [Part::Text].into_iter().chain(alts).chain(links);
        let parts = parts.chain([Part::Handle, Part::Profile]);
        parts
            .map(|part| (part, self.part(part)))
            .filter(|(_, words)| !words.is_empty())
    }
}

/// A span of bytes as a span of characters (Unicode scalar values).
#[must_use]
pub fn in_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    count(text, span, |c| usize::from(c.len_utf8() > 0))
}

/// A span of bytes as a span of UTF-16 units, which is how a browser counts.
#[must_use]
pub fn in_utf16(text: &str, span: &Range<usize>) -> Range<usize> {
    count(text, span, char::len_utf16)
}

fn count(text: &str, span: &Range<usize>, units: impl Fn(char) -> usize) -> Range<usize> {
    let before = |end: usize| {
        text.char_indices()
            .take_while(|(at, _)| *at < end)
            .map(|(_, c)| units(c))
            .sum()
    };
    before(span.start)..before(span.end)
}
