//! Publishing, against servers that fail in every way and against real ones.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod bluesky;
mod carrier;
mod faults;
mod mastodon;
mod scripted;

use publish::{Key, Picture, Post};

/// A picture of one pixel.
const PIXEL: [u8; 70] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x64, 0xf8, 0xcf, 0x50,
    0x0f, 0x00, 0x03, 0x86, 0x01, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

fn post(text: &str, key: &str) -> Post {
    Post {
        text: text.into(),
        language: "en-GB".into(),
        pictures: vec![Picture {
            bytes: PIXEL.to_vec(),
            media_type: "image/png".into(),
            alt: "The sports field, seen from the hall".into(),
            size: Some((1, 1)),
        }],
        key: Key::new(key, now()),
    }
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(test)
}
