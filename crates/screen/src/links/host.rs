//! An address taken apart as far as judging it needs; what is odd is kept, not mended.

use crate::contact::Own;
use crate::text::pieces;

/// The parts of an address.
pub(super) struct Address<'a> {
    pub(super) scheme: Option<&'a str>,
    /// Somebody's name stands before the host, which hides it.
    pub(super) user: bool,
    /// In small letters, without port and final dot.
    pub(super) host: String,
    path: &'a str,
}

/// Endings that a host without a scheme may have: others are words with a full stop between.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "uk", "io", "me", "ly", "co", "gl", "gg", "tv", "info", "biz", "eu", "us",
    "ru", "cn", "xyz", "top", "app", "dev", "link", "site", "online", "live", "xxx", "cc", "ie",
    "fr", "de", "ca", "edu", "gov", "ai", "club", "shop", "store", "tk", "ml", "fm", "im", "it",
    "nl", "es", "pl", "se", "ch", "social", "network", "page", "nz", "la", "pt",
];

impl<'a> Address<'a> {
    pub(super) fn read(address: &'a str) -> Option<Self> {
        let (scheme, rest) = match address.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, address),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = (rest.get(..end)?, rest.get(end..)?);
        let (user, host) = match authority.rsplit_once('@') {
            Some((_, host)) => (true, host),
            None => (false, authority),
        };
        let host = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => host,
        };
        let host = host.trim_end_matches('.').to_lowercase();
        (!host.is_empty()).then_some(Self {
            scheme,
            user,
            host,
            path,
        })
    }

    /// Whether a host without a scheme is meant as one.
    pub(super) fn is_plain_host(&self) -> bool {
        let ending = self.host.rsplit('.').next().unwrap_or("");
        let www = self.host.starts_with("www.");
        // 'me' and 'it' end sentences as well: then there is a path, or there is none.
        let words = matches!(ending, "me" | "it" | "us" | "im" | "la" | "de" | "es");
        www || (ENDINGS.contains(&ending) && (!words || self.path.len() > 1))
    }

    /// Whether the host is a bare number (IPv4, in any of its spellings, or IPv6).
    pub(super) fn is_number(&self) -> bool {
        let labels = self.host.split('.');
        let numeric = |label: &str| {
            let hex = label.strip_prefix("0x");
            let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
            digits(label) || hex.is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        self.host.starts_with('[') || (self.scheme.is_some() && labels.into_iter().all(numeric))
    }

    /// The ending of the file that the path names.
    pub(super) fn ending(&self) -> Option<&str> {
        let path = self.path.split(['?', '#']).next()?;
        let file = path.rsplit('/').next()?;
        file.rsplit_once('.').map(|(_, ending)| ending)
    }

    /// Whether the path is one name, as a profile's is, and not the school's.
    pub(super) fn is_profile(&self, own: &Own) -> bool {
        let path = self.path.split(['?', '#']).next().unwrap_or("");
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let name = match parts.next() {
            Some("in" | "add" | "user" | "u" | "c" | "profile") => parts.next(),
            Some("watch" | "p" | "reel" | "hashtag" | "explore" | "search" | "events") => None,
            name => name,
        };
        let own = |name: &str| own.handles.contains(&pieces(name).concat());
        name.is_some_and(|name| !own(name)) && parts.next().is_none()
    }
}
