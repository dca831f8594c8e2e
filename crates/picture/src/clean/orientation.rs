//! Which way up a picture is: read from what the camera wrote, written as the one thing that is kept of it.

use std::collections::BTreeSet;

use image::metadata::Orientation;

use super::Removed;
use crate::bytes::holds;

/// Tag 0x8825, which leads to the GPS part, in either byte order.
const GPS: [[u8; 4]; 2] = [[0x88, 0x25, 0x00, 0x04], [0x25, 0x88, 0x04, 0x00]];

/// What stands in EXIF (from its byte order mark on).
pub(super) fn read(exif: &[u8]) -> Option<Orientation> {
    Orientation::from_exif_chunk(exif)
}

/// EXIF that says which way up the picture is, and nothing else; nothing where it is upright.
pub(super) fn alone(orientation: Orientation) -> Option<Vec<u8>> {
    if orientation == Orientation::NoTransforms {
        return None;
    }
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.push(orientation.to_exif());
    exif.extend([0; 6]);
    Some(exif)
}

/// Notes what is lost with this EXIF. EXIF that says nothing but which way up is no loss.
pub(super) fn note(exif: &[u8], removed: &mut BTreeSet<Removed>) {
    let kept = read(exif).and_then(alone);
    if kept.as_deref() == Some(exif) {
        return;
    }
    removed.insert(Removed::Camera);
    if GPS.iter().any(|tag| holds(exif, tag)) {
        removed.insert(Removed::Location);
    }
    // A JPEG within: the thumbnail.
    if holds(exif, &[0xFF, 0xD8, 0xFF]) {
        removed.insert(Removed::SecondPicture);
    }
}

/// Notes what is lost with this XMP.
pub(super) fn note_xmp(xmp: &[u8], removed: &mut BTreeSet<Removed>) {
    removed.insert(Removed::Editing);
    if holds(xmp, b"GPS") {
        removed.insert(Removed::Location);
    }
}
