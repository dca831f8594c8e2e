//! What the platforms take: how long a post may be, and where one is written by hand.

use policy::platforms::Platforms;

use crate::cases::Account;

/// How many characters a post may have, and the page on which one is written. General knowledge, as of November 2026;
/// a platform that is not here sets no limit that is known.
const KNOWN: [(&str, usize, &str); 8] = [
    ("bluesky", 300, "https://bsky.app/intent/compose"),
    ("facebook", 63_206, "https://www.facebook.com/"),
    ("instagram", 2_200, "https://www.instagram.com/"),
    (
        "linkedin",
        3_000,
        "https://www.linkedin.com/feed/?shareActive=true",
    ),
    ("mastodon", 500, ""),
    ("threads", 500, "https://www.threads.net/intent/post"),
    ("tiktok", 2_200, "https://www.tiktok.com/upload"),
    ("x", 280, "https://x.com/compose/post"),
];

/// The most characters that a post on a platform may have, where that is known.
pub(super) fn longest(platform: &str) -> Option<usize> {
    let known = KNOWN.iter().find(|(id, ..)| *id == platform);
    known.map(|(_, longest, _)| *longest)
}

/// Where somebody writes a post by hand: the platform's own page for it, or the account's.
pub(super) fn composer(platforms: &Platforms, account: &Account) -> Option<String> {
    let known = KNOWN.iter().find(|(id, ..)| *id == account.platform);
    let own = known
        .map(|(.., page)| *page)
        .filter(|page| !page.is_empty());
    if let Some(page) = own {
        return Some(page.to_owned());
    }
    let address = account.address.as_str();
    let known = platforms.of_address(address).is_some();
    match address.split_once("://") {
        Some(("https", _)) => Some(address.to_owned()),
        None if known && address.contains('/') => Some(format!("https://{address}")),
        _ => None,
    }
}

/// How many characters a text has, as platforms count them: roughly, for they differ on emoji and links.
pub(super) fn length(text: &str) -> usize {
    text.trim().chars().count()
}
