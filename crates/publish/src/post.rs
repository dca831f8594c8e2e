//! What is to be published, and what was.

use jiff::Timestamp;

use crate::key::Key;

/// A post as it is to stand on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its words, as they are; addresses, mentions and tags in it are made to work.
    pub text: String,
    /// The language it is in, as a tag of BCP 47, such as `en-GB`.
    pub language: String,
    /// Its pictures, in their order.
    pub pictures: Vec<Picture>,
    /// What it is published under. A second post under the same key is the first.
    pub key: Key,
}

/// A picture of a post.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is, such as `image/jpeg`.
    pub media_type: String,
    /// What it shows, for whoever cannot see it.
    pub alt: String,
    /// Width and height in pixels, where they are known: then nothing jumps while it loads.
    pub size: Option<(u32, u32)>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.bytes.len();
        write!(
            f,
            "Picture({}, {bytes} bytes, {:?})",
            self.media_type, self.alt
        )
    }
}

/// A post that stands on its platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What the platform calls it: the record's `at://` address on Bluesky, the status's id on Mastodon.
    pub id: String,
    /// Where people read it.
    pub address: String,
    /// On Bluesky, the hash of what was published.
    pub cid: Option<String>,
    /// When it was published, by the platform's word; on Bluesky the moment of its key.
    pub at: Timestamp,
}
