//! What the platforms take: how long a post may be, and where one is written by hand.

use policy::platforms::Platforms;
use publish::{Platform, counted};

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

/// How much of what a platform takes a text fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Characters.
    pub(super) count: usize,
    /// How many there may be.
    pub(super) most: usize,
    /// Whether the platform would refuse it.
    pub(super) over: bool,
}

/// How much room a text takes on a platform, where it is known how much there is: as the platform counts where the
/// program publishes there itself, otherwise by characters, which others count differently where there are emoji and links.
pub(super) fn room(platform: &str, text: &str) -> Option<Room> {
    let text = text.trim();
    if let Some(ours) = Platform::ALL.into_iter().find(|one| one.id() == platform) {
        let counted = counted(text, &ours.limits());
        return Some(Room {
            count: counted.characters,
            most: counted.most,
            over: !counted.fits(),
        });
    }
    let (_, most, _) = KNOWN.iter().find(|(id, ..)| *id == platform)?;
    let count = text.chars().count();
    Some(Room {
        count,
        most: *most,
        over: count > *most,
    })
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

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn a_text_is_counted_as_its_platform_counts_it() {
        let address = format!("https://school.example/{}", "a".repeat(600));
        assert!(room("mastodon", &address).is_some_and(|room| room.count == 23 && !room.over));
        assert!(room("bluesky", &address).is_some_and(|room| room.over));
        let family = "👨‍👩‍👧‍👦".repeat(100);
        assert!(room("bluesky", &family).is_some_and(|room| room.count == 100 && !room.over));
        assert!(room("x", &"a".repeat(281)).is_some_and(|room| room.over));
        assert_eq!(room("flickr", "a"), None);
    }
}
