//! How much a post may hold.

/// What a platform, or one server of it, allows in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters as readers see them (grapheme clusters).
    pub characters: usize,
    /// Bytes of the text as UTF-8, where that is bounded too.
    pub bytes: Option<usize>,
    /// How many characters any address counts for; none where it counts as it is written.
    pub link: Option<usize>,
    /// Whether only `@name` of `@name@server` counts.
    pub short_mentions: bool,
    /// Pictures of one post.
    pub pictures: usize,
    /// Bytes of one picture.
    pub picture_bytes: usize,
    /// Characters of what a picture is said to show.
    pub alt: usize,
}

impl Limits {
    /// Of Bluesky: `app.bsky.feed.post` and `app.bsky.embed.images`. Servers from before 2025 take pictures of no more than
    /// a million bytes.
    pub const BLUESKY: Self = Self {
        characters: 300,
        bytes: Some(3000),
        link: None,
        short_mentions: false,
        pictures: 4,
        picture_bytes: 1_000_000,
        alt: 2000,
    };

    /// Of Mastodon as it comes; a server may have set others, which [`crate::Account::limits`] asks for.
    pub const MASTODON: Self = Self {
        characters: 500,
        bytes: None,
        link: Some(23),
        short_mentions: true,
        pictures: 4,
        picture_bytes: 16 * 1024 * 1024,
        alt: 1500,
    };
}
