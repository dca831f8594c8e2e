//! Pictures with planted secrets, made by hand: what cameras, editing programs and pranksters write.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::{Cursor, Write as _};

/// Planted in every place that a secret can be in; none of it may survive.
pub(crate) const SECRET: &[u8] = b"SECRET-51.5007N";

pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |n: u32| u8::try_from(n % 256).unwrap();
        Rgb([part(x * 3 + y), part(y * 5), part(x * y / 7 + 40)])
    })
}

pub(crate) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn see_through(width: u32, height: u32) -> RgbaImage {
    let photo = photo(width, height);
    RgbaImage::from_fn(width, height, |x, y| {
        let [red, green, blue] = photo.get_pixel(x, y).0;
        Rgba([red, green, blue, u8::try_from(x % 256).unwrap()])
    })
}

/// EXIF with an orientation, a maker's note and a place.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x03\0".to_vec();
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0");
    exif.extend([orientation, 0, 0, 0]);
    // Camera owner's name, then where the GPS part is.
    exif.extend(b"\x30\xA4\x02\0\x10\0\0\0\x40\0\0\0");
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x40\0\0\0");
    exif.extend([0; 4]);
    exif.resize(0x40, 0);
    exif.extend(SECRET);
    // A thumbnail.
    exif.extend([0xFF, 0xD8, 0xFF, 0xD9]);
    exif
}

pub(crate) fn xmp() -> Vec<u8> {
    [
        b"<x:xmpmeta><exif:GPSLatitude>".as_slice(),
        SECRET,
        b"</exif:GPSLatitude></x:xmpmeta>",
    ]
    .concat()
}

/// A colour profile of three colours, with a name in it and something behind a tag's end.
pub(crate) fn profile() -> Vec<u8> {
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = Vec::new();
    let mut name = b"desc\0\0\0\0\0\0\0\x10".to_vec();
    name.extend(SECRET);
    name.resize(100, 0);
    tags.push((b"desc", name));
    tags.push((
        b"cprt",
        [b"text\0\0\0\0".as_slice(), SECRET, b"\0"].concat(),
    ));
    for colour in [b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt"] {
        tags.push((
            colour,
            [
                b"XYZ \0\0\0\0\0\0\xF6\xD6\0\x01\0\0\0\0\xD3\x2D".as_slice(),
                SECRET,
            ]
            .concat(),
        ));
    }
    for curve in [b"rTRC", b"gTRC", b"bTRC"] {
        tags.push((curve, b"curv\0\0\0\0\0\0\0\x01\x02\x33".to_vec()));
    }
    tags.push((b"mkmd", [b"XXXX".as_slice(), SECRET].concat()));
    let mut table = u32::try_from(tags.len()).unwrap().to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = 132 + tags.len() * 12;
    for (name, tag) in &tags {
        table.extend(*name);
        table.extend(u32::try_from(start + data.len()).unwrap().to_be_bytes());
        table.extend(u32::try_from(tag.len()).unwrap().to_be_bytes());
        data.extend(tag);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = vec![0; 128];
    profile[8] = 2;
    profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
    profile[24..36].copy_from_slice(&SECRET[..12]);
    profile[36..40].copy_from_slice(b"acsp");
    profile[48..56].copy_from_slice(&SECRET[..8]);
    profile.extend(table);
    profile.extend(data);
    let length = u32::try_from(profile.len()).unwrap();
    profile[..4].copy_from_slice(&length.to_be_bytes());
    profile
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xFF, marker], length.to_be_bytes().as_slice(), content].concat()
}

/// A JPEG with secrets in every segment that programs write, and after its end.
pub(crate) fn jpeg(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let plain = encoded(image.clone(), ImageFormat::Jpeg);
    let of = |label: &[u8], content: &[u8]| [label, content].concat();
    let mut bytes = plain[..2].to_vec();
    bytes.extend(segment(0xE1, &of(b"Exif\0\0", &exif(orientation))));
    bytes.extend(segment(
        0xE1,
        &of(b"http://ns.adobe.com/xap/1.0/\0", &xmp()),
    ));
    bytes.extend(segment(
        0xE1,
        &of(b"http://ns.adobe.com/xmp/extension/\0", &xmp()),
    ));
    // A second EXIF, which naive programs leave in.
    bytes.extend(segment(0xE1, &of(b"Exif\0\0", &exif(1))));
    bytes.extend(segment(0xE2, &of(b"ICC_PROFILE\0\x01\x01", &profile())));
    bytes.extend(segment(0xE2, &of(b"MPF\0", SECRET)));
    bytes.extend(segment(
        0xED,
        &of(b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0F", SECRET),
    ));
    for other in [0xE3, 0xE5, 0xEB, 0xEC, 0xEF, 0xFE, 0xF7] {
        bytes.extend(segment(other, SECRET));
    }
    bytes.extend(segment(0xE0, &of(b"JFXX\0\x10", SECRET)));
    // Filling before a marker is allowed.
    bytes.extend([0xFF, 0xFF]);
    bytes.extend(&plain[2..]);
    // A second picture, and a page for a browser.
    bytes.extend(&plain);
    bytes.extend(b"<script>");
    bytes.extend(SECRET);
    bytes
}

pub(crate) fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut sum = crc32fast::Hasher::new();
    sum.update(kind);
    sum.update(content);
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [
        &length,
        kind.as_slice(),
        content,
        &sum.finalize().to_be_bytes(),
    ]
    .concat()
}

pub(crate) fn packed(content: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::none());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

/// A PNG with secrets in every chunk that programs write, behind its pixels and after its end.
pub(crate) fn png(image: impl Into<DynamicImage>, orientation: u8) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Png);
    let head = 8 + 25;
    let end = plain.len() - 12;
    let mut bytes = plain[..head].to_vec();
    bytes.extend(chunk(
        b"iCCP",
        &[SECRET, b"\0\0", &packed(&profile())].concat(),
    ));
    bytes.extend(chunk(b"eXIf", &exif(orientation)));
    bytes.extend(chunk(b"tEXt", &[b"Comment\0", SECRET].concat()));
    bytes.extend(chunk(
        b"zTXt",
        &[b"Comment\0\0".as_slice(), &packed(SECRET)].concat(),
    ));
    bytes.extend(chunk(
        b"iTXt",
        &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), &xmp()].concat(),
    ));
    bytes.extend(chunk(b"tIME", &SECRET[..7]));
    bytes.extend(chunk(b"prVt", SECRET));
    bytes.extend(chunk(b"sRGB", SECRET));
    bytes.extend(&plain[head..end]);
    bytes.extend(chunk(b"IDAT", SECRET));
    bytes.extend(&plain[end..]);
    bytes.extend(b"PK\x03\x04");
    bytes.extend(SECRET);
    bytes
}

fn part(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let mut part = [kind.as_slice(), &length, content].concat();
    part.resize(part.len().next_multiple_of(2), 0);
    part
}

/// A WebP with secrets in every chunk that programs write, and after its end.
pub(crate) fn webp(image: impl Into<DynamicImage>, orientation: u8) -> Vec<u8> {
    let image = image.into();
    let (width, height) = (image.width(), image.height());
    let layered = image.color().has_alpha();
    let plain = encoded(image, ImageFormat::WebP);
    let mut head = vec![if layered { 0x3C } else { 0x2C }, 0, 0, 0];
    for side in [width, height] {
        head.extend(&(side - 1).to_le_bytes()[..3]);
    }
    let mut content = b"WEBP".to_vec();
    content.extend(part(b"VP8X", &head));
    content.extend(part(b"ICCP", &profile()));
    content.extend(&plain[12..]);
    content.extend(part(b"EXIF", &exif(orientation)));
    content.extend(part(b"XMP ", &xmp()));
    content.extend(part(b"note", SECRET));
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, &content, SECRET].concat()
}

/// A file that says that it has so many pixels, and has none.
pub(crate) fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 6, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(chunk(b"IHDR", &head));
    bytes.extend(chunk(b"IDAT", &packed(&[0; 64])));
    bytes.extend(chunk(b"IEND", &[]));
    bytes
}

pub(crate) fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|w| w == needle)
}
