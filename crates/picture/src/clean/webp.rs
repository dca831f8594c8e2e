//! WebP (RFC 9649): the chunks that make the picture, and no others.

use std::collections::BTreeSet;

use image::metadata::Orientation;

use super::{Removed, Stripped, colour, orientation};
use crate::bytes::Bytes;
use crate::fault::Fault;
use crate::limits::Limits;

/// What the extended header says there is.
const HAS_PROFILE: u8 = 0x20;
const HAS_ALPHA: u8 = 0x10;
const HAS_EXIF: u8 = 0x08;

/// What is kept of a file while it is read.
#[derive(Default)]
struct Kept<'a> {
    picture: Option<([u8; 4], &'a [u8])>,
    alpha: Option<&'a [u8]>,
    /// Whether the extended header says that it is see-through; a viewer believes it.
    layered: Option<bool>,
    profile: Option<Vec<u8>>,
    orientation: Option<Orientation>,
    removed: BTreeSet<Removed>,
}

pub(super) fn strip(bytes: &[u8], limits: &Limits) -> Result<Stripped, Fault> {
    let mut file = Bytes::new(bytes);
    file.take(4).ok_or(Fault::CutOff)?;
    let length = file
        .u32_le()
        .and_then(|n| usize::try_from(n).ok())
        .ok_or(Fault::CutOff)?;
    let mut left = Bytes::new(file.take(length).ok_or(Fault::CutOff)?);
    left.take(4).ok_or(Fault::CutOff)?;
    let mut kept = Kept::default();
    if !file.left().is_empty() {
        kept.removed.insert(Removed::AfterTheEnd);
    }
    while !left.left().is_empty() {
        let (kind, content) = chunk(&mut left).ok_or(Fault::CutOff)?;
        kept.chunk(kind, content)?;
    }
    kept.write(limits)
}

fn chunk<'a>(left: &mut Bytes<'a>) -> Option<([u8; 4], &'a [u8])> {
    let kind = left.array()?;
    let length = usize::try_from(left.u32_le()?).ok()?;
    let content = left.take(length)?;
    if !length.is_multiple_of(2) && !left.left().is_empty() {
        left.take(1)?;
    }
    Some((kind, content))
}

impl<'a> Kept<'a> {
    fn chunk(&mut self, kind: [u8; 4], content: &'a [u8]) -> Result<(), Fault> {
        match &kind {
            b"VP8 " | b"VP8L" if self.picture.is_none() => self.picture = Some((kind, content)),
            b"ALPH" if self.alpha.is_none() => self.alpha = Some(content),
            // Written anew from what there is.
            b"VP8X" => self.layered = content.first().map(|flags| flags & HAS_ALPHA != 0),
            b"ANIM" | b"ANMF" => return Err(Fault::Animated),
            b"ICCP" => {
                let cleaned = colour::cleaned(content);
                if cleaned.as_ref().is_none_or(|(_, changed)| *changed) {
                    self.removed.insert(Removed::ColourNames);
                }
                self.profile = cleaned.map(|(profile, _)| profile);
            }
            b"EXIF" => {
                let exif = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
                self.orientation = self.orientation.or_else(|| orientation::read(exif));
                orientation::note(exif, &mut self.removed);
            }
            b"XMP " => orientation::note_xmp(content, &mut self.removed),
            _ => {
                self.removed.insert(Removed::Other);
            }
        }
        Ok(())
    }

    fn write(self, limits: &Limits) -> Result<Stripped, Fault> {
        let (kind, picture) = self.picture.ok_or(Fault::Damaged("it holds no picture"))?;
        let lossless = kind == *b"VP8L";
        let head = if lossless {
            lossless_head(picture)
        } else {
            lossy_head(picture)
        };
        let (width, height, see_through) =
            head.ok_or(Fault::Damaged("it does not begin as a WebP does"))?;
        limits.size(width, height, 4)?;
        // Only a lossy picture has its transparency beside it.
        let believed = self.layered != Some(false);
        let alpha = self.alpha.filter(|_| !lossless && believed);
        let orientation = self.orientation.unwrap_or(Orientation::NoTransforms);
        let exif = orientation::alone(orientation);
        let flags = [
            (self.profile.is_some(), HAS_PROFILE),
            (alpha.is_some() || see_through && believed, HAS_ALPHA),
            (exif.is_some(), HAS_EXIF),
        ];
        let hidden = see_through && !believed;
        let extended = self.profile.is_some() || alpha.is_some() || exif.is_some() || hidden;
        let mut content = b"WEBP".to_vec();
        if extended {
            let flags = flags
                .iter()
                .filter(|(there, _)| *there)
                .fold(0, |all, (_, flag)| all | flag);
            let mut head = vec![flags, 0, 0, 0];
            for side in [width, height] {
                head.extend(side.saturating_sub(1).to_le_bytes().into_iter().take(3));
            }
            write(&mut content, b"VP8X", &head);
        }
        if let Some(profile) = &self.profile {
            write(&mut content, b"ICCP", profile);
        }
        if let Some(alpha) = alpha {
            write(&mut content, b"ALPH", alpha);
        }
        write(&mut content, &kind, picture);
        if let Some(exif) = exif {
            write(&mut content, b"EXIF", &exif);
        }
        let mut bytes = b"RIFF".to_vec();
        bytes.extend(
            u32::try_from(content.len())
                .unwrap_or(u32::MAX)
                .to_le_bytes(),
        );
        bytes.append(&mut content);
        Ok(Stripped {
            bytes,
            width,
            height,
            orientation,
            profile: self.profile,
            removed: self.removed,
        })
    }
}

fn write(to: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    to.extend(kind);
    to.extend(
        u32::try_from(content.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    to.extend(content);
    if !content.len().is_multiple_of(2) {
        to.push(0);
    }
}

/// Width, height, and whether it is see-through in places.
fn lossless_head(picture: &[u8]) -> Option<(u32, u32, bool)> {
    let mut left = Bytes::new(picture);
    if left.byte()? != 0x2F {
        return None;
    }
    let bits = left.u32_le()?;
    Some((
        (bits & 0x3FFF) + 1,
        (bits >> 14 & 0x3FFF) + 1,
        bits >> 28 & 1 == 1,
    ))
}

fn lossy_head(picture: &[u8]) -> Option<(u32, u32, bool)> {
    let mut left = Bytes::new(picture);
    left.take(3)?;
    if left.take(3)? != [0x9D, 0x01, 0x2A] {
        return None;
    }
    let sizes = left.u32_le()?;
    Some((sizes & 0x3FFF, sizes >> 16 & 0x3FFF, false))
}
