//! Web addresses and the patterns that they fit: `example.com/@{id}/{n}`.

use super::Handle;

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A brace that nothing answers, or one with no plain word inside.
    #[error("write what differs as a word in braces, such as {{id}}")]
    Braces,
    /// Nothing tells where the first one ends.
    #[error("two words in braces need something between them")]
    Adjoining,
    /// A scheme, a space or nothing at all.
    #[error("write host and path without 'https://' and without spaces")]
    Host,
}

/// Words in braces that stand for digits.
const NUMBERS: [&str; 5] = ["n", "number", "year", "month", "day"];
/// The word in braces that stands for a name on the platform.
const NAME: &str = "id";
/// What a host is compared without.
const PREFIXES: [&str; 3] = ["www.", "m.", "mobile."];

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text that stands as it is.
    Fixed(String),
    /// What differs, by its word.
    Open(String),
}

/// A pattern of web addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPattern {
    text: String,
    host: Vec<Piece>,
    path: Vec<Piece>,
    query: Option<Vec<Piece>>,
    fragment: Option<Vec<Piece>>,
}

impl AddressPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, PatternError> {
        if text.contains("://") || text.contains(char::is_whitespace) {
            return Err(PatternError::Host);
        }
        let (host, path, query, fragment) = split(text);
        if host.is_empty() {
            return Err(PatternError::Host);
        }
        Ok(Self {
            text: text.to_owned(),
            host: pieces(host)?,
            path: pieces(path.trim_end_matches('/'))?,
            query: query.map(pieces).transpose()?,
            fragment: fragment.map(pieces).transpose()?,
        })
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it holds for any host.
    #[must_use]
    pub fn is_any_host(&self) -> bool {
        matches!(self.host.as_slice(), [Piece::Open(_)])
    }

    /// The host as it is written, words in braces included.
    #[must_use]
    pub fn host(&self) -> &str {
        split(&self.text).0
    }

    /// How many characters stand fixed.
    pub(super) fn fixed(&self) -> usize {
        let parts = [Some(&self.host), Some(&self.path)];
        let parts = parts
            .into_iter()
            .chain([self.query.as_ref(), self.fragment.as_ref()]);
        let lengths = parts.flatten().flatten().map(|piece| match piece {
            Piece::Fixed(text) => text.len(),
            Piece::Open(_) => 0,
        });
        lengths.sum()
    }

    pub(super) fn fits(&self, address: &Address<'_>, handle: Option<&Handle>) -> bool {
        let one = |pieces: &[Piece], text: &str, end| fit(pieces, text, end, handle);
        let host_end = if self.is_any_host() { None } else { Some('.') };
        one(&self.host, &address.host, host_end)
            && one(&self.path, address.path, Some('/'))
            && self.query.as_ref().is_none_or(|pieces| {
                let mut parts = address.query.unwrap_or_default().split('&');
                parts.any(|part| one(pieces, part, None))
            })
            && self
                .fragment
                .as_ref()
                .is_none_or(|pieces| address.fragment.is_some_and(|part| one(pieces, part, None)))
    }
}

/// A web address, ready to be compared.
pub(super) struct Address<'a> {
    host: String,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Address<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let text = text.trim();
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        let (host, path, query, fragment) = split(text);
        let host = host.to_lowercase();
        let bare = PREFIXES.iter().find_map(|p| host.strip_prefix(p));
        // 'm.me' is a host of its own.
        let bare = bare.filter(|rest| rest.contains('.')).map(str::to_owned);
        Self {
            host: bare.unwrap_or(host),
            path: path.trim_end_matches('/'),
            query,
            fragment,
        }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }
}

/// Host, path from its '/', query after '?', fragment after '#'.
fn split(text: &str) -> (&str, &str, Option<&str>, Option<&str>) {
    let (text, fragment) = cut(text, '#');
    let (text, query) = cut(text, '?');
    let path_at = text.find('/').unwrap_or(text.len());
    let (host, path) = text.split_at_checked(path_at).unwrap_or((text, ""));
    (host, path, query, fragment)
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, PatternError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (word, after) = after.split_once('}').ok_or(PatternError::Braces)?;
        if before.contains('}') || word.is_empty() || !word.chars().all(|c| c.is_ascii_lowercase())
        {
            return Err(PatternError::Braces);
        }
        if before.is_empty() && !pieces.is_empty() {
            return Err(PatternError::Adjoining);
        }
        if !before.is_empty() {
            pieces.push(Piece::Fixed(before.to_owned()));
        }
        pieces.push(Piece::Open(word.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err(PatternError::Braces);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Fixed(rest.to_owned()));
    }
    Ok(pieces)
}

/// Whether `text` is the pieces one after another, where what differs does not run past `end`.
fn fit(pieces: &[Piece], text: &str, end: Option<char>, handle: Option<&Handle>) -> bool {
    match pieces.split_first() {
        None => text.is_empty(),
        Some((Piece::Fixed(fixed), others)) => text
            .strip_prefix(fixed.as_str())
            .is_some_and(|rest| fit(others, rest, end, handle)),
        Some((Piece::Open(word), others)) => {
            let span = end.and_then(|end| text.find(end)).unwrap_or(text.len());
            let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
            ends.take_while(|at| *at <= span).any(|at| {
                text.split_at_checked(at).is_some_and(|(open, rest)| {
                    admits(word, open, handle) && fit(others, rest, end, handle)
                })
            })
        }
    }
}

fn admits(word: &str, text: &str, handle: Option<&Handle>) -> bool {
    if NUMBERS.contains(&word) {
        text.chars().all(|c| c.is_ascii_digit())
    } else {
        word != NAME || handle.is_none_or(|handle| handle.admits(text))
    }
}
