//! Kinds of picture, told by their bytes.

use std::fmt;

use crate::bytes::holds;
use crate::fault::Fault;

/// A kind of picture that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

/// How far into a file a text is looked at for what it is.
const HEAD: usize = 512;
/// Brands of the ISO container that telephones save photos in.
const HEIC: [&[u8]; 8] = [
    b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1",
];

impl Kind {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// What names of such files end in, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// What `bytes` are, whatever their file is called.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Fault> {
        match bytes {
            [] => Err(Fault::Empty),
            [0xFF, 0xD8, 0xFF, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Ok(Self::WebP),
            _ => Err(Fault::NotTaken(instead(bytes))),
        }
    }

    /// Whether a file's name says something else. A name without an ending that is known says nothing.
    pub(crate) fn named(self, name: &str) -> Result<(), Fault> {
        let Some((_, ending)) = name.rsplit_once('.') else {
            return Ok(());
        };
        let ending = ending.trim().to_ascii_lowercase();
        let says = match ending.as_str() {
            "jpg" | "jpeg" | "jpe" | "jfif" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::WebP),
            // Anything else that says what the file is, and is wrong.
            "gif" | "svg" | "heic" | "heif" | "avif" | "tif" | "tiff" | "bmp" | "pdf" | "htm"
            | "html" | "zip" | "exe" | "js" | "mp4" | "mov" => None,
            _ => return Ok(()),
        };
        if says == Some(self) {
            return Ok(());
        }
        Err(Fault::Mislabelled { ending, is: self })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
        })
    }
}

/// What to do with a file that is none of the kinds taken.
fn instead(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let brands = head.get(8..64.min(head.len())).unwrap_or_default();
    let iso = head.get(4..8) == Some(b"ftyp");
    let text = head.to_ascii_lowercase();
    if bytes.starts_with(b"GIF8") {
        "This is a GIF. Open it and save it as a PNG, then send that; a moving picture is not taken."
    } else if iso && HEIC.iter().any(|b| holds(brands, b)) && !holds(brands, b"avif") {
        "This is a HEIC photo. On an iPhone choose Settings, Camera, Formats, Most Compatible; or open it and save it as a JPEG."
    } else if iso && holds(brands, b"avif") {
        "This is an AVIF picture. Open it and save it as a JPEG or PNG, then send that."
    } else if iso {
        "This is a film, not a picture. Send a picture as JPEG, PNG or WebP."
    } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        "This is a TIFF or a camera's raw file. Open it and save it as a JPEG, then send that."
    } else if bytes.starts_with(b"BM") {
        "This is a BMP picture. Open it and save it as a PNG, then send that."
    } else if bytes.starts_with(b"%PDF") {
        "This is a PDF. Save the page that you want as a PNG or JPEG, then send that."
    } else if holds(&text, b"<svg") {
        "This is an SVG drawing, which can hold programs. Export it as a PNG, then send that."
    } else {
        "This is not a picture that can be taken. Send a JPEG, PNG or WebP picture."
    }
}
