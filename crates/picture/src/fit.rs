//! A picture to a platform's size, and to a size for looking at.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder as _, RgbImage};

use crate::clean::{Clean, space};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::pixels::upright;

/// How well a JPEG is kept, best first; worse shows, so the picture is made smaller instead.
const QUALITIES: [u8; 4] = [90, 84, 78, 70];
/// How often a picture is made smaller before it is given up.
const SMALLER: usize = 12;
const SMALLER_BY: f64 = 0.8;
/// For pictures that are only looked at here.
const PREVIEW: u8 = 80;

/// What a platform takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Bytes of the file.
    pub bytes: usize,
    /// Pixels of the longer side.
    pub side: u32,
    /// Pixels in all.
    pub pixels: u64,
}

/// A file that a platform takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its kind.
    pub kind: Kind,
    /// How wide it is, upright.
    pub width: u32,
    /// How high it is, upright.
    pub height: u32,
}

/// Brings a picture to what a platform takes: as it is where it fits, otherwise upright, smaller, and last as a JPEG of less
/// quality. A drawing stays a PNG where that fits.
///
/// # Errors
/// Where nothing of it fits.
pub fn fit(picture: &Clean, target: &Target) -> Result<Fitted, Fault> {
    let (width, height) = (picture.width(), picture.height());
    let mut scale = room(width, height, target);
    if scale >= 1.0 && picture.is_upright() && picture.bytes().len() <= target.bytes {
        return Ok(Fitted {
            bytes: picture.bytes().to_vec(),
            kind: picture.kind(),
            width,
            height,
        });
    }
    let image = upright(picture)?;
    let profile = picture.profile();
    for _ in 0..SMALLER {
        let sized = resized(&image, scale);
        let done = |bytes, kind| Fitted {
            bytes,
            kind,
            width: sized.width(),
            height: sized.height(),
        };
        if picture.kind() == Kind::Png || sized.color().has_alpha() {
            let bytes = png(&sized, profile)?;
            if bytes.len() <= target.bytes {
                return Ok(done(bytes, Kind::Png));
            }
        }
        let flat = flat(&sized);
        for quality in QUALITIES {
            let bytes = jpeg(&flat, quality, profile)?;
            if bytes.len() <= target.bytes {
                return Ok(done(bytes, Kind::Jpeg));
            }
        }
        scale *= SMALLER_BY;
    }
    Err(Fault::DoesNotFit)
}

/// The picture upright and small, as a JPEG, for looking at.
///
/// # Errors
/// Where its pixels cannot be read.
pub fn preview(picture: &Clean, side: u32) -> Result<Fitted, Fault> {
    let image = upright(picture)?;
    let target = Target {
        bytes: usize::MAX,
        side,
        pixels: u64::MAX,
    };
    let scale = room(image.width(), image.height(), &target);
    let small = flat(&resized(&image, scale));
    Ok(Fitted {
        bytes: jpeg(&small, PREVIEW, picture.profile())?,
        kind: Kind::Jpeg,
        width: small.width(),
        height: small.height(),
    })
}

/// The picture again after it was changed, in the kind that keeps it best.
pub(crate) fn again(
    image: &DynamicImage,
    kind: Kind,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>, Fault> {
    if kind == Kind::Png || image.color().has_alpha() {
        return png(image, profile);
    }
    jpeg(&flat(image), 92, profile)
}

/// By how much a picture of this size must shrink; 1 where it need not.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of pictures are far below 2^52"
)]
fn room(width: u32, height: u32, target: &Target) -> f64 {
    let by_side = f64::from(target.side) / f64::from(width.max(height).max(1));
    let all = f64::from(width.max(1)) * f64::from(height.max(1));
    by_side.min((target.pixels as f64 / all).sqrt()).min(1.0)
}

pub(crate) fn resized(image: &DynamicImage, scale: f64) -> DynamicImage {
    if scale >= 1.0 {
        return image.clone();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between one and the side"
    )]
    let side = |side: u32| (f64::from(side) * scale).floor().max(1.0) as u32;
    image.resize_exact(
        side(image.width()),
        side(image.height()),
        FilterType::Lanczos3,
    )
}

/// Without transparency: on white.
fn flat(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let layered = image.to_rgba8();
    let mut flat = RgbImage::new(image.width(), image.height());
    for (to, from) in flat.pixels_mut().zip(layered.pixels()) {
        let [red, green, blue, alpha] = from.0;
        to.0 = [red, green, blue].map(|c| on_white(c, alpha));
    }
    flat
}

fn on_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    let mixed = (colour * alpha + 255 * (255 - alpha)) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

/// A profile of three colours describes what is written here; another described the file before it was unpacked.
fn fitting(profile: Option<&[u8]>) -> Option<Vec<u8>> {
    profile
        .filter(|p| space(p) == Some(b"RGB "))
        .map(<[u8]>::to_vec)
}

fn jpeg(image: &RgbImage, quality: u8, profile: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = fitting(profile) {
        encoder
            .set_icc_profile(profile)
            .map_err(|_| Fault::DoesNotFit)?;
    }
    encoder.encode_image(image).map_err(|_| Fault::DoesNotFit)?;
    Ok(bytes)
}

fn png(image: &DynamicImage, profile: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = fitting(profile) {
        encoder
            .set_icc_profile(profile)
            .map_err(|_| Fault::DoesNotFit)?;
    }
    image
        .write_with_encoder(encoder)
        .map_err(|_| Fault::DoesNotFit)?;
    Ok(bytes)
}
