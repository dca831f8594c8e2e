//! PNG (W3C Portable Network Graphics, third edition): the chunks that make the picture, and no others.

use std::collections::BTreeSet;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use image::metadata::Orientation;

use super::{Removed, Stripped, colour, orientation};
use crate::bytes::Bytes;
use crate::fault::Fault;
use crate::limits::Limits;

const SIGNATURE: usize = 8;
/// A colour profile that unpacks to more is left out.
const LONGEST_PROFILE: u64 = 2_000_000;
/// Start, size and step of each pass of an interlaced picture: x, y.
const PASSES: [(u32, u32, u32, u32); 7] = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
];

/// What a file says of itself at its beginning.
struct Head {
    width: u32,
    height: u32,
    /// Bits of one pixel.
    bits: u64,
    interlaced: bool,
}

pub(super) fn strip(bytes: &[u8], limits: &Limits) -> Result<Stripped, Fault> {
    let mut left = Bytes::new(bytes);
    left.take(SIGNATURE).ok_or(Fault::CutOff)?;
    let (kind, content) = chunk(&mut left)?;
    let head = Some(content).filter(|_| kind == *b"IHDR").and_then(head);
    let head = head.ok_or(Fault::Damaged("it does not begin as a PNG does"))?;
    limits.size(head.width, head.height, head.bits.div_ceil(8).max(3))?;

    let mut before = Vec::new();
    write(&mut before, b"IHDR", content);
    let mut removed = BTreeSet::new();
    let mut turned = None;
    let mut profile = None;
    let mut packed: Vec<u8> = Vec::new();
    loop {
        let (kind, content) = chunk(&mut left)?;
        match &kind {
            b"IEND" => break,
            b"IDAT" => packed.extend_from_slice(content),
            b"acTL" | b"fcTL" | b"fdAT" => return Err(Fault::Animated),
            b"iCCP" => {
                if let Some(fresh) = colours(content, &mut removed) {
                    write(&mut before, b"iCCP", &named(&fresh)?);
                    profile = Some(fresh);
                }
            }
            b"eXIf" => {
                turned = turned.or_else(|| orientation::read(content));
                orientation::note(content, &mut removed);
            }
            kind if needed(kind, content.len()) => write(&mut before, kind, content),
            kind if kind.first().is_some_and(u8::is_ascii_uppercase) => {
                return Err(Fault::Damaged("it holds a part that no PNG has"));
            }
            kind => note(kind, content, &mut removed),
        }
    }
    if !left.left().is_empty() {
        removed.insert(Removed::AfterTheEnd);
    }
    let used = unpacked(&packed, raw_length(&head))?;
    if used < packed.len() {
        removed.insert(Removed::AfterTheEnd);
        packed.truncate(used);
    }
    let orientation = turned.unwrap_or(Orientation::NoTransforms);
    if let Some(exif) = orientation::alone(orientation) {
        write(&mut before, b"eXIf", &exif);
    }
    let mut fresh = bytes.get(..SIGNATURE).ok_or(Fault::CutOff)?.to_vec();
    fresh.append(&mut before);
    write(&mut fresh, b"IDAT", &packed);
    write(&mut fresh, b"IEND", &[]);
    Ok(Stripped {
        bytes: fresh,
        width: head.width,
        height: head.height,
        orientation,
        profile,
        removed,
    })
}

/// The next chunk, whose check must be right.
fn chunk<'a>(left: &mut Bytes<'a>) -> Result<([u8; 4], &'a [u8]), Fault> {
    let read = (|| {
        let length = usize::try_from(left.u32_be()?).ok()?;
        let kind: [u8; 4] = left.array()?;
        Some((kind, left.take(length)?, left.u32_be()?))
    })();
    let (kind, content, check) = read.ok_or(Fault::CutOff)?;
    if sum(&kind, content) != check {
        return Err(Fault::Damaged("what it holds and its check differ"));
    }
    Ok((kind, content))
}

fn sum(kind: &[u8; 4], content: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(kind);
    sum.update(content);
    sum.finalize()
}

fn write(to: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    // Contents were read from a chunk, or from a file that a limit holds.
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    to.extend(length.to_be_bytes());
    to.extend(kind);
    to.extend(content);
    to.extend(sum(kind, content).to_be_bytes());
}

fn head(content: &[u8]) -> Option<Head> {
    let mut left = Bytes::new(content);
    let (width, height) = (left.u32_be()?, left.u32_be()?);
    let [depth, colour, packing, filter, interlaced] = left.array()?;
    let samples = match colour {
        0 | 3 => 1,
        2 => 3,
        4 => 2,
        6 => 4,
        _ => return None,
    };
    let sound = left.left().is_empty() && packing == 0 && filter == 0 && interlaced <= 1;
    (sound && matches!(depth, 1 | 2 | 4 | 8 | 16)).then_some(Head {
        width,
        height,
        bits: u64::from(depth) * samples,
        interlaced: interlaced == 1,
    })
}

/// Chunks that change how the picture looks, in the length that they have.
fn needed(kind: &[u8; 4], length: usize) -> bool {
    match kind {
        b"PLTE" => length <= 768 && length.is_multiple_of(3),
        b"tRNS" => length <= 256,
        b"gAMA" => length == 4,
        b"cHRM" => length == 32,
        b"sRGB" => length == 1,
        b"sBIT" => (1..=4).contains(&length),
        b"pHYs" => length == 9,
        b"cICP" => length == 4,
        b"mDCV" => length == 24,
        b"cLLI" => length == 8,
        _ => false,
    }
}

fn note(kind: &[u8; 4], content: &[u8], removed: &mut BTreeSet<Removed>) {
    match kind {
        b"iTXt" if content.starts_with(b"XML:com.adobe.xmp") => {
            orientation::note_xmp(content, removed)
        }
        b"tEXt" | b"zTXt" | b"iTXt" => {
            removed.insert(Removed::Text);
        }
        b"tIME" => {
            removed.insert(Removed::Camera);
        }
        _ => {
            removed.insert(Removed::Other);
        }
    }
}

/// The profile of an `iCCP` chunk without its names.
fn colours(content: &[u8], removed: &mut BTreeSet<Removed>) -> Option<Vec<u8>> {
    let cleaned = (|| {
        let end = content.iter().position(|byte| *byte == 0)?;
        // The end of the name, then the one way of packing.
        let packed = content.get(end + 2..)?;
        let mut profile = Vec::new();
        ZlibDecoder::new(packed)
            .take(LONGEST_PROFILE)
            .read_to_end(&mut profile)
            .ok()?;
        let (fresh, changed) = colour::cleaned(&profile)?;
        Some((fresh, changed || content.get(..end)? != b"profile"))
    })();
    if cleaned.as_ref().is_none_or(|(_, changed)| *changed) {
        removed.insert(Removed::ColourNames);
    }
    cleaned.map(|(fresh, _)| fresh)
}

/// A profile as an `iCCP` chunk holds it.
fn named(profile: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut packed = ZlibEncoder::new(b"profile\0\0".to_vec(), Compression::default());
    std::io::Write::write_all(&mut packed, profile)
        .and_then(|()| packed.finish())
        .map_err(|_| Fault::Damaged("its colour profile cannot be read"))
}

/// Bytes of the unpacked rows, each with its filter.
fn raw_length(head: &Head) -> u64 {
    let rows = |width: u32, height: u32| {
        if width == 0 {
            return 0;
        }
        u64::from(height) * (1 + (u64::from(width) * head.bits).div_ceil(8))
    };
    if !head.interlaced {
        return rows(head.width, head.height);
    }
    let steps = |length: u32, start: u32, step: u32| length.saturating_sub(start).div_ceil(step);
    PASSES
        .iter()
        .map(|(x, y, dx, dy)| rows(steps(head.width, *x, *dx), steps(head.height, *y, *dy)))
        .sum()
}

/// How much of `packed` the picture takes, having unpacked it without keeping it: exactly `expected` bytes must come out.
fn unpacked(packed: &[u8], expected: u64) -> Result<usize, Fault> {
    let mut inflate = Decompress::new(true);
    let mut out = vec![0; 64 * 1024];
    loop {
        let at = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
        let rest = packed.get(at..).unwrap_or_default();
        let status = inflate
            .decompress(rest, &mut out, FlushDecompress::None)
            .map_err(|_| Fault::Damaged("its pixels cannot be unpacked"))?;
        if inflate.total_out() > expected {
            return Err(Fault::Damaged("it unpacks to more than its size"));
        }
        match status {
            Status::StreamEnd if inflate.total_out() == expected => {
                return Ok(usize::try_from(inflate.total_in()).unwrap_or(usize::MAX));
            }
            Status::StreamEnd => return Err(Fault::CutOff),
            _ if inflate.total_in() == before_in && inflate.total_out() == before_out => {
                return Err(Fault::CutOff);
            }
            _ => {}
        }
    }
}
