//! JPEG (ITU-T T.81): the segments that make the picture, and no others.

use std::collections::{BTreeMap, BTreeSet};

use image::metadata::Orientation;

use super::{Removed, Stripped, colour, orientation};
use crate::bytes::Bytes;
use crate::fault::Fault;
use crate::limits::Limits;

const CUT_OFF: Fault = Fault::CutOff;
const RARE: Fault = Fault::NotTaken(
    "This is a rare form of JPEG. Open it, save it as an ordinary JPEG, and send that.",
);
/// What one segment holds of a colour profile at most, beside its label.
const PROFILE_PART: usize = 65_519;
/// A profile in more parts is none.
const PROFILE_PARTS: usize = 64;

/// What is kept of a file while it is read.
#[derive(Default)]
struct Kept {
    /// Units, and how many dots for one unit.
    density: Option<[u8; 5]>,
    orientation: Option<Orientation>,
    profile: BTreeMap<u8, Vec<u8>>,
    /// How colours are told apart, as Adobe's programs say.
    transform: Option<u8>,
    size: Option<(u32, u32)>,
    passes: usize,
    /// The segments of the picture as they were.
    body: Vec<u8>,
    removed: BTreeSet<Removed>,
}

pub(super) fn strip(bytes: &[u8], limits: &Limits) -> Result<Stripped, Fault> {
    let mut left = Bytes::new(bytes);
    left.take(2).ok_or(CUT_OFF)?;
    let mut kept = Kept::default();
    loop {
        match marker(&mut left, &mut kept.removed)? {
            0xD9 => break,
            // Nothing to be read follows these.
            0x01 | 0xD0..=0xD7 => {
                kept.removed.insert(Removed::Other);
            }
            0xD8 => return Err(Fault::Damaged("it begins twice")),
            marker => {
                let length = left.u16_be().ok_or(CUT_OFF)?.checked_sub(2);
                let length = length.ok_or(Fault::Damaged("a part has no length"))?;
                let content = left.take(usize::from(length)).ok_or(CUT_OFF)?;
                kept.segment(marker, content, limits)?;
                if marker == 0xDA {
                    kept.body.extend(pass(&mut left)?);
                }
            }
        }
    }
    if !left.left().is_empty() {
        kept.removed.insert(Removed::AfterTheEnd);
    }
    kept.write()
}

/// The next marker, whatever stands before it.
fn marker(left: &mut Bytes<'_>, removed: &mut BTreeSet<Removed>) -> Result<u8, Fault> {
    let mut between = false;
    while left.byte().ok_or(CUT_OFF)? != 0xFF {
        between = true;
    }
    loop {
        match left.byte().ok_or(CUT_OFF)? {
            0xFF => {}
            // A zero makes the byte before it plain data.
            0x00 => return Err(Fault::Damaged("its parts cannot be told apart")),
            marker => {
                if between {
                    removed.insert(Removed::Other);
                }
                return Ok(marker);
            }
        }
    }
}

/// The packed pixels up to the next marker that is not theirs.
fn pass<'a>(left: &mut Bytes<'a>) -> Result<&'a [u8], Fault> {
    let rest = left.left();
    let ends = rest
        .windows(2)
        .position(|pair| matches!(pair, [0xFF, next] if !matches!(next, 0x00 | 0xD0..=0xD7)));
    left.take(ends.ok_or(CUT_OFF)?).ok_or(CUT_OFF)
}

impl Kept {
    fn segment(&mut self, marker: u8, content: &[u8], limits: &Limits) -> Result<(), Fault> {
        match marker {
            0xC0..=0xC2 => self.frame(content, limits)?,
            0xC4 => exact(tables(content))?,
            0xDB => exact(quantities(content))?,
            0xDD => exact((content.len() == 2).then_some(()))?,
            0xDA => self.scan(content, limits)?,
            0xC3 | 0xC5..=0xCF | 0xDC | 0xDE | 0xDF => return Err(RARE),
            other => {
                self.application(other, content);
                return Ok(());
            }
        }
        self.copy(marker, content);
        Ok(())
    }

    fn copy(&mut self, marker: u8, content: &[u8]) {
        self.body.extend(segment(marker, content));
    }

    fn frame(&mut self, content: &[u8], limits: &Limits) -> Result<(), Fault> {
        if self.size.is_some() {
            return Err(Fault::Damaged("it holds two pictures"));
        }
        let mut head = Bytes::new(content);
        let (depth, height, width, colours) =
            (|| Some((head.byte()?, head.u16_be()?, head.u16_be()?, head.byte()?)))()
                .ok_or(CUT_OFF)?;
        if depth != 8 {
            return Err(RARE);
        }
        exact((head.left().len() == 3 * usize::from(colours)).then_some(()))?;
        let (width, height) = (u32::from(width), u32::from(height));
        limits.size(width, height, u64::from(colours.max(3)))?;
        self.size = Some((width, height));
        Ok(())
    }

    fn scan(&mut self, content: &[u8], limits: &Limits) -> Result<(), Fault> {
        let colours = content.first().copied().unwrap_or_default();
        exact((content.len() == 4 + 2 * usize::from(colours)).then_some(()))?;
        self.passes += 1;
        if self.size.is_none() || self.passes > limits.passes {
            return Err(Fault::Damaged("it is built up in too many passes"));
        }
        Ok(())
    }

    /// What programs add. Three things are kept of it, in a form of our own.
    fn application(&mut self, marker: u8, content: &[u8]) {
        let removed = &mut self.removed;
        match (marker, content) {
            (
                0xE0,
                [
                    b'J',
                    b'F',
                    b'I',
                    b'F',
                    0,
                    _,
                    _,
                    units,
                    a,
                    b,
                    c,
                    d,
                    thumbnail @ ..,
                ],
            ) => {
                self.density = self.density.or(Some([*units, *a, *b, *c, *d]));
                if thumbnail.iter().any(|byte| *byte != 0) {
                    removed.insert(Removed::SecondPicture);
                }
            }
            (0xE0, _) if content.starts_with(b"JFXX") => {
                removed.insert(Removed::SecondPicture);
            }
            (0xE1, _) if content.starts_with(b"Exif\0") => {
                let exif = content.get(6..).unwrap_or_default();
                self.orientation = self.orientation.or_else(|| orientation::read(exif));
                orientation::note(exif, removed);
            }
            (0xE1, _) if content.starts_with(b"http://ns.adobe.com/x") => {
                orientation::note_xmp(content, removed);
            }
            (0xE2, _) if content.starts_with(b"ICC_PROFILE\0") => {
                if let Some(([number, _], part)) =
                    content.get(12..).and_then(<[u8]>::split_first_chunk)
                {
                    self.profile.entry(*number).or_insert_with(|| part.to_vec());
                }
            }
            (0xE2, _) if content.starts_with(b"MPF\0") => {
                removed.insert(Removed::SecondPicture);
            }
            (0xED, _) => {
                removed.insert(Removed::Caption);
            }
            (
                0xEE,
                [
                    b'A',
                    b'd',
                    b'o',
                    b'b',
                    b'e',
                    _,
                    _,
                    _,
                    _,
                    _,
                    _,
                    transform,
                    ..,
                ],
            ) => {
                self.transform = self.transform.or(Some(*transform));
            }
            (0xFE, _) => {
                removed.insert(Removed::Text);
            }
            _ => {
                removed.insert(Removed::Other);
            }
        }
    }

    fn write(mut self) -> Result<Stripped, Fault> {
        let (width, height) = self.size.ok_or(Fault::Damaged("it holds no picture"))?;
        if self.passes == 0 {
            return Err(CUT_OFF);
        }
        let mut bytes = vec![0xFF, 0xD8];
        if let Some([units, a, b, c, d]) = self.density {
            let jfif = [b'J', b'F', b'I', b'F', 0, 1, 1, units, a, b, c, d, 0, 0];
            bytes.extend(segment(0xE0, &jfif));
        }
        let orientation = self.orientation.unwrap_or(Orientation::NoTransforms);
        if let Some(exif) = orientation::alone(orientation) {
            bytes.extend(segment(0xE1, &[b"Exif\0\0", exif.as_slice()].concat()));
        }
        let profile = self.colours();
        if let Some(profile) = &profile {
            let parts = profile.chunks(PROFILE_PART);
            let count = u8::try_from(parts.len()).unwrap_or(u8::MAX);
            for (number, part) in (1..=count).zip(parts) {
                let label = [b"ICC_PROFILE\0".as_slice(), &[number, count], part].concat();
                bytes.extend(segment(0xE2, &label));
            }
        }
        if let Some(transform) = self.transform {
            let adobe = [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform];
            bytes.extend(segment(0xEE, &adobe));
        }
        bytes.append(&mut self.body);
        bytes.extend([0xFF, 0xD9]);
        Ok(Stripped {
            bytes,
            width,
            height,
            orientation,
            profile,
            removed: self.removed,
        })
    }

    fn colours(&mut self) -> Option<Vec<u8>> {
        if self.profile.is_empty() {
            return None;
        }
        let whole = self.profile.len() <= PROFILE_PARTS
            && self
                .profile
                .keys()
                .copied()
                .eq(1..=self.profile.len().try_into().ok()?);
        let parts: Vec<u8> = std::mem::take(&mut self.profile)
            .into_values()
            .flatten()
            .collect();
        let cleaned = whole.then(|| colour::cleaned(&parts)).flatten();
        if cleaned.as_ref().is_none_or(|(_, changed)| *changed) {
            self.removed.insert(Removed::ColourNames);
        }
        cleaned.map(|(profile, _)| profile)
    }
}

/// A segment as it stands in a file. Contents here were read from segments or are no longer than one.
fn segment(marker: u8, content: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    [0xFF, marker]
        .into_iter()
        .chain(length.to_be_bytes())
        .chain(content.iter().copied())
}

/// A segment must end where what it holds ends, so that nothing rides in it.
fn exact(read: Option<()>) -> Result<(), Fault> {
    read.ok_or(Fault::Damaged("one of its parts has the wrong length"))
}

/// Huffman tables: how many codes of each length, then their values.
fn tables(content: &[u8]) -> Option<()> {
    let mut left = Bytes::new(content);
    while !left.left().is_empty() {
        left.byte()?;
        let counts: [u8; 16] = left.array()?;
        left.take(counts.iter().map(|n| usize::from(*n)).sum())?;
    }
    Some(())
}

/// Quantisation tables of 64 values, of one byte or two.
fn quantities(content: &[u8]) -> Option<()> {
    let mut left = Bytes::new(content);
    while !left.left().is_empty() {
        let wide = left.byte()? >> 4;
        left.take(if wide == 0 { 64 } else { 128 })?;
    }
    Some(())
}
