//! A file to pixels.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader};

use crate::clean::Clean;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::limits::Limits;

/// Unpacks a file that was looked at before; the decoder has the same limits once more.
pub(crate) fn unpack(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<DynamicImage, Fault> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(kind));
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.side);
    bounds.max_image_height = Some(limits.side);
    // Besides the pixels a decoder keeps what it is working on.
    bounds.max_alloc = Some(limits.memory.saturating_mul(2));
    reader.limits(bounds);
    reader
        .decode()
        .map_err(|_| Fault::Damaged("its pixels cannot be read"))
}

/// The picture as people see it, with or without transparency, eight bits a colour.
pub(crate) fn upright(picture: &Clean) -> Result<DynamicImage, Fault> {
    // What is clean was within its limits when it came in.
    let limits = Limits {
        bytes: usize::MAX,
        side: u32::MAX,
        pixels: u64::MAX,
        memory: u64::MAX / 2,
        passes: usize::MAX,
    };
    let mut image = unpack(picture.bytes(), picture.kind(), &limits)?;
    image.apply_orientation(picture.orientation());
    Ok(if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.into_rgb8())
    })
}

fn format(kind: Kind) -> ImageFormat {
    match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
    }
}
