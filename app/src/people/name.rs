//! Names and e-mail addresses that cannot be wrong, and how they are compared.

use std::fmt;
use std::str::FromStr;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::store::{Value, column};

/// The longest name that is kept, in characters.
pub const NAME_MAX: usize = 100;

/// A name of a person: not empty, on one line, at most [`NAME_MAX`] characters.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotAName {
    /// Nothing but blanks.
    #[error("a name has at least one character")]
    Empty,
    /// More than [`NAME_MAX`] characters.
    #[error("a name has at most {NAME_MAX} characters")]
    Long,
    /// A line break or another control character.
    #[error("a name stands on one line and has no control characters")]
    Control,
}

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        if text.chars().any(char::is_control) {
            return Err(NotAName::Control);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        match text.chars().count() {
            0 => Err(NotAName::Empty),
            1..=NAME_MAX => Ok(Self(text)),
            _ => Err(NotAName::Long),
        }
    }
}

impl TryFrom<String> for Name {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, NotAName> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&Name> for Value {
    fn from(name: &Name) -> Self {
        Self::Text(Some(name.0.clone()))
    }
}

impl From<Option<&Name>> for Value {
    fn from(name: Option<&Name>) -> Self {
        Self::Text(name.map(|name| name.0.clone()))
    }
}

column!(Name, text, |text: String| text.parse::<Name>().ok());

/// An e-mail address, in lower case.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A text that is no e-mail address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an e-mail address looks like name@example.org")]
pub struct NotAnEmail;

impl Email {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim().to_lowercase();
        let options = Options::default()
            .with_required_tld()
            .without_domain_literal()
            .without_display_text();
        let address = EmailAddress::parse_with_options(&text, options).map_err(|_| NotAnEmail)?;
        // A quoted local part is allowed by the standard, used by nobody and mishandled by many.
        (!address.local_part().starts_with('"'))
            .then_some(Self(text))
            .ok_or(NotAnEmail)
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Option<&Email>> for Value {
    fn from(email: Option<&Email>) -> Self {
        Self::Text(email.map(|email| email.0.clone()))
    }
}

column!(Email, text, |text: String| text.parse::<Email>().ok());

/// A text as it is searched and sorted: lower case, without accents, single blanks.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let words: Vec<String> = plain.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Email, NAME_MAX, Name, NotAName, folded};

    #[test]
    fn a_name_is_trimmed_and_held_to_its_bounds() {
        let name = |text: &str| text.parse::<Name>();
        assert_eq!(name("  Mary  Ann ").unwrap().as_str(), "Mary Ann");
        assert_eq!(name("  "), Err(NotAName::Empty));
        assert_eq!(name("a\nb"), Err(NotAName::Control));
        assert!(name(&"é".repeat(NAME_MAX)).is_ok());
        assert_eq!(name(&"é".repeat(NAME_MAX + 1)), Err(NotAName::Long));
    }

    #[test]
    fn an_address_is_kept_in_lower_case() {
        let email: Email = " Kate@Ash.Example ".parse().unwrap();
        assert_eq!(email.as_str(), "kate@ash.example");
        for wrong in [
            "",
            "kate",
            "kate@",
            "@ash.example",
            "a b@ash.example",
            "k@ash",
            "K <k@a.b>",
            "\"k\"@a.b",
            "k@[1.2.3.4]",
            "k@a..b",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn accents_and_capitals_do_not_matter() {
        assert_eq!(folded("Zoë  ÓBRIEN"), "zoe obrien");
    }
}
