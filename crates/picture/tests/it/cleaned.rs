//! Nothing but the picture is left, and the picture is as it was.

use image::{DynamicImage, ImageDecoder as _, ImageReader};
use picture::{Clean, Kind, Limits, Removed};
use proptest::prelude::*;
use std::io::Cursor;

use crate::made::{self, SECRET, holds, photo, see_through};

fn clean(bytes: &[u8]) -> Clean {
    Clean::from_upload(bytes, None, &Limits::default()).unwrap()
}

fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn orientation(bytes: &[u8]) -> u8 {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .unwrap();
    reader
        .into_decoder()
        .unwrap()
        .orientation()
        .unwrap()
        .to_exif()
}

fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .unwrap();
    reader.into_decoder().unwrap().icc_profile().unwrap()
}

/// In none of its places, packed or not.
fn no_secret(bytes: &[u8]) {
    assert!(!holds(bytes, SECRET));
    // Nor a part of it.
    assert!(!holds(bytes, &SECRET[..7]));
    for word in [
        b"Photoshop".as_slice(),
        b"<x:xmp",
        b"MPF\0",
        b"script",
        b"JFXX",
    ] {
        assert!(!holds(bytes, word), "{word:?}");
    }
    if let Some(profile) = profile(bytes) {
        assert!(!holds(&profile, &SECRET[..7]));
    }
}

#[test]
fn what_was_planted_is_gone_and_every_pixel_stays() {
    let kinds = [
        (Kind::Jpeg, made::jpeg(&photo(90, 60), 6)),
        (Kind::Png, made::png(photo(90, 60), 6)),
        (Kind::Png, made::png(see_through(90, 60), 6)),
        (Kind::WebP, made::webp(photo(90, 60), 6)),
        (Kind::WebP, made::webp(see_through(90, 60), 6)),
    ];
    for (kind, bytes) in kinds {
        assert!(holds(&bytes, SECRET));
        let clean = clean(&bytes);
        assert_eq!(clean.kind(), kind);
        no_secret(clean.bytes());
        assert!(pixels(&bytes) == pixels(clean.bytes()), "{kind}");
        // It lies on its side: that alone is still said.
        assert_eq!(
            (orientation(clean.bytes()), clean.width(), clean.height()),
            (6, 60, 90),
            "{kind}"
        );
        // Colours are still described.
        assert!(
            profile(clean.bytes()).is_some_and(|p| holds(&p, b"rXYZ")),
            "{kind}"
        );
        let removed: Vec<Removed> = clean.removed().collect();
        for what in [
            Removed::Location,
            Removed::Camera,
            Removed::Editing,
            Removed::ColourNames,
            Removed::AfterTheEnd,
        ] {
            assert!(removed.contains(&what), "{kind} {what:?} {removed:?}");
        }
    }
}

#[test]
fn every_orientation_is_kept() {
    for way in 1..=8 {
        for bytes in [
            made::jpeg(&photo(40, 20), way),
            made::png(photo(40, 20), way),
            made::webp(photo(40, 20), way),
        ] {
            let clean = clean(&bytes);
            assert_eq!(orientation(clean.bytes()), way);
            assert_eq!(clean.is_upright(), way == 1);
            let turned = way >= 5;
            assert_eq!(
                (clean.width(), clean.height()),
                if turned { (20, 40) } else { (40, 20) }
            );
        }
    }
}

#[test]
fn what_is_clean_stays_as_it_is() {
    for bytes in [
        made::jpeg(&photo(40, 20), 8),
        made::png(see_through(40, 20), 3),
        made::webp(photo(41, 21), 2),
    ] {
        let once = clean(&bytes);
        let twice = clean(once.bytes());
        assert_eq!(once.bytes(), twice.bytes());
        assert_eq!(
            twice.removed().count(),
            0,
            "{:?}",
            twice.removed().collect::<Vec<_>>()
        );
    }
}

#[test]
fn transparency_that_a_viewer_does_not_believe_stays_unseen() {
    let mut bytes = made::webp(see_through(30, 20), 1);
    let flags = bytes.windows(4).position(|w| w == b"VP8X").unwrap() + 8;
    bytes[flags] &= !0x10;
    assert!(pixels(&bytes) == pixels(clean(&bytes).bytes()));
}

#[test]
fn a_picture_that_carries_nothing_loses_nothing() {
    let plain = made::encoded(photo(64, 64), image::ImageFormat::Jpeg);
    let clean = clean(&plain);
    assert_eq!(clean.removed().count(), 0);
    assert!(pixels(&plain) == pixels(clean.bytes()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_size_in_any_way_keeps_its_pixels(width in 1_u32..70, height in 1_u32..70, way in 1_u8..=8) {
        for bytes in [made::jpeg(&photo(width, height), way), made::png(see_through(width, height), way), made::webp(photo(width, height), way)] {
            let clean = clean(&bytes);
            no_secret(clean.bytes());
            prop_assert!(pixels(&bytes) == pixels(clean.bytes()));
            prop_assert_eq!(orientation(clean.bytes()), way);
        }
    }

    #[test]
    fn bytes_changed_anywhere_are_read_or_refused(seed in any::<u64>(), at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for mut bytes in [made::jpeg(&photo(24, 16), 6), made::png(photo(24, 16), 6), made::webp(photo(24, 16), 6)] {
            let place = at.index(bytes.len());
            bytes[place] = to;
            if seed % 3 == 0 {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(clean) = Clean::from_upload(&bytes, None, &Limits::default()) {
                let again = Clean::from_upload(clean.bytes(), None, &Limits::default());
                prop_assert_eq!(again.map(Clean::into_bytes), Ok(clean.into_bytes()));
            }
        }
    }
}
