//! Colour profiles (ICC.1): the colours are kept, names, dates and makers are not.

use std::collections::BTreeMap;

use crate::bytes::Bytes;

/// A longer one is left out.
const LONGEST: usize = 2_000_000;
const HEADER: usize = 128;
const MOST_TAGS: u32 = 100;
/// What stands in place of the name and the notice that a profile must have.
const WORDS: &[u8] = b"profile";

/// A profile with its colours only; nothing where it is none. The second value says whether anything was left out.
pub(super) fn cleaned(profile: &[u8]) -> Option<(Vec<u8>, bool)> {
    if profile.len() > LONGEST {
        return None;
    }
    let header = header(profile)?;
    let version = *profile.get(8)?;
    let mut tags = BTreeMap::new();
    let mut table = Bytes::new(profile.get(HEADER..)?);
    let count = table.u32_be().filter(|n| *n <= MOST_TAGS)?;
    for _ in 0..count {
        let name: [u8; 4] = table.array()?;
        let start = usize::try_from(table.u32_be()?).ok()?;
        let length = usize::try_from(table.u32_be()?).ok()?;
        let Some(data) = profile.get(start..).and_then(|d| d.get(..length)) else {
            continue;
        };
        if let Some(data) = colours(name, data) {
            tags.insert(name, data);
        }
    }
    if tags.is_empty() {
        return None;
    }
    tags.insert(*b"desc", name(version));
    tags.insert(*b"cprt", notice(version));
    let fresh = write(&header, &tags)?;
    let changed = fresh != profile;
    Some((fresh, changed))
}

/// The colour space of what a cleaned profile describes: `RGB `, `GRAY`, `CMYK`, ...
pub(crate) fn space(profile: &[u8]) -> Option<&[u8]> {
    profile.get(16..20)
}

/// The header without date, maker, model and fingerprint.
fn header(profile: &[u8]) -> Option<[u8; HEADER]> {
    if profile.get(36..40)? != b"acsp" {
        return None;
    }
    let mut fresh = [0; HEADER];
    // Version; class, colour space and connection space; the signature; the intent and the light.
    for part in [8..12, 12..24, 36..40, 64..80] {
        fresh
            .get_mut(part.clone())?
            .copy_from_slice(profile.get(part)?);
    }
    Some(fresh)
}

/// What of a tag makes colours; nothing where it makes none.
fn colours(name: [u8; 4], data: &[u8]) -> Option<Vec<u8>> {
    let kind = data.get(..4)?;
    let known = match &name {
        b"wtpt" | b"bkpt" | b"rXYZ" | b"gXYZ" | b"bXYZ" | b"lumi" => kind == b"XYZ ",
        b"rTRC" | b"gTRC" | b"bTRC" | b"kTRC" => kind == b"curv" || kind == b"para",
        b"chad" => kind == b"sf32",
        b"cicp" => kind == b"cicp",
        b"A2B0" | b"A2B1" | b"A2B2" | b"B2A0" | b"B2A1" | b"B2A2" | b"gamt" => {
            matches!(kind, b"mft1" | b"mft2" | b"mAB " | b"mBA ")
        }
        _ => false,
    };
    let length = match kind {
        b"XYZ " => 20,
        b"sf32" => 44,
        b"cicp" => 12,
        b"curv" => 12 + 2 * usize::try_from(Bytes::new(data.get(8..)?).u32_be()?).ok()?,
        b"para" => 12 + 4 * parameters(Bytes::new(data.get(8..)?).u16_be()?)?,
        _ => data.len(),
    };
    // No longer than its kind says, so that nothing rides behind it.
    known
        .then(|| data.get(..length).map(<[u8]>::to_vec))
        .flatten()
}

/// How many numbers a parametric curve has.
fn parameters(function: u16) -> Option<usize> {
    [1, 3, 4, 5, 7].get(usize::from(function)).copied()
}

fn name(version: u8) -> Vec<u8> {
    if version >= 4 {
        return localised();
    }
    let mut tag = b"desc\0\0\0\0\0\0\0\x08".to_vec();
    tag.extend_from_slice(WORDS);
    // The end of the text, then no Unicode and no Macintosh name.
    tag.extend([0; 1 + 8 + 3 + 67]);
    tag
}

fn notice(version: u8) -> Vec<u8> {
    if version >= 4 {
        return localised();
    }
    let mut tag = b"text\0\0\0\0".to_vec();
    tag.extend_from_slice(WORDS);
    tag.push(0);
    tag
}

fn localised() -> Vec<u8> {
    let mut tag = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenGB\0\0\0\x0e\0\0\0\x1c".to_vec();
    tag.extend(WORDS.iter().flat_map(|c| [0, *c]));
    tag
}

fn write(header: &[u8; HEADER], tags: &BTreeMap<[u8; 4], Vec<u8>>) -> Option<Vec<u8>> {
    let mut table = u32::try_from(tags.len()).ok()?.to_be_bytes().to_vec();
    let start = HEADER + 4 + 12 * tags.len();
    let mut data: Vec<u8> = Vec::new();
    let mut written: BTreeMap<&[u8], u32> = BTreeMap::new();
    for (name, tag) in tags {
        // Curves are often the same for all three colours, and stand there once.
        let at = match written.get(tag.as_slice()) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(start + data.len()).ok()?;
                data.extend_from_slice(tag);
                data.resize(data.len().next_multiple_of(4), 0);
                written.insert(tag, at);
                at
            }
        };
        table.extend_from_slice(name);
        table.extend(at.to_be_bytes());
        table.extend(u32::try_from(tag.len()).ok()?.to_be_bytes());
    }
    let length = u32::try_from(start + data.len()).ok()?;
    let mut profile = header.to_vec();
    profile.get_mut(..4)?.copy_from_slice(&length.to_be_bytes());
    profile.extend(table);
    profile.extend(data);
    Some(profile)
}
